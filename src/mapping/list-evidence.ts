/** How a list's cells are split, judged by what they hold: the separator, and how the parts themselves are read. */
import type { Field } from "../core/field.ts";
import { type ListField, separatorsOf } from "../core/fields/list.ts";
import type { ColumnMapping } from "../core/import.ts";
import { CopyText } from "../values/copy-text.ts";
import { type Encode, isWarning } from "../values/encode.ts";
import { usualSeparators } from "../values/encode-list.ts";
import { encodersOf } from "../values/encoder.ts";
import { partsOf } from "../values/split-cell.ts";
import { noEvidence, weighCell } from "./column-evidence.ts";
import { type ColumnProfile, profileOf } from "./profile.ts";

/** Separators of lists; those come first that hardly occur within a value. A comma with a space leaves decimals whole. */
export const knownSeparators: readonly string[] = ["\n", ";", "|", "\t", ", ", ",", "/"];

/** A separator that splits fewer cells than this share of the best one's is a slip, or text. */
const leastShare = 0.2;
/** Parts of a cell that are looked at. */
const maxParts = 50;

type Cells = ColumnProfile["top"];

/** Adds the separator, the doubt about it, and what is known of the parts. What the field or a person says stays. */
export function withListEvidence(
  column: ColumnMapping,
  field: ListField,
  profile: ColumnProfile,
  withEvidence: (column: ColumnMapping, field: Field, profile: ColumnProfile) => ColumnMapping,
): ColumnMapping {
  const said = column.transform?.separator;
  const found = said === undefined && separatorsOf(field) === undefined ? foundSeparator(field, profile.top) : null;
  const separator = said ?? found?.mark;
  const marks = separator === undefined ? (separatorsOf(field) ?? usualSeparators) : [separator];
  const read = withEvidence(
    { ...column, ...(separator !== undefined && { transform: { ...column.transform, separator } }) },
    field.element,
    profileOfParts(profile, marks),
  );
  // A list has no codes to repair.
  const { repair: _, nature: __, blanks: ___, ...plain } = read;
  return found?.isDoubtful ? { ...plain, doubt: plain.doubt ?? "separator" } : plain;
}

/** What the parts look like, as if each were a cell. */
function profileOfParts({ header, top }: ColumnProfile, marks: readonly string[]): ColumnProfile {
  const evidence = noEvidence();
  for (const { value, count } of top)
    for (const part of partsOf(value, marks, maxParts)) weighCell(evidence, part, false, count);
  return profileOf(header, evidence, { rows: evidence.cells, filled: evidence.cells, distinct: top.length, top });
}

/** The separator that splits the cells into values of the element; null where none does. */
function foundSeparator(field: ListField, cells: Cells): { mark: string; isDoubtful: boolean } | null {
  // The order of dates and the decimal mark are not known yet: a part that fits either way is one.
  const readings = [{}, { dateOrder: "mdy" }, { decimalMark: "," }, { decimalMark: "." }] as const;
  const encoders = readings.map(
    (transform) => encodersOf("element", field.element, { transform, isKey: false }).encode,
  );
  const candidates = knownSeparators
    // `1,5` is a number.
    .filter((mark) => mark !== "," || field.element.kind !== "decimal")
    .map((mark) => ({ mark, weight: weightOf(mark, cells, encoders) }));
  const best = Math.max(...candidates.map(({ weight }) => weight));
  if (best === 0) return null;
  const [first, ...others] = candidates.filter(({ weight }) => weight >= leastShare * best);
  // Where every comma is followed by a space, both split the same cells.
  const rivals = others.filter(({ mark }) => mark.trim() !== first.mark.trim());
  if (first.mark === ", ") {
    const bare = candidates.find(({ mark }) => mark === ",");
    if (bare !== undefined && bare.weight >= first.weight) return { mark: ",", isDoubtful: rivals.length > 0 };
  }
  return { mark: first.mark, isDoubtful: rivals.length > 0 };
}

const out = new CopyText(1024);

/** In how many cells the mark separates values that are each one of the element's. */
function weightOf(mark: string, cells: Cells, encoders: readonly Encode[]): number {
  const isOne = (part: string): boolean => {
    const bytes = Buffer.from(part);
    return encoders.some((encode) => {
      out.length = 0;
      const finding = encode(bytes, 0, bytes.length, out);
      return finding === null || isWarning(finding);
    });
  };
  let weight = 0;
  for (const { value, count } of cells) {
    if (!value.includes(mark)) continue;
    const parts = partsOf(value, [mark], maxParts);
    if (parts.length > 1 && parts.every(isOne)) weight += count;
  }
  return weight;
}
