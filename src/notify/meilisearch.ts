/**
 * Meilisearch as a sink, by its HTTP interface. It takes documents in as a task, and says later what became of it: the delivery asks,
 * and goes on when the task has succeeded. A task fails as a whole, so that a document at fault is found by halves.
 *
 * https://www.meilisearch.com/docs/learn/async/asynchronous_operations
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../core/errors.ts";
import { type Applied, type RecordSink, type RecordSource, SinkFull, SinkUnavailable } from "../core/record-sink.ts";

export interface MeilisearchOptions extends RecordSource {
  /** Default: `<importer>-meilisearch`. */
  name?: string | undefined;
  /** Where the server is, such as `http://localhost:7700`. */
  url: string;
  /** A key with the actions `documents.*` and `tasks.get`; to rebuild, `indexes.*` and `settings.*` as well. */
  apiKey?: string | undefined;
  /** The index; it is made by the first documents where it is not there. */
  index: string;
  /** Settings that a rebuild gives the new index. Default: those of the index in use. */
  settings?: Readonly<Record<string, unknown>> | undefined;
  /** `replace` (default): the document replaces the one of its id. `update`: its fields do, and others stay. */
  action?: "replace" | "update" | undefined;
  /** Documents and bytes of one request. Default 1000 and 4 MB. */
  limits?: RecordSink["limits"];
}

interface Task {
  uid: number;
  status: "enqueued" | "processing" | "succeeded" | "failed" | "canceled";
  error: { message: string; code: string; type: string } | null;
  details?: { swaps?: { indexes: string[] }[] };
}

