/**
 * Requests made from the OpenAPI document by chance that can be repeated: most of each is as documented, and something in it is
 * what nobody sends by accident.
 */
import { SeededDraw } from "../../src/importers/leads/seeded-draw.ts";
import { type ApiDocument, operationsOf } from "./document.ts";

type Json = unknown;
type Schema = Record<string, Json>;

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  schema: Schema;
}

interface Described {
  method: string;
  path: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface HostileRequest {
  method: string;
  /** With its query; parts that are no UTF-8 are percent-encoded as they are. */
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** Ids and names of what is there, which most requests name. */
export interface Known {
  ids: readonly number[];
  texts: readonly string[];
}

const texts = [
  ...[
    "\ud800",
    "a\udfffb",
    "\0",
    "a\0b",
    "",
    " ",
    "\u202e",
    "\ufeff",
    "__proto__",
    "constructor",
    "toString",
    "%00",
    "%",
  ],
  ...[
    "'; drop table users; --",
    '"',
    "\\",
    "../../etc/passwd",
    "#{7*7}",
    "{0}",
    "{{",
    "\r\nX: y",
    "😀",
    "é".repeat(300),
  ],
  ...["-271821-04-20T00:00:00.000Z", "+275760-09-13T00:00:00.000Z", "0000-00-00", "9999-12-31T23:59:59Z", "infinity"],
  ...["0001-01-01T00:00:00Z", "2024-02-30T00:00:00Z", "1e400", "NaN", "-1", "0", "999999999999999", "9007199254740993"],
  ...[
    "99999999999999999999",
    "1;2",
    "1,2",
    "null",
    "true",
    "x".repeat(5000),
    "\u0301\u0323".repeat(2000),
    "en-US,en;q=0.5",
  ],
];
const numbers = [0, -0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e21, 1e308, -1e308, 20_000];

/** Some texts cannot be sent as they are where they stand. */
const placeholder = "__TOO_DEEP__";

export class HostileRequests {
  readonly #operations: Described[];
  readonly #document: ApiDocument;

  constructor(document: ApiDocument) {
    this.#document = document;
    this.#operations = operationsOf(document) as unknown as Described[];
  }

  next(draw: SeededDraw, known: Known): HostileRequest {
    const { method, path, parameters = [], requestBody } = draw.pick(this.#operations);
    /** How many values are hostile: one more often than many. */
    const share = draw.pick([0, 0.08, 0.2, 0.5]);
    const text = (): string => (draw.chance(share) ? draw.pick(texts) : draw.pick(known.texts));
    const value = (schema: Schema): string => {
      const made = this.#value(schema, draw, known, share, 0);
      return typeof made === "string" ? made : typeof made === "object" ? JSON.stringify(made) : String(made);
    };
    const given = new Map(parameters.map((each) => [`${each.in} ${each.name}`, each]));
    const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
      const schema = given.get(`path ${name}`)?.schema ?? {};
      return encoded(draw.chance(share) ? text() : isNumber(schema) ? String(draw.pick(known.ids)) : text()) || "x";
    });
    const query = parameters
      .filter((each) => each.in === "query" && draw.chance(0.4))
      .map(({ name, schema }) => `${encoded(name)}=${encoded(value(schema))}`);
    if (draw.chance(share)) query.push(`${encoded(text())}=${encoded(text())}`);
    const headers: Record<string, string> = {};
    if (draw.chance(share)) headers["accept-language"] = header(draw.pick(texts));
    if (draw.chance(share)) headers["idempotency-key"] = header(draw.pick(texts));
    if (draw.chance(share)) headers["last-event-id"] = header(draw.pick(texts));
    if (draw.chance(share)) headers.range = "bytes=0-";
    const url = `${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`;
    const content = Object.entries(requestBody?.content ?? {});
    if (content.length === 0 || method === "GET" || method === "HEAD") return { method, url, headers };
    const [type, { schema }] = draw.pick(content);
    headers["content-type"] = draw.chance(share)
      ? draw.pick(["Application/JSON", "application/x+json", "text/plain"])
      : type;
    if (!type.includes("json")) return { method, url, headers, body: text() };
    const body = JSON.stringify(this.#value(schema, draw, known, share, 0)) ?? "";
    const deep = `${"[".repeat(5000)}1${"]".repeat(5000)}`;
    return { method, url, headers, body: body.replaceAll(`"${placeholder}"`, deep) };
  }

  /** Every parameter of every operation, one at a time, with every text that somebody might find. */
  *oneByOne(known: Known, some: readonly string[]): Generator<HostileRequest> {
    const plain = new SeededDraw(1, 1, 1);
    for (const { method, path, parameters = [], requestBody } of this.#operations) {
      const filled = path.replaceAll(/\{[^}]+\}/g, String(known.ids[0]));
      for (const { name, in: where } of parameters) {
        for (const text of some) {
          const headers: Record<string, string> = where === "header" ? { [name]: header(text) } : {};
          const own = path.replaceAll(/\{([^}]+)\}/g, (_, each: string) =>
            where === "path" && each === name ? encoded(text) || "x" : String(known.ids[0]),
          );
          const url = where === "query" ? `${filled}?${encoded(name)}=${encoded(text)}` : own;
          yield { method, url, headers };
        }
      }
      const schema = requestBody?.content["application/json"]?.schema;
      if (schema === undefined) continue;
      const body = JSON.stringify(this.#value(schema, plain, known, 0, 0));
      const headers = { "content-type": "application/json" };
      for (const { index, 0: whole } of body.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
        for (const text of some) {
          const changed = body.slice(0, index) + JSON.stringify(text) + body.slice(index + whole.length);
          yield { method, url: filled, headers, body: changed };
        }
      }
    }
  }

  /** A value of a schema, or of another. */
  #value(given: Schema, draw: SeededDraw, known: Known, share: number, depth: number): Json {
    if (depth > 8) return null;
    if (draw.chance(share)) return this.#hostile(draw);
    const schema = this.#resolved(given);
    const some = (each: Schema): Json => this.#value(each, draw, known, share, depth + 1);
    const either = (schema.oneOf ?? schema.anyOf) as Schema[] | undefined;
    if (either !== undefined) return some(draw.pick(either));
    if (schema.allOf !== undefined) return Object.assign({}, ...(schema.allOf as Schema[]).map(some));
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return draw.pick(schema.enum as Json[]);
    const type = Array.isArray(schema.type) ? draw.pick(schema.type as string[]) : schema.type;
    switch (type) {
      case "object":
        return this.#object(schema, draw, some);
      case "array":
        return Array.from({ length: draw.below(3) }, () => some((schema.items ?? {}) as Schema));
      case "integer":
      case "number":
        return draw.chance(0.5) ? draw.pick(known.ids) : draw.below(100);
      case "boolean":
        return draw.chance(0.5);
      case "null":
        return null;
      default:
        return schema.format === "date-time" ? "2026-01-31T10:00:00.000Z" : draw.pick(known.texts);
    }
  }

