/**
 * Typesense's documented contract over real HTTP, as far as a sink meets it: collections, aliases, `documents/import` with a result
 * per line, deletion by filter. https://typesense.org/docs/30.1/api/documents.html
 */
import { type Answer, type Asked, type SearchServer, startSearchServer } from "./search-server.ts";

interface Collection {
  schema: { name: string; fields: { name: string; type: string; optional?: boolean }[] };
  documents: Map<string, Record<string, unknown>>;
  synonyms: Map<string, object>;
  overrides: Map<string, object>;
}

export interface TypesenseServer extends SearchServer {
  apiKey: string;
  collections: Map<string, Collection>;
  aliases: Map<string, string>;
  /** What a search in the collection, or behind the alias, would find, by ids. */
  holds(name: string): Record<string, unknown>[];
}

const notFound: Answer = { status: 404, body: { message: "Not Found" } };

export async function startTypesense(): Promise<TypesenseServer> {
  const apiKey = "xyz";
  const collections = new Map<string, Collection>();
  const aliases = new Map<string, string>();
  /** A collection's own name takes precedence over an alias. */
  const resolve = (name: string): Collection | undefined =>
    collections.get(name) ?? collections.get(aliases.get(name) ?? "");
  const described = ({ schema, documents }: Collection): object => ({
    ...schema,
    num_documents: documents.size,
    created_at: 1700000000,
  });

  function answer({ method, path, query, headers, body }: Asked): Answer {
    if (headers["x-typesense-api-key"] !== apiKey)
      return { status: 401, body: { message: "Forbidden - a valid `x-typesense-api-key` header must be sent." } };
    const [, root, name, what, id] = path.split("/");
    if (root === "aliases" && method === "PUT") {
      aliases.set(name, JSON.parse(body).collection_name);
      return { status: 200, body: { name, collection_name: aliases.get(name) } };
    }
    if (root === "aliases") {
      const to = aliases.get(name);
      return to === undefined ? notFound : { status: 200, body: { name, collection_name: to } };
    }
    if (root !== "collections") return notFound;
    if (name === undefined && method === "POST") {
      const schema = JSON.parse(body);
      if (collections.has(schema.name))
        return { status: 409, body: { message: `A collection with name \`${schema.name}\` already exists.` } };
      const made = { schema, documents: new Map(), synonyms: new Map(), overrides: new Map() };
      collections.set(schema.name, made);
      return { status: 201, body: described(made) };
    }
    const collection = resolve(name);
    if (collection === undefined) return notFound;
    if (what === undefined && method === "DELETE") {
      collections.delete(collection.schema.name);
      return { status: 200, body: described(collection) };
    }
    if (what === undefined) return { status: 200, body: described(collection) };
    if (what === "synonyms" || what === "overrides") {
      const kept = collection[what];
      if (method === "PUT") kept.set(id, { ...JSON.parse(body), id });
      return { status: 200, body: { [what]: [...kept.values()] } };
    }
    if (what === "documents" && id === "import") {
      const lines = body.split("\n").map((line) => importLine(collection, line, query));
      return { status: 200, body: lines.map((line) => JSON.stringify(line)).join("\n") };
    }
    if (what === "documents" && method === "DELETE" && id !== undefined) {
      const isThere = collection.documents.delete(id);
      return isThere ? { status: 200, body: { id } } : notFound;
    }
    if (what === "documents" && method === "DELETE") {
      const ids = /^id:\[(.*)\]$/.exec(query.get("filter_by") ?? "")?.[1].split(",") ?? [];
      const deleted = ids.filter((each) => collection.documents.delete(each.replaceAll("`", "")));
      return { status: 200, body: { num_deleted: deleted.length } };
    }
    return notFound;
  }

  const server = await startSearchServer(answer);
  return Object.assign(server, {
    apiKey,
    collections,
    aliases,
    holds: (name: string) => [...(resolve(name)?.documents.values() ?? [])].sort((a, b) => Number(a.id) - Number(b.id)),
  });
}

/** A line of an import: what its fields' types make of it, and its result. */
function importLine({ schema, documents }: Collection, line: string, query: URLSearchParams): object {
  const refuse = (error: string, code = 400): object => ({ success: false, error, code, document: line });
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(line);
  } catch {
    return refuse("Bad JSON.");
  }
  if (typeof document.id !== "string") return refuse("Document's `id` field should be a string.");
  const action = query.get("action");
  const isNew = !documents.has(document.id);
  if (action === "create" && !isNew) return refuse(`A document with id ${document.id} already exists.`, 409);
  for (const { name, type, optional } of schema.fields) {
    const value = document[name];
    if (name === ".*" || (value === undefined && (optional || (action === "emplace" && !isNew)))) continue;
    if (value === undefined)
      return refuse(`Field \`${name}\` has been declared in the schema, but is not found in the document.`);
    if (type === "float" || type === "int32") {
      const number =
        typeof value === "string" && query.get("dirty_values") === "coerce_or_reject" ? Number(value) : value;
      if (typeof number !== "number" || Number.isNaN(number))
        return refuse(`Field \`${name}\` must be ${type === "float" ? "a float" : "an int32"}.`);
      document[name] = number;
    } else if (type === "string" && typeof value !== "string") return refuse(`Field \`${name}\` must be a string.`);
  }
  documents.set(document.id, action === "emplace" ? { ...documents.get(document.id), ...document } : document);
  return { success: true };
}
