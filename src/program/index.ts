/** The face for servers and programs, `sluice/server`: the API mounted, a file imported, a worker run. */
export { type ErrorCode, SluiceError } from "../core/errors.ts";
export type { PushQueue, QueueOpener, Task } from "../core/queue.ts";
export type { Sink, SinkMessage, Topic } from "../core/sink.ts";
export type { Authenticate } from "../http/auth/authenticate.ts";
export { type JwtOptions, jwtVerifier } from "../http/auth/jwt.ts";
export type { Logger } from "../log.ts";
export { createApp, type MountedApp, type RouteHandler } from "../server/mount.ts";
export type { MountEvent, MountOptions } from "../server/mount-options.ts";
export type { ImportChoices, ImportedFile } from "./choices.ts";
export { type ImportFileOptions, type ImportProgress, type ImportReport, importFile } from "./import-file.ts";
export type { PoolLike, ProgramOptions } from "./options.ts";
export { createWorker, type ProgramWorker, type WorkedImport, type WorkerOptions } from "./worker.ts";
