/**
 * A route of its own that an importer has for programs which send rows as JSON: their names for what the importer calls context, options and
 * fields.
 */
import {
  type Check,
  type Checks,
  firstOf,
  isObject,
  mapOf,
  meant,
  missingProblem,
  optionsProblem,
  shown,
  text,
} from "./shape/shape.ts";

/** @example { path: "batch-import-activities", rows: "activities", context: { wheelId: "wheel_id" }, fields: { name: "activity" } } */
export interface BatchRoute<N extends string = string> {
  /** Below `/api/v1`, and without it: begins with `batch-`. */
  readonly path: string;
  /** The member of the body with the list of rows. */
  readonly rows: string;
  /** Members of the body → context values; each is needed. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** Members of the body → options of the import. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** The member with what the file is called in the history. */
  readonly fileName?: string | undefined;
  /** Members of a row → fields. */
  readonly fields: Readonly<Record<string, N>>;
}

const pathPattern = /^batch-[a-z0-9-]{1,80}$/;
const memberPattern = /^[A-Za-z_][A-Za-z0-9_]{0,59}$/;

const batchPath: Check = (value, place) =>
  typeof value === "string" && pathPattern.test(value)
    ? null
    : `${place} is ${shown(value)}: it must be lower case letters, digits and dashes that begin with batch-`;

const member: Check = (value, place) =>
  typeof value === "string" && memberPattern.test(value)
    ? null
    : `${place} is ${shown(value)}: it must be the name of a member, as activities`;

const members: Check = (value, place) =>
  mapOf(text)(value, place) ?? firstOf(Object.keys(value as object), (name) => member(name, `the member in ${place}`));

const checks: Checks = {
  path: batchPath,
  rows: member,
  context: members,
  options: members,
  fileName: member,
  fields: members,
};

/** What is wrong with an importer's batch route, as a clause; null: nothing. */
export function batchProblem(
  given: unknown,
  { fields, context }: { fields: readonly string[]; context: readonly string[] },
): string | null {
  if (!isObject(given)) return `batch is ${shown(given)}: it must be an object with path, rows and fields`;
  const wrong = missingProblem(given, ["path", "rows", "fields"], "batch") ?? optionsProblem(given, checks, "batch.");
  if (wrong !== null) return wrong;
  const batch = given as unknown as BatchRoute;
  const known = (names: Readonly<Record<string, string>>, all: readonly string[], place: string): string | null =>
    firstOf(Object.entries(names), ([name, to]) =>
      all.includes(to) ? null : `${place}.${name} names "${to}", which there is not. ${meant(to, all)}`,
    );
  const own = [batch.rows, batch.fileName, ...Object.keys({ ...batch.context }), ...Object.keys({ ...batch.options })];
  const twice = own.find((name, k) => name !== undefined && own.indexOf(name) < k);
  if (twice !== undefined) return `batch has the member "${twice}" twice. Name each once`;
  return known(batch.fields, fields, "batch.fields") ?? known(batch.context ?? {}, context, "batch.context");
}
