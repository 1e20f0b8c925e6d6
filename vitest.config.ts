import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Everything that works on a database of its own; with `slow` and `browser` what `npm run check` leaves out. */
const database = [
  ...["cli", "client", "engine", "http", "program", "queue", "worker"].map((room) => `test/${room}/**/*.test.ts`),
  "test/postgres/*.test.ts",
];

/** Suites that start many processes or take minutes. */
const slow = [
  "test/chaos/**/*.test.ts",
  "test/embedded/*.test.ts",
  "test/formats/hostile.test.ts",
  "test/linear/**/*.test.ts",
];

/** The packages as they are published, in applications of their own. */
const published = ["test/package/**/*.test.ts"];

/** The page in a real browser. */
const browser = ["test/browser/**/*.test.ts"];

export default defineConfig({
  test: {
    // What hangs ends; how fast a machine is decides nothing.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // The processes that tests start need not compile Sluice each time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)) },
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...database, ...slow, ...published, ...browser],
          globalSetup: ["test/database-server.ts"],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: database,
          globalSetup: ["test/database-server.ts"],
          // They wait for Postgres more than they think.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: slow,
          globalSetup: ["test/database-server.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: published,
          globalSetup: ["test/database-server.ts", "test/package/pack-once.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          globalSetup: ["test/database-server.ts", "test/browser/build-page.ts"],
          testTimeout: 420_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