/** An answer that is no success. */
class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  constructor(message: string, code: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Keeps a Meilisearch index up to date with an importer's records. Ids are numbers, or letters, digits, `-` and `_`.
 *
 * @example
 * afterCommit: [meilisearch({ url: "http://localhost:7700", apiKey, index: "products" })]
 * @throws SluiceError `invalid` for options that cannot be
 */
export function meilisearch(options: MeilisearchOptions): RecordSink {
  const { name, record, select, document, limits, index: inUse, action = "replace", settings } = options;
  const request = requester(options);
  const task = async (uid: string, signal: AbortSignal): Promise<Task> =>
    (await request("GET", `/tasks/${uid}`, signal)) as unknown as Task;
  /** Steps of a rebuild are short tasks: each is waited for. */
  const done = async (answer: Record<string, unknown>, signal: AbortSignal): Promise<Task> => {
    for (let waitMs = 20; ; waitMs = Math.min(1000, 2 * waitMs)) {
      const state = await task(String(answer.taskUid), signal);
      if (state.status === "succeeded") return state;
      if (state.status === "failed" || state.status === "canceled") throw failureOf(state);
      await sleep(waitMs, undefined, { signal });
    }
  };
  const gone = (error: unknown): null => {
    if (error instanceof Refusal && error.code === "index_not_found") return null;
    throw error;
  };
  const at = (index: string): string => `/indexes/${encodeURIComponent(index)}`;
  const makeIndex = async (uid: string, signal: AbortSignal): Promise<void> => {
    await done(await request("POST", "/indexes", signal, { uid, primaryKey: "id" }), signal).catch((error) => {
      if (!(error instanceof Refusal && error.code === "index_already_exists")) throw error;
    });
  };
  return {
    ...{ name, record, select, document, limits, kind: "meilisearch" },
    async apply({ put, remove }, { index, signal }): Promise<Applied> {
      const documents = `${at(index ?? inUse)}/documents`;
      const tasks: unknown[] = [];
      if (put.length > 0) {
        const lines = put.map(({ json }) => json).join("\n");
        const method = action === "replace" ? "POST" : "PUT";
        tasks.push((await request(method, `${documents}?primaryKey=id`, signal, lines)).taskUid);
      }
      if (remove.length > 0) tasks.push((await request("POST", `${documents}/delete-batch`, signal, remove)).taskUid);
      return { kind: "pending", ticket: tasks.join(",") };
    },
    async settled(ticket, { signal }) {
      for (const uid of ticket.split(",")) {
        const { status, error } = await task(uid, signal).catch((refused: unknown): Partial<Task> => {
          // A server that was set up anew, or has forgotten its old tasks.
          if (refused instanceof Refusal && refused.code === "task_not_found") return { status: "canceled" };
          throw refused;
        });
        if (status === "enqueued" || status === "processing") return { kind: "pending", ticket };
        if (status === "canceled") return { kind: "unknown" };
        // Nothing to remove from an index that is not there.
        if (status === "failed" && error?.code !== "index_not_found") return refusalOf(error ?? null);
      }
      return { kind: "applied", refused: [] };
    },
    rebuild: {
      base: inUse,
      async begin(index, { signal }) {
        await makeIndex(index, signal);
        const own = settings ?? (await request("GET", `${at(inUse)}/settings`, signal).catch(gone));
        if (own !== null) await done(await request("PATCH", `${at(index)}/settings`, signal, own), signal);
        // After the swap, that name has what was in use.
        return { drops: index };
      },
      async swap(index, { signal }) {
        // A swap that is asked for twice is none: one that a crash has kept from being noted is found by its task.
        const { results } = await request("GET", "/tasks?types=indexSwap&limit=100", signal);
        const before = (results as Task[]).find(
          ({ status, details }) =>
            status !== "failed" &&
            status !== "canceled" &&
            details?.swaps?.some(({ indexes }) => indexes.includes(index)),
        );
        if (before !== undefined) return void (await done({ taskUid: before.uid }, signal));
        await makeIndex(inUse, signal);
        await done(await request("POST", "/swap-indexes", signal, [{ indexes: [inUse, index] }]), signal);
      },
      async drop(index, { signal }) {
        await request("DELETE", at(index), signal)
          .then((answer) => done(answer, signal))
          .catch(gone);
      },
    },
  };
}

type Ask = (
  method: string,
  path: string,
  signal: AbortSignal,
  body?: string | object,
) => Promise<Record<string, unknown>>;

/** @throws SluiceError `invalid` for options that cannot be */
function requester({ url, apiKey, index }: MeilisearchOptions): Ask {
  if (!URL.canParse(url))
    throw new SluiceError("invalid", `meilisearch(): \`url\` is "${url}": write http://host:7700.`);
  if (typeof index !== "string" || !/^[\w-]{1,400}$/.test(index))
    throw new SluiceError("invalid", "meilisearch(): `index` must be letters, digits, - and _.");
  const base = url.replace(/\/+$/, "");
  return async (method, path, signal, body) => {
    const headers = {
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(body !== undefined && {
        "content-type": typeof body === "string" ? "application/x-ndjson" : "application/json",
      }),
    };
    const init = { method, headers, signal, body: typeof body === "object" ? JSON.stringify(body) : body };
    const answer = await fetch(base + path, init).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new SinkUnavailable(`Meilisearch cannot be reached: ${messageOf(cause)}`, { cause });
    });
    const text = await answer.text();
    const said = jsonOf(text);
    if (answer.ok && said !== null) return said;
    const { message = text.slice(0, 500), code = "" } = (said ?? {}) as { message?: string; code?: string };
    throw failure(String(message), String(code), answer.status);
  };
}

/** What an answer that is no success comes to. */
function failure(message: string, code: string, status: number): Error {
  if (isFull(code) || status === 507) return new SinkFull(message);
  if (status === 401 || status === 403)
    return new SinkUnavailable(
      `Meilisearch refuses the API key (${status}): ${message} Correct \`apiKey\`; it is tried again.`,
    );
  if (status >= 500 || status === 408 || status === 429 || status < 400)
    return new SinkUnavailable(`Meilisearch answered ${status}: ${message}`);
  return new Refusal(message, code, status);
}

function isFull(code: string): boolean {
  return code === "no_space_left_on_device" || code === "database_size_limit_reached";
}

/** Of a task of documents: its own fault, or that of one of its documents. */
function refusalOf(error: Task["error"]): Applied {
  const { message, code, type } = error ?? { message: "The task failed.", code: "", type: "" };
  if (isFull(code)) throw new SinkFull(message);
  if (type === "invalid_request") return { kind: "refused", reason: message };
  throw new SinkUnavailable(message);
}

function failureOf({ error }: Task): Error {
  const { message, code } = error ?? { message: "The task was cancelled.", code: "" };
  return isFull(code) ? new SinkFull(message) : new Refusal(message, code, 400);
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** fetch() says why in its cause. */
function messageOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
