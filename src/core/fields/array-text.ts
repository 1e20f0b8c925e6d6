/** Arrays of one dimension in Postgres's text form (the manual, section 8.15.2): `{1,"a, b",NULL}`. */

/** The elements of an array's text; null for Postgres's null. */
export function arrayParts(text: string): (string | null)[] {
  const parts: (string | null)[] = [];
  const end = text.length - 1;
  for (let i = 1; i < end; i++) {
    if (text[i] !== '"') {
      let to = text.indexOf(",", i);
      if (to < 0) to = end;
      const bare = text.slice(i, to);
      parts.push(bare === "NULL" ? null : bare);
      i = to;
      continue;
    }
    let part = "";
    let from = ++i;
    for (; i < end && text[i] !== '"'; i++) {
      if (text[i] !== "\\") continue;
      part += text.slice(from, i);
      from = ++i;
    }
    parts.push(part + text.slice(from, i));
    // The quote is followed by a comma, or the end.
    i++;
  }
  return parts;
}

/** The same the other way round, every element in quotes. */
export function arrayText(parts: readonly (string | null)[]): string {
  return `{${parts.map((part) => (part === null ? "NULL" : `"${part.replace(/[\\"]/g, "\\$&")}"`)).join(",")}}`;
}
