import { defineConfig } from "vitest/config";

/** Suites that start many processes or take minutes; `npm run check` leaves them out. */
const slow = [
  "test/chaos/**/*.test.ts",
  "test/package/**/*.test.ts",
  "test/postgres/embedded/*.test.ts",
  "test/formats/hostile.test.ts",
];

/** The page in a real browser. */
const browser = ["test/browser/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...slow, ...browser],
          globalSetup: ["test/database-server.ts"],
          // Most of them wait for Postgres more than they think.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: slow,
          globalSetup: ["test/database-server.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          globalSetup: ["test/database-server.ts", "test/browser/build-page.ts"],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
