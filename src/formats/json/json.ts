/**
 * JSON as a Format: a list of objects or of lists, alone or within an object, and JSON Lines.
 *
 * A record's members are columns by their names, those of objects within it by dotted names (`address.city`, eight deep);
 * a list of texts and numbers is one cell, `a, b`; what nests deeper is one cell, its JSON text. Of a name that stands
 * twice in an object the last value counts, as JavaScript and Postgres have it.
 */
import { SluiceError } from "../../errors.ts";
import type { Format } from "../../ports.ts";
import { detectJson } from "./detect.ts";
import { readJson } from "./read.ts";
import { textEncoding } from "./text-reader.ts";
import { openBrace, openBracket, quote, skipSpace } from "./token.ts";

export const json: Format = {
  detect: detectJson,
  read(source, dialect, options) {
    if (dialect.format !== "json" && dialect.format !== "jsonl") {
      throw new SluiceError("internal", `The JSON reader was given ${dialect.format}.`);
    }
    return readJson(source, dialect, options);
  },
};

/** Whether a file that begins with these bytes is JSON with records, whatever it is called. */
export function looksLikeJson(head: Uint8Array): boolean {
  const { encoding, bomBytes } = textEncoding("", head);
  const unit = encoding === "utf-8" ? 1 : 2;
  const first = bomBytes + (encoding === "utf-16be" ? 1 : 0);
  const text = head.subarray(first).filter((_, i) => i % unit === 0);
  const start = skipSpace(text, 0, text.length);
  const inside = skipSpace(text, start + 1, text.length);
  if (text[start] === openBrace) return text[inside] === quote || text[inside] === 0x7d;
  if (text[start] !== openBracket) return false;
  if (text[inside] === openBrace || text[inside] === quote || text[inside] === 0x5d) return true;
  if (text[inside] === openBracket) return looksLikeJson(text.subarray(inside));
  return /^(?:-?\d[\d.eE+-]*|null|true|false)\s*[,\]]/.test(
    Buffer.from(text.subarray(inside, inside + 64)).toString("latin1"),
  );
}
