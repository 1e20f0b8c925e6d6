/** What the form of a program says beside its file: the options of the import by their names, and what is known of its columns. */
import { z } from "@hono/zod-openapi";
import { told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import { type KeptKey, keptKey } from "../../core/keys.ts";
import type { NewDraft } from "../../engine/preparation.ts";
import { givenColumn, givenField, optionsInput } from "../imports/options.ts";
import { refuseUnstorable } from "../request/storable.ts";
import { type Refusal, Refused, refusedAs, summaryOf } from "./refusal.ts";

type OptionsInput = z.infer<typeof optionsInput>;

export interface SaidOptions {
  options: OptionsInput;
  /** What is known of columns and fields. */
  given: NewDraft["given"];
  /** Null: nothing is said of them. */
  acceptDoubts: boolean | null;
}

/** Characters of a field that an answer repeats. */
const maxShown = 200;

const { autoCommit: _always, ...optionShapes } = optionsInput.shape;
const dialectShapes = optionsInput.shape.dialect.unwrap().shape;
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The fields of the form by their names. An option of one word is sent as it is, others as JSON. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  ...optionShapes,
  ...dialectShapes,
  context: z.record(z.string().max(60), scalar).optional(),
  onDuplicate: optionsInput.shape.duplicates.unwrap().shape.strategy,
  mapping: z.union([z.array(givenColumn), z.record(z.string().min(1).max(10_000), z.string().max(60).nullable())]),
  fields: z.array(givenField).max(1000),
  acceptDoubts: z.boolean(),
};

/** The fields that a form may have, for the document. */
export const formFields: readonly string[] = Object.keys(shapes);

/**
 * The form's fields as options. A context value may also stand under its own name.
 *
 * @throws Refused naming every field that is not known, or does not fit
 */
export function readForm(fields: ReadonlyMap<string, string>, importer: Importer): SaidOptions {
  const refusals: Refusal[] = [];
  const said: Record<string, unknown> = {};
  const context: Record<string, string> = {};
  const contextNames = Object.keys(importer.context ?? {});
  const known = [...new Set([...formFields, ...contextNames])];
  for (const [name, text] of fields) {
    try {
      refuseUnstorable({ [name]: text }, "");
    } catch (error) {
      refusedAs("option_invalid")(error);
    }
    if (!Object.hasOwn(shapes, name)) {
      if (contextNames.includes(name)) context[name] = text;
      else
        refusals.push({
          code: "option_unknown",
          message: told`There is no option "${name.slice(0, maxShown)}". The options are: ${known}.`,
          expected: known,
          found: name.slice(0, maxShown),
        });
      continue;
    }
    const read = readField(shapes[name], text);
    if (read.success) said[name] = read.data;
    else
      refusals.push({
        code: "option_invalid",
        message: told`The option "${name}" cannot be read: ${read.why}.`,
        expected: read.why,
        found: text.slice(0, maxShown),
      });
  }
  if (refusals.length > 0) throw new Refused(refusals, summaryOf(refusals));
  return { options: optionsOf(said, context, importer), given: givenOf(said), acceptDoubts: doubtsOf(said) };
}

/** As it stands, else as JSON. */
function readField(shape: z.ZodType, text: string): { success: true; data: unknown } | { success: false; why: string } {
  const plain = shape.safeParse(text);
  if (plain.success) return plain;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { success: false, why: whyOf(plain.error) };
  }
  const parsed = shape.safeParse(value);
  return parsed.success ? parsed : { success: false, why: whyOf(parsed.error) };
}

function whyOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`))
    .join("; ");
}

function optionsOf(said: Record<string, unknown>, context: Record<string, string>, importer: Importer): OptionsInput {
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(optionShapes)) if (said[name] !== undefined) options[name] = said[name];
  const dialect = Object.keys(dialectShapes).filter((name) => said[name] !== undefined);
  if (dialect.length > 0)
    options.dialect = {
      ...(said.dialect as object | undefined),
      ...Object.fromEntries(dialect.map((name) => [name, said[name]])),
    };
  if (said.onDuplicate !== undefined) {
    const { keys = importer.match.keys.map(keptKey) } = (said.duplicates ?? {}) as { keys?: KeptKey[] };
    options.duplicates = { strategy: said.onDuplicate, keys };
  }
  if (Object.keys(context).length > 0) options.context = { ...context, ...(said.context as object | undefined) };
  return options as OptionsInput;
}

function givenOf({ mapping = [], fields = [] }: Record<string, unknown>): SaidOptions["given"] {
  const columns = Array.isArray(mapping)
    ? mapping
    : Object.entries(mapping as Record<string, string | null>).map(([column, field]) => ({ column, field }));
  return [...columns, ...(fields as SaidOptions["given"])];
}

function doubtsOf({ acceptDoubts }: Record<string, unknown>): boolean | null {
  return typeof acceptDoubts === "boolean" ? acceptDoubts : null;
}
