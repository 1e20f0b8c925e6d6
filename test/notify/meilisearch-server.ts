/**
 * Meilisearch's documented contract over real HTTP, as far as a sink meets it: what changes an index is a task, worked on later and in
 * turn, that succeeds or fails as a whole. https://www.meilisearch.com/docs/learn/async/asynchronous_operations
 */
import { type Answer, type Asked, type SearchServer, startSearchServer } from "./search-server.ts";

interface Index {
  documents: Map<string, Record<string, unknown>>;
  settings: object;
}

interface Failure {
  message: string;
  code: string;
  type: string;
}

interface Task {
  uid: number;
  type: string;
  status: "enqueued" | "succeeded" | "failed";
  error: Failure | null;
  details: object;
  run: () => void;
}

export interface MeilisearchServer extends SearchServer {
  apiKey: string;
  indexes: Map<string, Index>;
  tasks: Task[];
  /** Tasks are worked on when they are asked about, unless this says that they stay where they are. */
  isBusy: boolean;
  /** Forgets its tasks, as one that is set up anew. */
  forget(): void;
  /** What a search in the index would find, by ids. */
  holds(index: string): Record<string, unknown>[];
}

const failure = (message: string, code: string, type = "invalid_request"): Failure => ({ message, code, type });

export async function startMeilisearch(): Promise<MeilisearchServer> {
  const apiKey = "masterKey";
  const indexes = new Map<string, Index>();
  const tasks: Task[] = [];
  const noIndex = (uid: string): Failure => failure(`Index \`${uid}\` not found.`, "index_not_found");

  const enqueue = (type: string, run: () => void, details: object = {}): Answer => {
    const task: Task = { uid: tasks.length, type, status: "enqueued", error: null, details, run };
    tasks.push(task);
    return { status: 202, body: { taskUid: task.uid, type, status: "enqueued" } };
  };
  const workOn = (): void => {
    for (const task of tasks) {
      if (task.status !== "enqueued" || made.isBusy) continue;
      try {
        task.run();
        task.status = "succeeded";
      } catch (error) {
        task.status = "failed";
        task.error = error as Failure;
      }
    }
  };
  const shown = ({ run: _, ...task }: Task): object => task;

  function answer({ method, path, query, headers, body }: Asked): Answer {
    if (headers.authorization !== `Bearer ${apiKey}`)
      return { status: 403, body: failure("The provided API key is invalid.", "invalid_api_key", "auth") };
    const [, root, uid, what, how] = path.split("/");
    if (root === "tasks") {
      workOn();
      if (uid === undefined) {
        const of = tasks.filter(({ type }) => type === query.get("types"));
        return { status: 200, body: { results: of.toReversed().map(shown) } };
      }
      const task = tasks.find((each) => String(each.uid) === uid);
      if (task === undefined) return { status: 404, body: failure(`Task \`${uid}\` not found.`, "task_not_found") };
      return { status: 200, body: shown(task) };
    }
    if (root === "swap-indexes") {
      const swaps = JSON.parse(body) as { indexes: [string, string] }[];
      const run = (): void => {
        for (const { indexes: pair } of swaps) {
          const [a, b] = pair.map((each) => {
            const index = indexes.get(each);
            if (index === undefined) throw noIndex(each);
            return index;
          });
          indexes.set(pair[0], b);
          indexes.set(pair[1], a);
        }
      };
      return enqueue("indexSwap", run, { swaps });
    }
    if (root !== "indexes") return { status: 404, body: "" };
    if (uid === undefined) {
      const { uid: made } = JSON.parse(body);
      return enqueue("indexCreation", () => {
        if (indexes.has(made)) throw failure(`Index \`${made}\` already exists.`, "index_already_exists");
        indexes.set(made, { documents: new Map(), settings: {} });
      });
    }
    const index = indexes.get(uid);
    if (what === "settings" && method === "GET")
      return index === undefined ? { status: 404, body: noIndex(uid) } : { status: 200, body: index.settings };
    if (what === "settings")
      return enqueue("settingsUpdate", () => Object.assign(indexes.get(uid)?.settings ?? {}, JSON.parse(body)));
    if (what === undefined && method === "DELETE")
      return enqueue("indexDeletion", () => {
        if (!indexes.delete(uid)) throw noIndex(uid);
      });
    if (what === "documents" && how === "delete-batch")
      return enqueue("documentDeletion", () => {
        const of = indexes.get(uid);
        if (of === undefined) throw noIndex(uid);
        for (const id of JSON.parse(body)) of.documents.delete(String(id));
      });
    if (what === "documents") {
      const given = body.split("\n").map((line) => JSON.parse(line));
      return enqueue("documentAdditionOrUpdate", () => {
        const of = indexes.get(uid) ?? { documents: new Map(), settings: {} };
        // One that is wrong fails them all.
        for (const document of given)
          if (!/^[\w-]{1,511}$/.test(document.id))
            throw failure(`Document identifier \`"${document.id}"\` is invalid.`, "invalid_document_id");
        for (const document of given)
          of.documents.set(
            document.id,
            method === "PUT" ? { ...of.documents.get(document.id), ...document } : document,
          );
        indexes.set(uid, of);
      });
    }
    return { status: 404, body: "" };
  }

  const made: MeilisearchServer = Object.assign(await startSearchServer(answer), {
    apiKey,
    indexes,
    tasks,
    isBusy: false,
    forget: () => void tasks.splice(0),
    holds: (uid: string) =>
      [...(indexes.get(uid)?.documents.values() ?? [])].sort((a, b) => Number(a.id) - Number(b.id)),
  });
  return made;
}
