/** A field whose values are not the cells of one column, as a dialog asks for it. */
import type { FieldSource, GivenField, MappedField } from "../../../client/index.ts";

export const ways = ["constant", "join", "split"] as const;
export type Way = (typeof ways)[number];

/** Parts of a column: of a name, of an address, a piece between separators. */
export const parts = ["first", "last", "title", "street", "postal_code", "city", "country", "piece"] as const;
export type Part = (typeof parts)[number];
const nameParts: ReadonlySet<Part> = new Set(["first", "last", "title"]);

/** What the dialog holds, whichever way is open. */
export interface MadeDraft {
  way: Way;
  value: string;
  columns: readonly string[];
  joiner: string;
  column: string;
  part: Part;
  separator: string;
  piece: number;
  fallback: string;
}

export function draftOf(made: MappedField | undefined, field: string): MadeDraft {
  const draft: MadeDraft = {
    way: "constant",
    value: "",
    columns: [],
    joiner: " ",
    column: "",
    part: likelyPart(field),
    separator: ";",
    piece: 1,
    fallback: made?.default ?? "",
  };
  const source = made?.source;
  if (source === undefined) return draft;
  if (source.kind === "constant") return { ...draft, value: source.value };
  if (source.kind === "join") return { ...draft, way: "join", columns: source.columns, joiner: source.separator };
  const split = { ...draft, way: "split" as const, column: source.column };
  return source.by === "separator"
    ? { ...split, part: "piece", separator: source.separator, piece: source.part }
    : { ...split, part: source.part };
}

/** The part that a field of such a name most likely is. */
function likelyPart(field: string): Part {
  const name = field.toLowerCase();
  if (/first|given|prenom|fornamn/.test(name)) return "first";
  if (/last|sur|family|efternamn/.test(name)) return "last";
  if (/street|address|adresse|rue|gata/.test(name)) return "street";
  if (/post|zip/.test(name)) return "postal_code";
  if (/city|town|ville|ort/.test(name)) return "city";
  if (/country|pays|land/.test(name)) return "country";
  return "first";
}

/** What it says; null: something is missing. */
export function givenOf(field: string, draft: MadeDraft): GivenField | null {
  const source = sourceOf(draft);
  if (source === null) return null;
  const fallback = draft.fallback.trim();
  return { field, source, ...(source.kind !== "constant" && fallback !== "" && { default: fallback }) };
}

function sourceOf({ way, value, columns, joiner, column, part, separator, piece }: MadeDraft): FieldSource | null {
  if (way === "constant") return value.trim() === "" ? null : { kind: "constant", value: value.trim() };
  if (way === "join") return columns.length === 0 ? null : { kind: "join", columns: [...columns], separator: joiner };
  if (column === "") return null;
  if (part === "piece")
    return separator === "" || piece === 0 ? null : { kind: "split", column, by: "separator", separator, part: piece };
  return nameParts.has(part)
    ? { kind: "split", column, by: "name", part: part as "first" }
    : { kind: "split", column, by: "address", part: part as "street" };
}
