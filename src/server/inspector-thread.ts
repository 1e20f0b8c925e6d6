/** The thread in which a server looks at files: answers one request after the other, in whatever order they are done. */
import { parentPort, workerData } from "node:worker_threads";
import { type Telling, toSluiceError } from "../core/errors.ts";
import { type Inspector, inspector } from "../engine/inspector.ts";
import { type FilesConfig, openFiles } from "../files/open-files.ts";
import { formats } from "../formats/formats.ts";
import { type Piece, takeApart } from "./in-pieces.ts";

export interface LookThreadData {
  files: FilesConfig;
}

/** To the thread: a look to take, one of which more is wanted, or one that nobody waits for any more. */
export type ToInspectorThread =
  | { id: number; look: keyof Inspector; args: unknown[] }
  | { more: number }
  | { abort: number };
/** From the thread: what was found, which may be the first of several pieces, each of the others, or why nothing was. */
export type FromLookThread = { id: number } & (
  | { found: unknown; pieces: number }
  | { piece: Piece }
  | { code: string; message: string; told?: Telling }
);

// The thread is bundled as a script, which has no await at its top.
const opening = openFiles((workerData as LookThreadData).files).then((files) => inspector({ files, format: formats }));
// Whoever asks is told.
opening.catch(() => {});
const underWay = new Map<number, AbortController>();
/** What is left to tell. */
const untold = new Map<number, Piece[]>();

parentPort?.on("message", (message: ToInspectorThread) => {
  if ("abort" in message) {
    underWay.get(message.abort)?.abort();
    untold.delete(message.abort);
  } else if ("more" in message) tellMore(message.more);
  else void answer(message.id, message.look, message.args);
});

async function answer(id: number, name: keyof Inspector, args: unknown[]): Promise<void> {
  const stopping = new AbortController();
  underWay.set(id, stopping);
  try {
    const look = await opening;
    const take = look[name] as (...all: unknown[]) => Promise<unknown>;
    const { shell, pieces } = takeApart(await take(...args, stopping.signal));
    if (pieces.length > 0) untold.set(id, pieces);
    tell({ id, found: shell, pieces: pieces.length });
  } catch (error) {
    const { code, message, told } = toSluiceError(error);
    tell({ id, code, message, told });
  } finally {
    underWay.delete(id);
  }
}

function tellMore(id: number): void {
  const piece = untold.get(id)?.shift();
  if (piece === undefined) return;
  if (untold.get(id)?.length === 0) untold.delete(id);
  tell({ id, piece });
}

function tell(answer: FromLookThread): void {
  parentPort?.postMessage(answer);
}
