import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { triesAll } from "./test/sampled.ts";

/** Everything that works on a database of its own; with `slow` and `browser` what `npm run check` leaves out. */
const database = [
  ...["cli", "client", "engine", "http", "notify", "program", "queue", "sources", "worker"].map(
    (room) => `test/${room}/**/*.test.ts`,
  ),
  "test/postgres/*.test.ts",
  "test/importers/{catalog,yearwheel}/*.test.ts",
  "test/config.test.ts",
  "test/files/{disk,open-files}.test.ts",
];

/** Suites that start many processes or take minutes. */
const slow = [
  "test/chaos/**/*.test.ts",
  "test/embedded/*.test.ts",
  "test/formats/hostile.test.ts",
  "test/linear/**/*.test.ts",
];

/**
 * What takes minutes, for its large inputs, long waits or many processes, and is left to `npm run test:all`, which also tries every moment
 * of those that are sampled.
 */
const thorough = [
  "test/chaos/{database-away,fleet,poisoned,served,server-workers,shipped}.test.ts",
  "test/embedded/folders.test.ts",
  "test/engine/{dry-run-exact,merge,often-shared,statistics,statistics-links,statistics-review}.test.ts",
  "test/engine/records/one-by-one.test.ts",
  "test/formats/hostile.test.ts",
  "test/http/{black-hole,large-items}.test.ts",
  "test/linear/**/*.test.ts",
  "test/notify/rebuild.test.ts",
  "test/program/stuck-validator.test.ts",
  "test/worker/stuck.test.ts",
];
const leftOut = triesAll ? [] : thorough;

/** The packages as they are published, in applications of their own. */
const published = ["test/package/**/*.test.ts"];

/** The page in a real browser. */
const browser = ["test/browser/**/*.test.ts"];

/** The files that take minutes come first, so that none of them is alone at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ project }: TestSpecification): boolean => ["slow", "package"].includes(project.name);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** The files of a worker share its modules: to load them for each file is a third of what the tests of the API cost. */
const isolate = false;

/** Suites that wait for Postgres and for processes more than they think: they run together. */
const together = 4;

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // What a file changes of a worker ends with it.
    setupFiles: ["test/kept-globals.ts"],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // What hangs ends; how fast a machine is decides nothing.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: {
      // The processes that tests start need not compile Sluice each time.
      NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)),
      // Mounts in tests have workers of their own; those that have none say so.
      SLUICE_QUEUE: "pg-boss",
    },
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...database, ...slow, ...published, ...browser],
          isolate,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: database,
          exclude: leftOut,
          isolate,
          globalSetup: ["test/database-server.ts"],
          maxWorkers: together,
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: slow,
          exclude: leftOut,
          globalSetup: ["test/database-server.ts"],
          maxWorkers: together,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: published,
          globalSetup: ["test/database-server.ts", "test/package/pack-once.ts"],
          maxWorkers: together,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          isolate,
          globalSetup: ["test/database-server.ts", "test/browser/build-page.ts"],
          setupFiles: ["test/browser/compiled-threads.ts"],
          // A machine that others load too starves a browser at times. The report says which test took a second try; a fault fails both.
          retry: 1,
          // Browsers need the processor for themselves.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
    ],
  },
});
