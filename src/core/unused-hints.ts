/** Hints of a dialect that mean nothing to a file of its format: a mistake of the caller. */
import { SluiceError, told } from "./errors.ts";
import type { Dialect, DialectHints } from "./row.ts";

/** @throws SluiceError `invalid` for the first of them. */
export function refuseUnusedHints(hints: DialectHints, dialect: Dialect): void {
  const format = dialect.format.toUpperCase();
  if (hints.sheet !== undefined && !("sheet" in dialect))
    throw new SluiceError("invalid", told`This file is ${format}, which has no sheets.`, {
      next: { code: "omit_option", option: "sheet" },
    });
  if (hints.delimiter !== undefined && dialect.format !== "csv")
    throw new SluiceError("invalid", told`This file is ${format}, which has no delimiter.`, {
      next: { code: "omit_option", option: "delimiter" },
    });
  if (hints.entry !== undefined && dialect.packing !== "zip")
    throw new SluiceError("invalid", told`This file is no zip archive, so there is no file in it to choose.`, {
      next: { code: "omit_option", option: "entry" },
    });
  const marks = (["quote", "escape"] as const).find((name) => hints[name] !== undefined);
  if (marks !== undefined && dialect.format !== "csv")
    throw new SluiceError("invalid", told`This file is ${format}, which encloses no cells in quotes.`, {
      next: { code: "omit_option", option: marks },
    });
  if (hints.encoding !== undefined && "sheet" in dialect)
    throw new SluiceError("invalid", told`This file is ${format}, which declares its own encoding.`, {
      next: { code: "omit_option", option: "encoding" },
    });
}
