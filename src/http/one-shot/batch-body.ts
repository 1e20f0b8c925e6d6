/** The JSON body of an importer's batch route: checked member by member, and its rows as JSON Lines, which is what is kept and read. */
import { z } from "@hono/zod-openapi";
import type { BatchRoute } from "../../core/batch-route.ts";
import { type Telling, told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import { isObject } from "../../core/shape/shape.ts";
import { optionsInput } from "../imports/options.ts";
import type { SaidOptions } from "./form-options.ts";
import { type Refusal, type RefusalCode, Refused, summaryOf } from "./refusal.ts";

const optionShapes: Readonly<Record<string, z.ZodType>> = optionsInput.shape;
/** Refusals that an answer lists. */
const maxRefusals = 100;
/** Bytes that are written at a time. */
const pieceBytes = 256 * 1024;

export interface BatchBody {
  said: SaidOptions;
  fileName: string;
  pieces(): AsyncGenerator<Uint8Array>;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** @throws Refused naming every member that is missing, unknown, or of another type */
export function readBatch(text: string, importer: Importer, batch: BatchRoute): BatchBody {
  const body = objectIn(text);
  const { rows: rowsName, context = {}, options = {}, fileName: nameName, fields } = batch;
  const findings = new Findings();
  const top = [
    ...Object.keys(context),
    ...Object.keys(options),
    ...(nameName === undefined ? [] : [nameName]),
    rowsName,
  ];
  for (const name of Object.keys(body)) if (!top.includes(name)) findings.unknown(name, top);
  const values: Record<string, string> = {};
  for (const [name, to] of Object.entries(context)) {
    const value = body[name];
    if (value === undefined || value === null) findings.missing(name);
    else if (typeof value === "string" || typeof value === "number") values[to] = String(value);
    else findings.invalid(name, "string", value);
  }
  const chosen: Record<string, unknown> = {};
  for (const [name, to] of Object.entries(options)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const read = optionShapes[to]?.safeParse(value);
    if (read?.success) chosen[to] = read.data;
    else findings.invalid(name, read?.error.issues[0]?.message ?? to, value);
  }
  const fileName = nameName === undefined ? undefined : body[nameName];
  if (fileName !== undefined && fileName !== null && typeof fileName !== "string")
    findings.invalid(nameName ?? "", "string", fileName);
  const rows = body[rowsName];
  if (rows === undefined || (Array.isArray(rows) && rows.length === 0)) findings.missing(rowsName);
  else if (!Array.isArray(rows)) findings.invalid(rowsName, "array", rows);
  else checkRows(rows, batch, importer, findings);
  findings.throwIfAny();
  return {
    said: {
      options: { ...chosen, context: values } as SaidOptions["options"],
      given: Object.entries(fields).map(([column, field]) => ({ column, field })),
      acceptDoubts: null,
    },
    fileName: typeof fileName === "string" && fileName.trim() !== "" ? fileName : `${rowsName}.jsonl`,
    pieces: () => linesOf(rows as JsonObject[], Object.keys(fields)),
  };
}

function objectIn(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refused([
      {
        code: "body_malformed",
        message: told`The body is not JSON: ${(error as Error).message}.`,
        expected: "application/json",
        found: null,
      },
    ]);
  }
  if (isObject(value)) return value;
  throw new Refused([
    {
      code: "body_malformed",
      message: told`The body must be a JSON object.`,
      expected: "object",
      found: typeNameOf(value),
    },
  ]);
}

function checkRows(rows: readonly unknown[], batch: BatchRoute, importer: Importer, findings: Findings): void {
  const known = new Set(Object.keys(batch.fields));
  const needed = Object.entries(batch.fields)
    .filter(([, field]) => importer.fields[field].required)
    .map(([name]) => name);
  for (const [k, row] of rows.entries()) {
    const place = `${batch.rows}[${k}]`;
    if (!isObject(row)) {
      findings.invalid(place, "object", row);
      continue;
    }
    for (const name of needed) if (isBlank(row[name])) findings.missing(`${place}.${name}`);
    for (const name of Object.keys(row)) {
      if (!known.has(name)) findings.unknown(`${place}.${name}`, [...known]);
      else if (!isCell(row[name]))
        findings.invalid(`${place}.${name}`, "string, number, boolean, null or a list of them", row[name]);
    }
  }
}

/** What is wrong with a body; of very much the first, and how many there are. */
class Findings {
  readonly #refusals: Refusal[] = [];
  #count = 0;

  missing(path: string): void {
    this.#add("field_missing", told`“${path}” is missing.`, path, null);
  }

  unknown(path: string, known: readonly string[]): void {
    this.#add("field_unknown", told`“${path}” is not known. Known are: ${known}.`, known, path);
  }

  invalid(path: string, expected: string, value: unknown): void {
    this.#add("field_invalid", told`“${path}” has the wrong type or value.`, expected, shownOf(value));
  }

  throwIfAny(): void {
    if (this.#count === 0) return;
    const all = this.#refusals;
    throw new Refused(
      all,
      this.#count > all.length
        ? told`${this.#count} things are wrong with the request; the list has the first ${all.length}.`
        : summaryOf(all),
    );
  }

  #add(code: RefusalCode, message: Telling, expected: Refusal["expected"], found: Refusal["found"]): void {
    this.#count++;
    if (this.#refusals.length < maxRefusals) this.#refusals.push({ code, message, expected, found });
  }
}

/** Every row has every member, so that the first tells all columns. */
async function* linesOf(rows: readonly JsonObject[], names: readonly string[]): AsyncGenerator<Uint8Array> {
  let text = "";
  for (const row of rows) {
    text += `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))}\n`;
    if (text.length < pieceBytes) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isCell(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isPlain) : isPlain(value);
}

function typeNameOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** The value where it is short, else what it is. */
function shownOf(value: unknown): string | number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.slice(0, 200);
  return typeof value === "boolean" ? String(value) : typeNameOf(value);
}

/** The body in the document. */
export function batchSchema(importer: Importer, batch: BatchRoute): z.ZodType {
  const { context = {}, options = {}, fileName, rows, fields } = batch;
  const cell = z.union([z.string(), z.number(), z.boolean()]).nullable();
  const row = Object.entries(fields).map(([name, field]) => [
    name,
    importer.fields[field].required ? z.union([z.string(), z.number(), z.boolean()]) : cell.optional(),
  ]);
  return z.strictObject({
    ...Object.fromEntries(Object.keys(context).map((name) => [name, z.union([z.string(), z.number()])])),
    ...Object.fromEntries(
      Object.entries(options).map(([name, to]) => [name, optionShapes[to] ?? z.string().optional()]),
    ),
    ...(fileName !== undefined && { [fileName]: z.string().optional() }),
    [rows]: z.array(z.strictObject(Object.fromEntries(row))),
  });
}
