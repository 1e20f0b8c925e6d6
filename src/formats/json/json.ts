/**
 * JSON as a Format: a list of objects or of lists, alone or within an object, and JSON Lines.
 *
 * A record's members are columns by their names, those of objects within it by dotted names (`address.city`, eight deep);
 * a list of texts and numbers is one cell, `a, b`; what nests deeper is one cell, its JSON text. If a name occurs
 * twice in an object the last value counts, as JavaScript and Postgres have it.
 */
import { SluiceError } from "../../core/errors.ts";
import type { Format } from "../../core/ports.ts";
import { detectJson } from "./detect.ts";
import { readJson } from "./read.ts";

export const json: Format = {
  detect: detectJson,
  read(source, dialect, options) {
    if (dialect.format !== "json" && dialect.format !== "jsonl") {
      throw new SluiceError("internal", `The JSON reader was given ${dialect.format}.`);
    }
    return readJson(source, dialect, options);
  },
};
