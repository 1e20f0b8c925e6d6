/** Own validators: tried on a few texts, since whether one is asynchronous shows only when it is called. */
import { told } from "../../core/errors.ts";
import { type Field, isPromise } from "../../core/field.ts";
import { type Finder, failure } from "./finding.ts";

/** Texts such as the field's cells come to. */
const samples: Readonly<Record<Field["kind"], readonly string[]>> = {
  text: ["a", "Anna Berg", "12345"],
  email: ["anna@example.com"],
  phone: ["+33612345678"],
  integer: ["1"],
  decimal: ["1.5"],
  date: ["2024-03-05"],
  datetime: ["2024-03-05 14:30:00+00:00"],
  boolean: ["t", "f"],
  choice: [],
  reference: ["a"],
};

export const findAsyncValidators: Finder = ({ importer }) =>
  Object.entries(importer.fields).flatMap(([name, field]) => {
    const { validate } = field;
    if (validate === undefined) return [];
    const texts = field.kind === "choice" ? Object.keys(field.values) : samples[field.kind];
    const isAsync = texts.some((text) => {
      try {
        const result: unknown = validate["~standard"].validate(text);
        if (isPromise(result)) Promise.resolve(result).catch(() => {});
        return isPromise(result);
      } catch {
        // What it makes of a text that no file may hold is its own affair.
        return false;
      }
    });
    if (!isAsync) return [];
    return [
      failure(
        told`The validator of the field "${name}" of the importer "${importer.name}" is asynchronous. Look values up with field.reference, or make it synchronous.`,
      ),
    ];
  });
