/**
 * The repairs of an import's fields: which kinds of issue have one, and what each makes of a cell. A repair counts only where the
 * field's own reader then takes the cell.
 */
import { type Field, kindOf } from "../core/field.ts";
import { type ImportJob, mappedTo } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type IssueCode, issueSeverity, type StoredIssue } from "../core/issue.ts";
import { keyFields } from "../core/keys.ts";
import { maxRepairChars, type RepairChoice, type RepairKind, repairKinds } from "../core/repairs.ts";
import type { CellAbove, HeldRow, RowChange, Selection } from "../core/store/review.ts";
import { closestWord } from "../values/closest-word.ts";
import { CopyText } from "../values/copy-text.ts";
import { emailMeant } from "../values/email-slips.ts";
import { type Finding, isWarning } from "../values/encode.ts";
import { maxLostZeros } from "../values/encode-text.ts";
import { choiceWords } from "../values/encode-words.ts";
import { lateMakerOf } from "./late-column.ts";
import type { NewCell, Revalidator } from "./revalidate.ts";
import { type CellColumn, hasCell, type Slot, slotOf } from "./slot.ts";
import { stageColumns } from "./stage-columns.ts";

/** One repair of one kind of issue, and the cells that it is about. */
export interface PlannedRepair extends RepairChoice {
  /** The cell's place in its row. */
  place: number;
  /** It is looked for in valid rows too, by the cell: a regular expression of Postgres. Null: rows with the issue have it. */
  pattern: string | null;
}

/** A cell as a repair sees it. */
export interface RepairedCell {
  text: string;
  above?: CellAbove | null;
}

/** What makes a cell right, each a try: the field's reader decides. */
type Mend = (cell: RepairedCell) => readonly NewCell[];

interface FieldRepairs {
  slot: Slot;
  field: Field;
  repairs: ReadonlyMap<RepairKind, { codes: ReadonlySet<IssueCode>; mend: Mend; pattern?: string }>;
}

/** What can be wrong with a cell by itself, whatever the kind of its field; each kind has more. */
const cellCodes: readonly IssueCode[] = [
  "encoding_invalid",
  "nul_character",
  "spreadsheet_damage",
  "number_too_small",
  "number_too_large",
  "value_rejected",
  "cell_error",
  "cell_too_long",
  "date_damage",
];
/** Of a row as a whole, said of one of its fields. */
const rowCodes: readonly IssueCode[] = ["row_rejected", "at_least_one"];

export class Repairer {
  readonly #fields = new Map<string, FieldRepairs>();
  readonly #out = new CopyText(1024);

  constructor(importer: Importer, job: ImportJob) {
    const { mapping } = job;
    const keys = keyFields(job.duplicates.keys);
    for (const column of stageColumns(importer, mapping, job.assignment).filter(hasCell)) {
      const { name, parts } = column;
      const isPlain = parts === undefined && Object.hasOwn(importer.fields, name);
      if (!isPlain || lateMakerOf(importer, mapping, name) !== null) continue;
      this.#fields.set(name, fieldRepairs(column, importer, job, keys));
    }
  }

  /** All repairs that fields may have; the one that changes least comes first of each kind of issue. */
  planned(): PlannedRepair[] {
    const planned: PlannedRepair[] = [];
    for (const [field, { slot, repairs }] of this.#fields) {
      for (const repair of repairKinds) {
        const found = repairs.get(repair);
        if (found === undefined) continue;
        for (const code of found.codes)
          planned.push({ field, code, repair, place: slot.column, pattern: found.pattern ?? null });
      }
    }
    return planned;
  }

  /** The repair that somebody chose; null where the field has none such. */
  plan({ field, code, repair }: RepairChoice): PlannedRepair | null {
    const found = this.#fields.get(field);
    const of = found?.repairs.get(repair);
    return found === undefined || of === undefined || !of.codes.has(code)
      ? null
      : { field, code, repair, place: found.slot.column, pattern: of.pattern ?? null };
  }

  isWords(field: string): boolean {
    const found = this.#fields.get(field);
    return found !== undefined && kindOf(found.field).isWords === true;
  }

