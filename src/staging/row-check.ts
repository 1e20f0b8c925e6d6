/** Asks an importer's own check of a row, and holds it to what a check may answer. */
import { SluiceError } from "../core/errors.ts";
import { isPromise } from "../core/field.ts";
import type { RowFinding } from "../core/importer.ts";

type Asked = (row: Readonly<Record<string, unknown>>) => unknown;

/**
 * @param place how the definition calls it, as `checks[0]`.
 * @throws SluiceError `invalid` when it throws, is asynchronous, or returns something that is not a finding.
 */
export function askRowCheck(
  check: Asked,
  row: Readonly<Record<string, unknown>>,
  { importer, place }: { importer: string; place: string },
): RowFinding | null {
  const refuse = (what: string, cause?: unknown): never => {
    throw new SluiceError("invalid", `Importer "${importer}": ${place} ${what}.`, { cause });
  };
  let answer: unknown;
  try {
    answer = check(row);
  } catch (cause) {
    return refuse(`failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (answer === null || answer === undefined) return null;
  if (isPromise(answer)) {
    Promise.resolve(answer).catch(() => {});
    return refuse("is asynchronous. It must answer at once");
  }
  const finding = answer as RowFinding;
  if (typeof finding !== "object" || typeof finding.message !== "string")
    return refuse(
      `answers with ${typeof answer === "object" ? "an object without a message" : String(answer)}. Let it return { message: "…" }, or null where nothing is wrong`,
    );
  return finding;
}
