/** Own validators: tried on a few texts, since whether one is asynchronous shows only when it is called. */
import { told } from "../../core/errors.ts";
import { isPromise, kindOf } from "../../core/field.ts";
import { type Finder, failure } from "./finding.ts";

export const findAsyncValidators: Finder = ({ importer }) =>
  Object.entries(importer.fields).flatMap(([name, field]) => {
    const { validate } = field;
    if (validate === undefined) return [];
    const texts = kindOf(field).samples(field);
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
        told`The validator of the field "${name}" of the importer "${importer.name}" is asynchronous. Look up values with field.reference, or make it synchronous.`,
      ),
    ];
  });
