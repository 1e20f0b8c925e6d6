/**
 * Typesense as a sink: a collection behind an alias, kept up to date by `documents/import` through the official client, which is
 * loaded when it is used. What it answers to each line is read, for the answer is 200 even when every line has failed.
 *
 * https://typesense.org/docs/30.1/api/documents.html#index-multiple-documents
 */
import { SluiceError } from "../core/errors.ts";
import { optionalPackage } from "../core/optional-package.ts";
import {
  type Applied,
  type RecordSink,
  type RecordSource,
  type RefusedDocument,
  type SinkBatch,
  SinkFull,
  SinkUnavailable,
} from "../core/record-sink.ts";

/** How a collection is made, as Typesense has it; its name is the sink's business. */
export interface TypesenseSchema {
  fields: readonly { name: string; type: string; [option: string]: unknown }[];
  [option: string]: unknown;
}

export interface TypesenseOptions extends RecordSource {
  /** Default: `<importer>-typesense`. */
  name?: string | undefined;
  /** Where the server is, such as `http://localhost:8108`; several: a cluster's nodes. */
  url: string | readonly string[];
  /** A key that may write documents; to make collections and to rebuild, one that may do that as well. */
  apiKey: string;
  /** What searches ask for: the name of an alias, or of a collection of your own. */
  collection: string;
  /**
   * Of collections that are made: the first one, and one for each rebuild. Default: that of the collection in use; for the first
   * one, fields found by their values.
   */
  schema?: TypesenseSchema | undefined;
  /** `upsert` (default): the document replaces the one of its id. `emplace`: its fields do, and others stay. */
  action?: "upsert" | "emplace" | undefined;
  /** What becomes of a value of another type than its field's. Default `coerce_or_reject`. */
  dirtyValues?: "coerce_or_reject" | "coerce_or_drop" | "drop" | "reject" | undefined;
  /** Documents and bytes of one request. Default 1000 and 4 MB. */
  limits?: RecordSink["limits"];
  /** After which a request is given up, in seconds. Default 50. */
  timeoutSeconds?: number | undefined;
}

/** As much of the client as is used here, which has types of its own. */
interface Client {
  collections(name: string): {
    retrieve(): Promise<Record<string, unknown>>;
    delete(): Promise<unknown>;
    documents(): {
      import(lines: string, options: Record<string, unknown>): Promise<string>;
      delete(query: Record<string, unknown>): Promise<unknown>;
    };
    documents(id: string): { delete(): Promise<unknown> };
  };
  collections(): { create(schema: Record<string, unknown>): Promise<unknown> };
  aliases(name: string): { retrieve(): Promise<{ collection_name: string }> };
  aliases(): { upsert(name: string, to: { collection_name: string }): Promise<unknown> };
  /** What its methods ask by; those of synonyms and overrides write a warning to the console. */
  apiCall: {
    get(path: string): Promise<Record<string, unknown>>;
    put(path: string, body: object): Promise<unknown>;
  };
}

/**
 * Keeps a Typesense collection up to date with an importer's records.
 *
 * @example
 * afterCommit: [typesense({ url: "http://localhost:8108", apiKey, collection: "products", document: ({ code, name }) => ({ code, name }) })]
 * @throws SluiceError `invalid` for options that cannot be
 */
