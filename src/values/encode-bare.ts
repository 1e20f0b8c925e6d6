/**
 * Encoders that undo what other programs did to a cell: marks for spreadsheets, words for a null, characters that nobody sees. What a
 * field reads as it stands costs nothing: only a cell that it refuses is looked at a second time.
 */
import type { Field, FieldKind } from "../core/field.ts";
import type { IssueCode } from "../core/issue.ts";
import { backslashNull, isBlankWord, isSurelyBlank } from "./blank-words.ts";
import { CopyText } from "./copy-text.ts";
import { decodeCell, type Encode, type Finding, isWarning } from "./encode.ts";
import { asKey, withoutUnseen, withoutUnseenEnds } from "./invisible.ts";
import { withoutMarks } from "./other-programs.ts";
import { mayBeMarked } from "./verbatim.ts";

/** The cell says that it has no value: nothing is written. */
export const blankWord: Finding = { code: "blank_word" };

/** What keeps a text from being a value; null: nothing does. */
export function refusalOf(encode: Encode, text: string): Finding | null {
  const bytes = Buffer.from(text);
  const finding = encode(bytes, 0, bytes.length, new CopyText(2 * bytes.length + 64));
  return finding === null || (isWarning(finding) && finding !== blankWord) ? null : finding;
}

const findings = {
  constant_formula: { code: "constant_formula" },
  guard_removed: { code: "guard_removed" },
  unseen_removed: { code: "unseen_removed" },
} as const satisfies Partial<Record<IssueCode, Finding>>;

/** A longer cell holds something else. */
const maxBytes = 2000;

/** Kinds that take every text, so that what stands in a cell must be undone before. */
const texts: ReadonlySet<FieldKind> = new Set(["text", "reference"]);

/** Whether words such as `#N/A` are blanks in the field, though nobody has said so. */
export function heedsBlankWords({ kind, ...field }: Field): boolean {
  const element = "element" in field ? (field.element as Field) : null;
  return element === null ? !texts.has(kind) : heedsBlankWords(element);
}

/** `isSought`: records are found by the field. `words`: what counts as a blank, as the mapping says. */
export function encodingBare(
  encode: Encode,
  field: Field,
  { isSought, words = [] }: { isSought: boolean; words?: readonly string[] | undefined },
): Encode {
  const { kind } = field;
  const bare = texts.has(kind) ? bareText(encode, kind, isSought || kind === "reference") : readAgain(encode, kind);
  return words.length === 0 ? bare : withBlankWords(bare, words);
}

/** Of a kind that refuses what it cannot read. */
function readAgain(encode: Encode, kind: FieldKind): Encode {
  return (bytes, start, end, out) => {
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    if (finding === null || isWarning(finding) || end - start > maxBytes) return finding;
    const stood = decodeCell(bytes, start, end);
    if (stood === backslashNull || isBlankWord(stood, kind)) {
      out.length = before;
      return blankWord;
    }
    const bare = bareOf(stood, kind);
    if (bare === null) return finding;
    out.length = before;
    if (bare.text === "" || isBlankWord(bare.text, kind)) return blankWord;
    const cell = Buffer.from(bare.text);
    const again = encode(cell, 0, cell.length, out);
    return again ?? findings[bare.code];
  };
}

function bareOf(stood: string, kind: FieldKind): { text: string; code: keyof typeof findings } | null {
  const seen = withoutUnseen(stood).trim();
  const marked = withoutMarks(seen, false, kind === "url" ? "address" : "text");
  if (marked !== null) return { text: withoutUnseen(marked.text).trim(), code: marked.mark };
  return seen === stood ? null : { text: seen, code: "unseen_removed" };
}

/** Of a kind that takes every text. */
function bareText(encode: Encode, kind: FieldKind, isSought: boolean): Encode {
  return (bytes, start, end, out) => {
    if (!mayBeMarked(bytes, start, end, isSought) || end - start > maxBytes) return encode(bytes, start, end, out);
    const stood = decodeCell(bytes, start, end);
    if (kind === "reference" ? isSurelyBlank(stood) : stood === backslashNull) return blankWord;
    const marked = withoutMarks(withoutUnseenEnds(stood), true);
    const text = isSought ? asKey(marked?.text ?? stood) : withoutUnseenEnds(marked?.text ?? stood);
    if (text === stood || text.includes("\ufffd")) return encode(bytes, start, end, out);
    if (text === "") return blankWord;
    const cell = Buffer.from(text);
    return encode(cell, 0, cell.length, out) ?? findings[marked?.mark ?? "unseen_removed"];
  };
}

function withBlankWords(encode: Encode, words: readonly string[]): Encode {
  const blanks = new Set(words.map((word) => word.trim()));
  const longest = Math.max(...[...blanks].map((word) => Buffer.byteLength(word)));
  return (bytes, start, end, out) =>
    end - start <= longest && blanks.has(decodeCell(bytes, start, end)) ? blankWord : encode(bytes, start, end, out);
}
