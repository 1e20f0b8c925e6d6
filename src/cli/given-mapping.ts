/**
 * `--map` as it is written: `Column=field` with how its cells are read, what blank ones count as, the same text in every row, columns
 * joined, a part of a column.
 */
import { addressParts, type FieldSource, nameParts } from "../core/field-source.ts";
import type { Given } from "../core/given-mapping.ts";
import type { MadeField, Mapping, Transform } from "../core/import.ts";
import { meant } from "../core/shape/shape.ts";
import { givenZone } from "../mapping/given-zone.ts";
import { NeedsDecision } from "./decision.ts";

/** How a column can be read, as written after the colon of `--map`. */
const transforms: Readonly<Record<string, Transform>> = {
  dmy: { dateOrder: "dmy" },
  mdy: { dateOrder: "mdy" },
  ymd: { dateOrder: "ymd" },
  serial: { dateOrder: "serial" },
  comma: { decimalMark: "," },
  point: { decimalMark: "." },
  "by-semicolon": { separator: ";" },
  "by-comma": { separator: "," },
  "by-pipe": { separator: "|" },
  "by-slash": { separator: "/" },
  "by-tab": { separator: "\t" },
  "by-line": { separator: "\n" },
};
/** `pad5`: codes of five digits. */
const maxPadTo = 30;

export const separatorNames: readonly string[] = Object.keys(transforms).filter(
  (name) => transforms[name].separator !== undefined,
);

/** What `--map` calls a separator; the first of them where it has no name. */
export function nameOfSeparator(transform: Transform | undefined): string {
  const mark = transform?.separator?.trim() || transform?.separator;
  return separatorNames.find((name) => transforms[name].separator === mark) ?? separatorNames[0];
}

function transformOf(how: string): Transform | undefined {
  const width = Number(/^pad(\d{1,2})$/.exec(how)?.[1] ?? Number.NaN);
  if (width >= 2 && width <= maxPadTo) return { padTo: width };
  if (Object.hasOwn(transforms, how)) return transforms[how];
  const timeZone = givenZone(how);
  return timeZone === null ? undefined : { timeZone };
}

/** `dmy`, `Europe/Paris`, `mdy,UTC`. */
function transformsOf(how: string): Transform | undefined {
  const found = how.split(",").map((each) => transformOf(each.trim()));
  return found.every((each) => each !== undefined) ? Object.assign({}, ...found) : undefined;
}

/**
 * `Column=field`, `Column=field:dmy`, `Column=` (left out), `Column|'text'=field` (what blank cells count as), `'text'=field` (in
 * every row), `First+' '+Last=field`, `Name[first]=field`. The column's name may hold `=` itself; a column that is called just like
 * what is written is meant by it.
 */
export function parseMapping(text: string): Given {
  const at = text.lastIndexOf("=");
  if (at <= 0)
    throw new NeedsDecision(
      `--map "${text}" must have the form "Column=field" (or "Column=" to leave the column out). In the place of the column may stand ` +
        `'text' (in every row), First+' '+Last (joined) or Name[first] (a part).`,
    );
  const target = text.slice(at + 1).trim();
  const colon = target.indexOf(":");
  const [field, how] = colon < 0 ? [target, undefined] : [target.slice(0, colon), target.slice(colon + 1)];
  const transform = how === undefined ? undefined : transformsOf(how);
  if (how !== undefined && transform === undefined) {
    throw new NeedsDecision(
      `--map "${text}": after the colon stands one of ${Object.keys(transforms).join(", ")}, pad5 (zeros before codes of five digits), or a time zone such as UTC, +02:00 or Europe/Paris.`,
    );
  }
  const written = text.slice(0, at).trim();
  const fallback = /^(.*)\|'([^']+)'$/s.exec(written);
  const column = (fallback?.[1] ?? written).trim();
  const more = { ...(transform && { transform }), ...(fallback !== null && { default: fallback[2] }) };
  const source = field === "" ? null : sourceOf(column, text);
  if (source === null) return { column, field: field === "" ? null : field, ...more };
  return { field, source, ...more, unlessColumn: column };
}

/** What is written in the place of a column, where it is more than a column's name. */
function sourceOf(written: string, text: string): FieldSource<string> | null {
  const constant = /^'(.+)'$/s.exec(written);
  if (constant !== null && !constant[1].includes("'")) return { kind: "constant", value: constant[1] };
  return joinOf(written, text) ?? splitOf(written, text);
}

/** `First+Last`, `First+', '+Last`: what stands between quotes goes between the cells; a space where nothing does. */
function joinOf(written: string, text: string): FieldSource<string> | null {
  const pieces = written.split(/\+(?=(?:[^']*'[^']*')*[^']*$)/).map((piece) => piece.trim());
  const columns = pieces.filter((piece) => !/^'.*'$/s.test(piece));
  if (pieces.length < 2 || columns.length < 2 || columns.includes("")) return null;
  const between = pieces.filter((piece) => /^'.*'$/s.test(piece)).map((piece) => piece.slice(1, -1));
  const separator = between.length === 0 ? " " : between[0];
  if (between.some((each) => each !== separator))
    throw new NeedsDecision(`--map "${text}": columns are joined by one separator; here are several.`);
  return { kind: "join", columns, separator };
}

/** `Name[first]`, `Address[city]`, `Codes[;2]`. */
function splitOf(written: string, text: string): FieldSource<string> | null {
  const split = /^(.+)\[([^\]]+)\]$/s.exec(written);
  if (split === null) return null;
  const [column, part] = [split[1].trim(), split[2]];
  const ofName = nameParts.find((each) => each === part);
  if (ofName !== undefined) return { kind: "split", column, by: "name", part: ofName };
  const ofAddress = addressParts.find((each) => each === part);
  if (ofAddress !== undefined) return { kind: "split", column, by: "address", part: ofAddress };
  const piece = /^(.*?[^\d-])(-?\d{1,3})$/s.exec(part);
  if (piece !== null && Number(piece[2]) !== 0)
    return { kind: "split", column, by: "separator", separator: piece[1], part: Number(piece[2]) };
  const hint = meant(part, [...nameParts, ...addressParts]);
  // `Price [EUR]` is a column's own name.
  if (!hint.startsWith("Did")) return null;
  throw new NeedsDecision(`--map "${text}": there is no part "${part}". ${hint}`);
}

/** A source as `--map` has it. */
export function writtenSource({ source, default: fallback }: MadeField, { columns }: Mapping): string {
  const header = (place: number): string => columns[place]?.header ?? "";
  const rest = fallback === undefined ? "" : `|'${fallback}'`;
  switch (source.kind) {
    case "constant":
      return `'${source.value}'`;
    case "join":
      return `${source.columns.map(header).join(`+'${source.separator}'+`)}${rest}`;
    case "split":
      return `${header(source.column)}[${source.by === "separator" ? source.separator : ""}${source.part}]${rest}`;
  }
}