export function typesense(options: TypesenseOptions): RecordSink {
  const { name, record, select, document, limits, collection, schema } = options;
  const { action = "upsert", dirtyValues = "coerce_or_reject" } = options;
  checkOptions(options);
  let opened: Promise<Client> | null = null;
  const open = (): Promise<Client> => (opened ??= connect(options));
  /** In words that say what to do, or when to try again. */
  const asked = async <T>(ask: (client: Client) => Promise<T>): Promise<T> => {
    const client = await open();
    try {
      return await ask(client);
    } catch (error) {
      throw meant(error, collection);
    }
  };
  const found = <T>(ask: (client: Client) => Promise<T>): Promise<T | null> =>
    asked((client) => ask(client).catch((error) => (statusOf(error) === 404 ? null : Promise.reject(error))));

  /** The first collection, where there is none: behind an alias, so that a rebuild can take its place. */
  const makeFirst = async (): Promise<void> => {
    const first = `${collection}_1`;
    await make(first, schema ?? { fields: [{ name: ".*", type: "auto" }] });
    await asked((client) => client.aliases().upsert(collection, { collection_name: first }));
  };
  const make = async (named: string, as: TypesenseSchema): Promise<void> => {
    await asked((client) =>
      client
        .collections()
        .create({ ...as, name: named })
        // There already: this was asked for before.
        .catch((error) => (statusOf(error) === 409 ? null : Promise.reject(error))),
    );
  };
  const importInto = async (index: string, { put }: SinkBatch): Promise<RefusedDocument[]> => {
    if (put.length === 0) return [];
    const lines = put.map(({ json }) => json).join("\n");
    const answer = await asked((client) =>
      client.collections(index).documents().import(lines, { action, dirty_values: dirtyValues }),
    );
    return refusedIn(answer, put);
  };
  const removeFrom = async (index: string, { remove }: SinkBatch): Promise<void> => {
    const isQuotable = (id: string): boolean => !id.includes("`");
    for (const ids of listsOf(remove.filter(isQuotable)))
      await asked((client) =>
        client
          .collections(index)
          .documents()
          .delete({ filter_by: `id:[${ids}]` }),
      );
    for (const id of remove.filter((each) => !isQuotable(each)))
      await found((client) => client.collections(index).documents(id).delete());
  };
  return {
    ...{ name, record, select, document, limits, kind: "typesense" },
    async apply(batch, { index }): Promise<Applied> {
      const into = index ?? collection;
      const write = async (): Promise<RefusedDocument[]> => {
        const refused = await importInto(into, batch);
        await removeFrom(into, batch);
        return refused;
      };
      try {
        return { kind: "applied", refused: await write() };
      } catch (error) {
        if (index !== null || !(error instanceof NoCollection)) throw error;
        await makeFirst();
        return { kind: "applied", refused: await write() };
      }
    },
    rebuild: {
      base: collection,
      async begin(index) {
        const alias = await found((client) => client.aliases(collection).retrieve());
        const current = await found((client) => client.collections(collection).retrieve());
        const own = current === null ? undefined : schemaOf(current);
        await make(index, schema ?? own ?? { fields: [{ name: ".*", type: "auto" }] });
        if (current === null) return { drops: null };
        // What people have set for their searches belongs to the collection.
        for (const kind of ["synonyms", "overrides"] as const) await copy(asked, found, kind, collection, index);
        return { drops: alias?.collection_name ?? collection };
      },
      async swap(index) {
        await asked((client) => client.aliases().upsert(collection, { collection_name: index }));
      },
      async drop(index) {
        await found((client) => client.collections(index).delete());
      },
    },
  };
}

/** The collection, or alias, is not there. */
class NoCollection extends SinkUnavailable {}

/** @throws SluiceError `invalid` where the client is not installed. */
async function connect({ url, apiKey, timeoutSeconds = 50 }: TypesenseOptions): Promise<Client> {
  // Only who uses this sink needs it, so a bundler must not look for it.
  const loaded = await optionalPackage(
    "The sink typesense() needs Typesense's client",
    "typesense",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "typesense"),
  );
  const nodes = [url].flat().map((each) => ({ url: each }));
  const Made = loaded.Client ?? loaded.default.Client;
  return new Made({
    nodes,
    apiKey,
    connectionTimeoutSeconds: timeoutSeconds,
    // Pauses between tries are Sluice's: each node is asked once.
    numRetries: nodes.length - 1,
    retryIntervalSeconds: 0.1,
    logLevel: "silent",
  }) as unknown as Client;
}

