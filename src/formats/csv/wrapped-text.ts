/** Whether lines of a text are delimited text inside one quoted cell each, and what they end with behind it. */
import type { Quote } from "../../core/row.ts";

const quotedLine = /^[ ]*"((?:[^"]|"")*)"[ ]*([;,|\t]*)[ ]*$/;

/** The delimiters of one kind that a line ends with. */
function tailOf(line: string): string {
  const last = line.at(-1) ?? "";
  if (last === "" || !";,|\t".includes(last)) return "";
  let at = line.length - 1;
  while (at > 0 && line[at - 1] === last) at--;
  return line.slice(at);
}

/** What lines end with (`;;;`, or nothing) where some are wrapped, or all have the same delimiters at their end; else null. */
export function wrappingOf(text: string, quote: Quote): string | null {
  if (quote !== '"') return null;
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  // The last one may be cut.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const wrapped = whole.filter(isWrapped).length;
  const tails = whole.map(tailOf).filter((tail) => tail !== "");
  const usual = tails.filter((tail) => tail[0] === tails[0][0]);
  const longest = usual.reduce((longer, tail) => (tail.length > longer.length ? tail : longer), "");
  if (wrapped > 0) return usual.length >= whole.length / 2 ? longest : "";
  if (longest === "") return null;
  // What ends all lines and parts nothing in them.
  const only = whole.filter((line) => {
    const tail = tailOf(line);
    return tail !== "" && !line.slice(0, -tail.length).includes(longest[0]);
  });
  return only.length >= 0.9 * whole.length ? longest : null;
}

/** Of a text's lines, how many are wrapped. */
export function countWrapped(text: string): number {
  return text.split(/\r\n|\r|\n/).filter(isWrapped).length;
}

function isWrapped(line: string): boolean {
  const inner = quotedLine.exec(line)?.[1];
  return inner !== undefined && /[;,|\t]/.test(inner);
}
