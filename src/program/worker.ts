/** `createWorker()`: what `sluice work` does, in a program of one's own, which hears what becomes of each import. */
import { SluiceError } from "../core/errors.ts";
import type { Counts, ImportJob, Status } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { EngineEvent } from "../core/ports.ts";
import { checkFunctions } from "../server/mount-options.ts";
import { checkProgram, type OpenProgram, openProgram, type ProgramOptions } from "./options.ts";

/** An import, as a worker's callbacks get it. */
export interface WorkedImport {
  id: number;
  importer: string;
  fileName: string;
  status: Status;
  /** The id of who made it. */
  user: string | null;
  context: Record<string, string>;
  rows: number;
  counts: Counts;
  /** Why it failed or is paused. */
  errorMessage: string | null;
  /** A CSV file with the rejected rows; null where there are none. */
  rejectedRowsFile: string | null;
}

export interface WorkerOptions extends ProgramOptions {
  /** The same list as the server's. */
  importers: readonly Importer[];
  /** Every row is read: it waits for a person to review and commit it. */
  onReady?: (run: WorkedImport) => unknown;
  /** It is through. */
  onCompleted?: (run: WorkedImport) => unknown;
  /** It failed for good. */
  onFailed?: (run: WorkedImport) => unknown;
  /** The database refuses too many of its rows: it waits for a person. */
  onPaused?: (run: WorkedImport) => unknown;
}

export interface ProgramWorker {
  /**
   * Works until `close()`, or until `signal` aborts; then it hands its imports on, and resolves.
   *
   * @throws SluiceError `unavailable` when the database cannot be reached at the start.
   */
  run(signal?: AbortSignal): Promise<void>;
  /**
   * Instead of `run()`, where QStash or another queue calls by HTTP: works on the task in the request, for `workSeconds` or nine tenths
   * of `maxDurationSeconds` at most, and answers the queue's provider.
   */
  receive(request: Request): Promise<Response>;
  /** Resolves when `run()` has, and every request is answered. */
  close(): Promise<void>;
}

const hooks = {
  "parse.finished": ["onReady", ["ready"]],
  "import.completed": ["onCompleted", ["completed"]],
  "import.failed": ["onFailed", ["failed"]],
  "import.paused": ["onPaused", ["paused"]],
} as const satisfies Partial<Record<EngineEvent["name"], readonly [keyof WorkerOptions, readonly Status[]]>>;

/**
 * A worker in this process. Its callbacks are called once, by the worker that finished the step; one that dies at that very
 * moment calls none, so what must not be missed is asked of `GET /imports`. What a callback throws is an event, `worker.failed`, and
 * changes nothing about the import.
 *
 * @throws SluiceError `invalid` at once for an option that is not there, and where no database is named.
 * @example
 * const worker = createWorker({ ...config, onCompleted: async ({ user, counts }) => mail(user, counts) });
 * process.once("SIGTERM", () => worker.close());
 * await worker.run();
 */
export function createWorker(options: WorkerOptions): ProgramWorker {
  const names = Object.values(hooks).map(([name]) => name);
  checkProgram("createWorker", options, ["importers", ...names]);
  checkFunctions("createWorker", Object.fromEntries(names.map((name) => [name, options[name]])));
  const closing = new AbortController();
  let running: Promise<void> | null = null;
  let called: Promise<OpenWorker> | null = null;
  return {
    run(signal) {
      if (running !== null)
        throw new SluiceError("conflict", "This worker runs already. Make another with createWorker().");
      const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      running = work(options, stop);
      return running;
    },
    async receive(request) {
      const begun = performance.now();
      const opening = (called ??= open(options, closing.signal, { isCalled: true }));
      const { app } = await opening.catch((error: unknown) => {
        // The next request tries again.
        called = null;
        throw error;
      });
      return app.receive(request, performance.now() - begun);
    },
    async close() {
      closing.abort(new Error("the worker is closed"));
      await running?.catch(() => {});
      await (await called?.catch(() => null))?.close();
    },
  };
}

async function work(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { app, close } = await open(options, signal);
  try {
    await app.work(signal);
  } finally {
    await close();
  }
}

interface OpenWorker {
  app: OpenProgram["app"];
  /** When every callback has returned. */
  close(): Promise<void>;
}

async function open(
  options: WorkerOptions,
  signal: AbortSignal,
  { isCalled = false }: { isCalled?: boolean } = {},
): Promise<OpenWorker> {
  const { importers, onReady, onCompleted, onFailed, onPaused, ...program } = options;
  const called = { onReady, onCompleted, onFailed, onPaused };
  const underWay = new Set<Promise<void>>();
  let opened: OpenProgram | null = null;
  const listen = (event: EngineEvent): void => {
    const [name, statuses] = hooks[event.name as keyof typeof hooks] ?? [];
    const call = name === undefined ? undefined : called[name];
    if (call === undefined || opened === null || !("jobId" in event)) return;
    const { app, tell } = opened;
    const { jobId } = event;
    const telling = (async () => {
      const job = await app.engine.imports.get(jobId);
      if (!(statuses as readonly Status[]).includes(job.status) || job.dryRun) return;
      await call(await workedImport(app.engine, job));
    })()
      .catch((error: unknown) => tell({ name: "worker.failed", jobId, reason: `${name}: ${(error as Error).message}` }))
      .finally(() => underWay.delete(telling));
    underWay.add(telling);
  };
  const listener = { as: "createWorker", hear: listen };
  opened = await openProgram("createWorker", program, importers, "worker", listener, signal, isCalled);
  const { app } = opened;
  return {
    app,
    async close() {
      await Promise.all(underWay);
      await app.close();
    },
  };
}

async function workedImport({ imports }: OpenProgram["app"]["engine"], job: ImportJob): Promise<WorkedImport> {
  const { id, importer, fileName, status, context, totalRows, errorMessage } = job;
  return {
    ...{ id, importer, fileName, status, context, errorMessage },
    user: job.createdBy,
    rows: totalRows,
    counts: await imports.counts(id),
    rejectedRowsFile: job.rejectedRowsPath,
  };
}