function checkOptions({ url, apiKey, collection }: TypesenseOptions): void {
  const refuse = (problem: string): never => {
    throw new SluiceError("invalid", `typesense(): ${problem}`);
  };
  for (const each of [url].flat()) if (!URL.canParse(each)) refuse(`\`url\` is "${each}": write http://host:8108.`);
  if (typeof apiKey !== "string" || apiKey === "")
    refuse("`apiKey` is empty. Is the variable set that it is read from?");
  if (typeof collection !== "string" || collection === "") refuse("`collection` is missing: what searches ask for.");
}

/** One line per document, in their order. */
function refusedIn(answer: string, put: SinkBatch["put"]): RefusedDocument[] {
  const lines = answer.split("\n");
  if (lines.length !== put.length)
    throw new SinkUnavailable(`Typesense answered ${lines.length} lines to ${put.length} documents.`);
  const refused: RefusedDocument[] = [];
  for (const [k, line] of lines.entries()) {
    const said = lineOf(line);
    if (said.success === true) continue;
    const reason = said.error ?? line.slice(0, 500);
    if (isFull(reason)) throw new SinkFull(reason);
    // Those of a server that is not well: all of it comes again.
    if ((said.code ?? 400) >= 500) throw new SinkUnavailable(reason);
    refused.push({ id: put[k].id, reason });
  }
  return refused;
}

function lineOf(line: string): { success?: boolean; error?: string; code?: number } {
  try {
    return JSON.parse(line);
  } catch {
    throw new SinkUnavailable(`Typesense answered a line that is no JSON: ${line.slice(0, 200)}`);
  }
}

/** `Rejecting write: running out of resource type: OUT_OF_MEMORY`, or `OUT_OF_DISK`: it writes nothing before there is room. */
function isFull(message: string): boolean {
  return /running out of resource|OUT_OF_(?:MEMORY|DISK)|no space left on device/i.test(message);
}

function statusOf(error: unknown): number | undefined {
  return (error as { httpStatus?: number }).httpStatus;
}

/** What an error of the client comes to: only what says that a person must see to it stops the sink. */
function meant(error: unknown, collection: string): Error {
  const status = statusOf(error);
  const said = (error as Error).message;
  if (isFull(said) || status === 507) return new SinkFull(said);
  if (status === 404) return new NoCollection(`Typesense has no collection "${collection}": ${said}`);
  if (status === 401 || status === 403)
    return new SinkUnavailable(
      `Typesense refuses the API key (${status}): ${said}. Correct \`apiKey\`; it is tried again.`,
    );
  if (status === 400 || status === 413 || status === 422) return error as Error;
  return new SinkUnavailable(said);
}

/** Ids as a filter takes them, between backticks, of which they have none themselves; in lists that a request's line can hold. */
function* listsOf(ids: readonly string[]): Generator<string> {
  const most = 3000;
  let list = "";
  for (const id of ids) {
    const quoted = `\`${id}\``;
    if (list !== "" && list.length + quoted.length + 1 > most) {
      yield list;
      list = "";
    }
    list += list === "" ? quoted : `,${quoted}`;
  }
  if (list !== "") yield list;
}

/** What Typesense adds to a schema when it is asked for it. */
const ownOfServer = new Set(["name", "created_at", "num_documents", "num_memory_shards"]);

function schemaOf(collection: Record<string, unknown>): TypesenseSchema {
  const kept = Object.entries(collection).filter(([key]) => !ownOfServer.has(key));
  return Object.fromEntries(kept) as TypesenseSchema;
}

/** Servers from 30 on keep them apart from collections, and have nothing to copy. */
async function copy(
  asked: <T>(ask: (client: Client) => Promise<T>) => Promise<T>,
  found: <T>(ask: (client: Client) => Promise<T>) => Promise<T | null>,
  kind: "synonyms" | "overrides",
  from: string,
  to: string,
): Promise<void> {
  const at = (collection: string): string => `/collections/${encodeURIComponent(collection)}/${kind}`;
  const listed = await found((client) => client.apiCall.get(at(from)));
  for (const { id, ...value } of (listed?.[kind] ?? []) as { id: string }[])
    await asked((client) => client.apiCall.put(`${at(to)}/${encodeURIComponent(id)}`, value));
}