  /** What could be put into a cell; the first that the field takes is meant. */
  tries({ field, repair }: RepairChoice, cell: RepairedCell): readonly NewCell[] {
    return this.#fields.get(field)?.repairs.get(repair)?.mend(cell) ?? [];
  }

  /** What a cell becomes; null: the repair does not make it right. */
  mended(choice: RepairChoice, cell: RepairedCell): NewCell | null {
    const slot = this.#fields.get(choice.field)?.slot;
    if (slot === undefined) return null;
    return (
      this.tries(choice, cell).find((each) => {
        const finding = this.#read(slot, each);
        return finding === null || (isWarning(finding) && finding.code !== choice.code);
      }) ?? null
    );
  }

  /** Warnings of a valid row that the repair does away with, and that are only counted. */
  uncapped({ field, code }: RepairChoice, held: HeldRow, text: string): StoredIssue[] {
    const slot = this.#fields.get(field)?.slot;
    if (slot === undefined || held.status !== "valid" || held.warnings.some(({ c, f }) => c === code && f === field))
      return [];
    const finding = this.#read(slot, { text });
    return finding?.code === code
      ? [{ c: code, f: field, ...(finding.params !== undefined && { p: finding.params }) }]
      : [];
  }

  /** A cell as staging reads it. */
  #read(slot: Slot, { text, isTyped = false }: NewCell): Finding | null {
    const trimmed = text.trim();
    const { fallback } = slot;
    this.#out.length = 0;
    if (trimmed === "") {
      if (fallback !== null) return fallback.encode(fallback.bytes, 0, fallback.bytes.length, this.#out);
      return slot.required ? requiredFinding : null;
    }
    const bytes = Buffer.from(trimmed);
    const finding = (isTyped ? slot.encodeTyped : slot.encode)(bytes, 0, bytes.length, this.#out);
    const isTaken = finding === null || isWarning(finding);
    return isTaken && slot.required && this.#out.length === 0 ? requiredFinding : finding;
  }
}

const requiredFinding: Finding = { code: "required" };

/** Whether a row's cell is right after a repair, whatever else is wrong with the row. */
export function isRepaired({ field, code }: RepairChoice, { issues, warnings }: RowChange): boolean {
  return (
    (issues ?? []).every(({ c, f }) => f !== field || rowCodes.includes(c)) &&
    !warnings.some(({ c, f }) => f === field && c === code)
  );
}

/** The rows that a repair looks at. */
export function repairSelection({ field, code, repair, place, pattern }: PlannedRepair, repairer: Repairer): Selection {
  if (pattern !== null) return { text: pattern, match: "pattern", cells: [place], staged: [field] };
  return {
    text: null,
    match: "equal",
    cells: [],
    staged: [],
    issue: { c: code, f: field },
    ...(repair === "row_above" && { above: { field, place, isWords: repairer.isWords(field) } }),
  };
}

/** What a repair makes of a row; null: it does not make its cell right. */
export function repairRow(
  planned: PlannedRepair,
  repairer: Repairer,
  revalidator: Revalidator,
  held: HeldRow,
): RowChange | null {
  const { field, code, place, pattern } = planned;
  // What is wrong with the cell is another repair's.
  if (pattern !== null && held.issues.some(({ f }) => f === field)) return null;
  const text = held.status === "valid" ? revalidator.shown(held, field) : revalidator.cells(held)[place];
  for (const cell of repairer.tries(planned, { text, above: held.above })) {
    const change = revalidator.revalidate(held, new Map([[place, cell]]));
    if (change === null) return null;
    if (!isRepaired({ field, code, repair: planned.repair }, change)) continue;
    const uncapped = pattern === null ? [] : repairer.uncapped(planned, held, text);
    return uncapped.length === 0 ? change : { ...change, uncapped };
  }
  return null;
}

function fieldRepairs(column: CellColumn, importer: Importer, job: ImportJob, keys: readonly string[]): FieldRepairs {
  const { name } = column;
  const field = importer.fields[name];
  const slot = slotOf(column, importer, job.mapping, keys);
  const repairs: [RepairKind, { codes: readonly IssueCode[]; mend: Mend; pattern?: string }][] = [];
  const { transform = {} } = mappedTo(job.mapping, name) ?? {};
  if (field.kind === "text") {
    const width = transform.padTo === undefined ? widthOf(job, name) : undefined;
    if (width !== undefined) {
      repairs.push([
        "leading_zeros",
        {
          codes: ["leading_zero_lost"],
          mend: byText((text) => zerosPutBack(text, width)),
          pattern: shortDigits(width),
        },
      ]);
    } else if (field.pattern !== undefined || (field.minLength !== undefined && field.minLength === field.maxLength)) {
      const codes: IssueCode[] = field.pattern === undefined ? ["text_too_short"] : ["text_pattern", "text_too_short"];
      repairs.push(["leading_zeros", { codes, mend: byText((text) => zerosPutBack(text)) }]);
    }
  }
  if (field.kind === "email") {
    repairs.push(["email", { codes: ["email_invalid"], mend: byText((text) => [emailMeant(text)]) }]);
  }
  if (field.kind === "choice") {
    const closest = remembered(closestWord(choiceWords(field, transform)));
    repairs.push(["closest_choice", { codes: ["choice_unknown"], mend: byText((text) => [closest(text)]) }]);
  }
  const codes = [...cellCodes, ...(Object.keys(kindOf(field).issues) as IssueCode[])];
  const errors = codes.filter((code) => issueSeverity[code] === "error" && code !== "reference_unknown");
  // A list has several by itself.
  if (field.kind !== "list")
    repairs.push(["first_value", { codes: errors, mend: byText((text) => firstOfCell(text, slot)) }]);
  // A key that is the same in two rows makes one record of them.
  if (slot.required && !keys.includes(name)) {
    const mend: Mend = ({ text, above }) =>
      text.trim() === "" && above != null && above.text.length <= maxRepairChars ? [above] : [];
    repairs.push(["row_above", { codes: ["required"], mend }]);
  }
  if (!slot.required) {
    repairs.push(["leave_empty", { codes: errors, mend: ({ text }) => (text === "" ? [] : [{ text: "" }]) }]);
  }
  return {
    slot,
    field,
    repairs: new Map(repairs.map(([kind, { codes, ...rest }]) => [kind, { codes: new Set(codes), ...rest }])),
  };
}

function byText(meant: (text: string) => readonly (string | null)[]): Mend {
  return ({ text }) =>
    text.length > maxRepairChars
      ? []
      : meant(text.trim()).flatMap((each) => (each === null || each === text ? [] : [{ text: each }]));
}

/** What parts several values in a cell. A comma and a slash stand in numbers, dates and words too: only with blanks do they part. */
const severalMarks: readonly RegExp[] = [/[;|\r\n]/, /, +/, / +\/ +/];

/** The first of several values, all of which the field takes: otherwise the cell is something else. */
function firstOfCell(text: string, { encode }: Slot): string[] {
  const out = new CopyText(64);
  const isTaken = (part: string): boolean => {
    const bytes = Buffer.from(part);
    out.length = 0;
    const finding = encode(bytes, 0, bytes.length, out);
    return finding === null || isWarning(finding);
  };
  for (const mark of severalMarks) {
    const parts = text
      .split(mark)
      .map((part) => part.trim())
      .filter((part) => part !== "");
    if (parts.length > 1 && parts.every(isTaken)) return [parts[0]];
  }
  return [];
}

/** The digits that a column of codes has; undefined where it is none. */
function widthOf({ mapping }: ImportJob, name: string): number | undefined {
  return mapping.columns.find(({ field }) => field === name)?.repair?.width;
}

/** Codes of digits with the zeros that a spreadsheet took off them: to a width, or one, then two. */
function zerosPutBack(text: string, width?: number): string[] {
  if (!/^\d+$/.test(text)) return [];
  if (width === undefined) return Array.from({ length: maxLostZeros }, (_, k) => "0".repeat(k + 1) + text);
  return text.length < width && text.length >= width - maxLostZeros ? [text.padStart(width, "0")] : [];
}

function shortDigits(width: number): string {
  return `^\\s*[0-9]{${Math.max(1, width - maxLostZeros)},${width - 1}}\\s*$`;
}

/** Different texts whose outcome is remembered. */
const mostRemembered = 10_000;

function remembered<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = find(text);
    if (known.size >= mostRemembered) known.clear();
    known.set(text, found);
    return found;
  };
}
