/** A statement as a person would set it: each clause on a line of its own, what is nested indented. Only white space changes. */

/** Longer lines are broken at their commas, and at `and` and `or`. */
const lineWidth = 120;

const clauseStart =
  /^(?:with|select|from|where|group by|having|order by|limit|returning|union all|union|insert into|update|delete from|using|set|values|on conflict|(?:left |cross |full )?join)\b/i;
const blockStart = /^\s*(?:select|with|insert|update|delete)\b/i;

/** The end of what begins at `at`: a text, a quoted name, or one character. */
function tokenEnd(text: string, at: number): number {
  const quote = text[at];
  if (quote !== "'" && quote !== '"') return at + 1;
  let end = at + 1;
  while (end < text.length) {
    if (text[end] !== quote) end++;
    else if (text[end + 1] === quote) end += 2;
    else return end + 1;
  }
  return end;
}

/** Runs of white space as one space, without comments. */
function onOneLine(text: string): string {
  let line = "";
  for (let at = 0; at < text.length; ) {
    const comment = /^--[^\n]*/.exec(text.slice(at));
    const space = /^\s+/.exec(text.slice(at));
    if (comment !== null) at += comment[0].length;
    else if (space !== null) {
      line += " ";
      at += space[0].length;
    } else {
      const end = tokenEnd(text, at);
      line += text.slice(at, end);
      at = end;
    }
  }
  return line.replaceAll(/ +/g, " ").replaceAll("( ", "(").replaceAll(" )", ")").replaceAll(" ,", ",").trim();
}

/** Where the bracket that opens at `at` closes. */
function closing(text: string, at: number): number {
  let depth = 0;
  for (let k = at; k < text.length; k = tokenEnd(text, k)) {
    if (text[k] === "(") depth++;
    if (text[k] === ")" && --depth === 0) return k;
  }
  return text.length;
}

/** The text cut before every place, outside of brackets, where `isCut` holds. */
function cut(text: string, isCut: (rest: string, before: string) => boolean): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    if (at > from && isCut(text.slice(at), text.slice(from, at))) {
      pieces.push(text.slice(from, at).trim());
      from = at;
    }
    at = text[at] === "(" ? closing(text, at) + 1 : tokenEnd(text, at);
  }
  return [...pieces, text.slice(from).trim()];
}

function blocksIn(text: string, indent: string): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] !== "(") {
      const end = tokenEnd(text, at);
      out += text.slice(at, end);
      at = end;
      continue;
    }
    const end = closing(text, at);
    const inside = text.slice(at + 1, end);
    const isShort = inside.length < 60;
    out +=
      blockStart.test(inside) && !isShort
        ? `(\n${clauses(inside, `${indent}  `)}\n${indent})`
        : `(${blocksIn(inside, indent)})`;
    at = end + 1;
  }
  return out;
}

function clauses(text: string, indent: string): string {
  // `for update`, `on … do update set` and `is distinct from` are no clauses of their own.
  const isClause = (rest: string, before: string): boolean =>
    / $/.test(before) &&
    clauseStart.test(rest) &&
    !/(?:\b(?:for|do|distinct|left|cross|full) |^insert $)$/i.test(before);
  return cut(text, isClause)
    .map((clause) => {
      if (clause.length <= lineWidth) return indent + blocksIn(clause, indent);
      const isWith = /^with\b/i.test(clause);
      const parts = cut(
        clause,
        (rest, before) => / $/.test(before) && (/, $/.test(before) || (!isWith && /^(?:and|or) /i.test(rest))),
      );
      const inner = isWith ? indent : `${indent}  `;
      return parts.map((part, k) => (k === 0 ? indent : inner) + blocksIn(part, k === 0 ? indent : inner)).join("\n");
    })
    .join("\n");
}

export function readable(statement: string, parameters: readonly unknown[]): string {
  const given = parameters.map((value, k) => `-- $${k + 1}: ${JSON.stringify(value)}\n`).join("");
  return `${given}${clauses(onOneLine(statement), "")};\n`;
}
