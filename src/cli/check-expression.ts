/** What a CHECK of one column says, as far as a field can say it too: a few values, limits of a number or of a length. */

export interface CheckMeaning {
  values?: string[];
  min?: number;
  max?: number;
  minLength?: number;
  maxLength?: number;
}

/** Reads `pg_get_expr`'s text; null for anything that a field cannot say in full. `column` is the column's plain name. */
export function meaningOfCheck(expression: string, column: string): CheckMeaning | null {
  const quoted = `"${column.replaceAll('"', '""')}"`;
  const name = `\\(*(?:${escapeRegExp(quoted)}|${escapeRegExp(column)})\\)*(?:::[a-z ]+(?:\\(\\d+\\))?)?\\)*`;
  // A blank passes every CHECK anyway.
  const unwrapped = expression
    .replace(new RegExp(`^\\(\\(${name} IS NULL\\) OR (.*)\\)$`, "s"), "$1")
    .replace(new RegExp(`^\\((.*) OR \\(${name} IS NULL\\)\\)$`, "s"), "$1");
  return valuesOf(unwrapped, name) ?? limitsOf(unwrapped, name);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** `(col = ANY (ARRAY['a'::text, 'b'::text]))`, or `(col = 'a'::text)`. */
function valuesOf(expression: string, name: string): CheckMeaning | null {
  const literal = "(?:E?'(?:[^']|'')*'|-?\\d+(?:\\.\\d+)?)(?:::[a-z ]+)?";
  const list = new RegExp(
    `^\\(*${name} = (?:ANY \\(*ARRAY\\[)?(${literal}(?:, ${literal})*)\\]?[)\\]]*(?:::[a-z ]+(?:\\[\\])?)?\\)*$`,
    "s",
  );
  const match = list.exec(expression);
  if (match === null) return null;
  const values = [...match[1].matchAll(/(E?)'((?:[^']|'')*)'(?:::[a-z ]+)?|(-?\d+(?:\.\d+)?)/gs)].map(
    ([, escaped, text, number]) => {
      if (number !== undefined) return number;
      const plain = text.replaceAll("''", "'");
      return escaped === "E" ? plain.replaceAll("\\\\", "\\") : plain;
    },
  );
  return values.length > 0 ? { values } : null;
}

/** `((col >= 0) AND (col <= 100))`, `(char_length(col) <= 20)`; only when every part is understood. */
function limitsOf(expression: string, name: string): CheckMeaning | null {
  const meaning: CheckMeaning = {};
  const number = "\\(*'?(-?\\d+(?:\\.\\d+)?)'?\\)*(?:::[a-z ]+)?";
  const plain = new RegExp(`^\\(*${name} (>=|<=|>|<) ${number}\\)*$`);
  const length = new RegExp(`^\\(*(?:char_|character_)?length\\(${name}\\)* (>=|<=|>|<) ${number}\\)*$`);
  for (const part of expression.split(" AND ")) {
    const ofLength = length.exec(part);
    const match = ofLength ?? plain.exec(part);
    if (match === null) return null;
    const [, operator, text] = match;
    const limit = Number(text);
    // A strict limit is a limit only for whole numbers.
    if (operator.length === 1 && !Number.isInteger(limit)) return null;
    if (operator === ">" || operator === ">=")
      meaning[ofLength ? "minLength" : "min"] = operator === ">" ? limit + 1 : limit;
    else meaning[ofLength ? "maxLength" : "max"] = operator === "<" ? limit - 1 : limit;
  }
  return meaning;
}
