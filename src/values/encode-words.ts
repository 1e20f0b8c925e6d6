/** Reads cells whose words mean a value: choices and booleans, whatever the language, case and accents. */
import { SluiceError, told } from "../core/errors.ts";
import { choicesOf } from "../core/field.ts";
import type { BooleanField } from "../core/fields/boolean.ts";
import type { ChoiceField } from "../core/fields/choice.ts";
import type { Transform } from "../core/import.ts";
import { isBackslashNull } from "./blank-words.ts";
import { withMemo } from "./cell-memo.ts";
import { dateDamage, isDay, refusingTypedDays } from "./date-damage.ts";
import { decodeCell, type Encode, type Finding } from "./encode.ts";
import { fold } from "./fold.ts";
import type { FieldReader } from "./read-field.ts";
import { readShownNumber } from "./read-number.ts";

/** English, French and Swedish; `x` and `✓` as people tick lists. */
const yes = "true t yes y 1 on x vrai v oui o sant sann ja j ✓ ✔ ☑ ✅".split(" ");
const no = "false f no n 0 off faux non falskt falsk nej ✗ ✘ ☐ ❌".split(" ");
const booleans = new Map([...yes.map((word) => [word, "t"] as const), ...no.map((word) => [word, "f"] as const)]);

/** A word as boolean (`t`, `f`), or null. */
export function readBoolean(text: string): string | null {
  const known = booleans.get(text.toLowerCase());
  if (known !== undefined) return known;
  // Folding makes no other word of plain letters.
  return /^[a-z]+$/i.test(text) ? null : (booleans.get(fold(text)) ?? null);
}

/** Without its backslash a null would be an N, which may mean no. */
export const encodeBoolean: Encode = (bytes, start, end, out) => {
  const value =
    end - start > 20 || isBackslashNull(bytes, start, end) ? null : readBoolean(decodeCell(bytes, start, end));
  if (value === null) return booleanInvalid;
  out.text(value);
  return null;
};
const booleanInvalid: Finding = { code: "boolean_invalid" };

export const booleanReader: FieldReader<BooleanField> = {
  encoder: () => withMemo(encodeBoolean),
  written: (_field, stored) => (stored === "true" ? "t" : stored === "false" ? "f" : stored),
};

/** Folded word → value: the values themselves, the field's words, then the mapping's own value map. */
export function choiceWords(field: ChoiceField, transform: Transform): Map<string, string> {
  const words = new Map<string, string>();
  for (const { value, words: others } of choicesOf(field) ?? []) {
    for (const word of [value, ...others]) words.set(fold(word), value);
  }
  for (const [word, value] of Object.entries(transform.values ?? {})) {
    if (!Object.hasOwn(field.values, value)) {
      throw new SluiceError(
        "invalid",
        told`The value map turns "${word}" into "${value}", which is not one of: ${Object.keys(field.values).join(", ")}.`,
      );
    }
    words.set(fold(word), value);
  }
  return words;
}

export function choiceEncoder(field: ChoiceField, transform: Transform): Encode {
  const words = choiceWords(field, transform);
  const unknown: Finding = { code: "choice_unknown", params: { choices: Object.keys(field.values).join(", ") } };
  return (bytes, start, end, out) => {
    const isWord = end - start <= 200 && !isBackslashNull(bytes, start, end);
    const value = !isWord ? undefined : words.get(fold(decodeCell(bytes, start, end)));
    if (value === undefined) {
      const text = decodeCell(bytes, start, end);
      return isDay(text) ? dateDamage(text) : unknown;
    }
    out.text(value);
    return null;
  };
}

export const choiceReader: FieldReader<ChoiceField> = {
  encoder: (field, { transform }) => withMemo(choiceEncoder(field, transform)),
  typed: (_field, encode) => refusingTypedDays(orItsNumber(encode)),
};

/** The same encoder for cells that the file typed: of a number that is shown as no option is (`01`), its plain form may be one. */
function orItsNumber(encode: Encode): Encode {
  return (bytes, start, end, out) => {
    const finding = encode(bytes, start, end, out);
    if (finding?.code !== "choice_unknown") return finding;
    const text = decodeCell(bytes, start, end);
    const number = readShownNumber(text);
    if (number === null || number === text) return finding;
    const plain = Buffer.from(number);
    return encode(plain, 0, plain.length, out) === null ? null : finding;
  };
}