  #object(schema: Schema, draw: SeededDraw, some: (schema: Schema) => Json): Json {
    const required = new Set((schema.required ?? []) as string[]);
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
    const entries = properties.flatMap(([name, each]): [string, Json][] =>
      required.has(name) || draw.chance(0.5) ? [[name, some(each)]] : [],
    );
    const rest = schema.additionalProperties;
    if (typeof rest === "object" && rest !== null) entries.push([draw.pick(texts), some(rest as Schema)]);
    if (draw.chance(0.03)) entries.push(["__proto__", { polluted: true }]);
    // Written pair by pair: __proto__ is a name like any other.
    return Object.defineProperties(
      {},
      Object.fromEntries(entries.map(([name, value]) => [name, { value, enumerable: true }])),
    );
  }

  #hostile(draw: SeededDraw): Json {
    switch (draw.below(8)) {
      case 0:
        return draw.pick(numbers);
      case 1:
        return null;
      case 2:
        return draw.chance(0.5);
      case 3:
        return Array.from({ length: draw.pick([0, 1, 3000]) }, () => draw.pick(texts.slice(0, 12)));
      case 4:
        return Object.fromEntries([[draw.pick(texts), draw.pick(texts)]]);
      case 5:
        return draw.chance(0.1) ? placeholder : draw.pick(texts);
      default:
        return draw.pick(texts);
    }
  }

  #resolved(schema: Schema): Schema {
    const { $ref } = schema;
    if (typeof $ref !== "string") return schema;
    return this.#document.components.schemas[$ref.split("/").at(-1) as string];
  }
}

function isNumber({ type }: Schema): boolean {
  return type === "integer" || type === "number";
}

/** Percent-encoded UTF-8; a lone surrogate as the bytes that it would have, which are no UTF-8. */
function encoded(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) {
      const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
      out += bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join("");
    } else out += char === "." ? "%2E" : encodeURIComponent(char);
  }
  return out;
}

/** What a header can hold. */
function header(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").trim();
}
