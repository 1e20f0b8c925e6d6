/** Several values of one kind in a cell. */
import { type Check, isObject, isPattern, shown, whole } from "../shape/shape.ts";
import { arrayParts } from "./array-text.ts";
import type { BooleanField } from "./boolean.ts";
import { type ChoiceField, shownChoice } from "./choice.ts";
import type { DateField } from "./date.ts";
import type { DatetimeField } from "./datetime.ts";
import type { DecimalField } from "./decimal.ts";
import type { EmailField } from "./email.ts";
import type { IntegerField } from "./integer.ts";
import {
  type Common,
  type FieldOptions,
  type Kind,
  made,
  mergeRules,
  type StageType,
  type TargetColumnType,
} from "./kind.ts";
import type { PhoneField } from "./phone.ts";
import { marksOf, separatorProblem } from "./separator.ts";
import type { TextField } from "./text.ts";
import type { TimeField } from "./time.ts";
import type { UrlField } from "./url.ts";
import type { UuidField } from "./uuid.ts";

/** What a list can be made of: fields of one value that stands in the file. */
export type ElementField =
  | TextField
  | EmailField
  | PhoneField
  | IntegerField
  | DecimalField
  | DateField
  | DatetimeField
  | TimeField
  | BooleanField
  | ChoiceField
  | UrlField
  | UuidField;

export interface ListOptions {
  /**
   * What separates the values in a cell: a text, several of them, or a pattern of single characters, as `/[;,]/`. Default: what the
   * column's cells show.
   */
  separator?: string | readonly string[] | RegExp | undefined;
  /** Most values of a cell, those that come twice counted once. Default 1000. */
  max?: number | undefined;
}
export type ListField<E extends ElementField = ElementField> = Common & {
  readonly kind: "list";
  readonly element: E;
  readonly max: number;
} & Pick<ListOptions, "separator">;

/** Values of a cell where the field does not say. */
const usualMost = 1000;

/**
 * Several values in a cell, stored as an array of Postgres or of jsonb. Each part is trimmed and read as `element` says; quotes keep
 * a separator within a part, blank parts are dropped, and a value that comes twice is kept once. A cell may also be a JSON array.
 *
 * @example
 * tags: field.list(field.text(), { separator: ";", merge: "append" })
 */
export function list<const E extends ElementField>(element: E, options: FieldOptions & ListOptions = {}): ListField<E> {
  return { max: usualMost, ...made("list", options), element };
}

/** What separates the values in a list's cells; undefined: the column's own evidence decides. */
export function separatorsOf({ separator }: Pick<ListField, "separator">): readonly string[] | undefined {
  return separator === undefined ? undefined : marksOf(separator);
}

const separator: Check = (value, place) => separatorProblem(value, place);
const element: Check = (value, place) => {
  if (typeof value === "function") return `${place} is a function. Call it, as field.list(field.text())`;
  return isObject(value) && !isPattern(value)
    ? null
    : `${place} is ${shown(value)}: it must be a field, as field.text()`;
};

/** What is known of another field's kind, which the list of kinds knows. */
export type KindOf = (field: InnerField) => Kind<InnerField>;
export type StageTypeOf = (field: InnerField) => StageType;
/** A field within another. */
export type InnerField = Common & { readonly kind: string };

/** What is known of fields of several values of one kind, which are stored as an array of Postgres or of JSON. */
export const severalValues = (kindOf: KindOf, stageTypeOf: StageTypeOf) =>
  ({
    stage: (field: Several): StageType => arrayOf(stageTypeOf(field.element)),
    key: "none",
    inner: (field: Several): Readonly<Record<string, InnerField>> => ({ element: field.element }),
    value(stored: string, field: Several): unknown[] {
      const kind = kindOf(field.element);
      return arrayParts(stored).map((part) => (part === null ? null : kind.value(part, field.element)));
    },
    samples: (field: Several) => kindOf(field.element).samples(field.element),
    neverFits: ({ element, base }: TargetColumnType) => element === null && base !== "jsonb" && base !== "json",
    loss(field: Several, column: TargetColumnType): string | null {
      if (column.element === null) return null;
      return kindOf(field.element).loss?.(field.element, column.element) ?? null;
    },
  }) as const;
type Several = Pick<ListField, "element">;

export const listKind = (kindOf: KindOf, stageTypeOf: StageTypeOf) =>
  ({
    ...severalValues(kindOf, stageTypeOf),
    options: { element, separator, max: whole(1, 100_000) },
    required: ["element"],
    limits: ["max"],
    isWords: true,
    evidence: "separator",
    mayBlank: true,
    mergeRules,
    issues: {
      list_too_long: {
        severity: "error",
        text: {
          en: "{field} has more than {max} values.",
          fr: "{field} compte plus de {max} valeurs.",
          sv: "{field} har fler än {max} värden.",
        },
        title: {
          en: "too many values in a cell",
          fr: "trop de valeurs dans une cellule",
          sv: "för många värden i en cell",
        },
      },
    },
    json(stored: string, field: ListField): string {
      const kind = kindOf(field.element);
      const of = (part: string | null): string =>
        part === null ? "null" : (kind.json?.(part, field.element) ?? JSON.stringify(part));
      return `[${arrayParts(stored).map(of).join(",")}]`;
    },
    schema: (field: ListField) => ({
      type: "array",
      items: kindOf(field.element).schema(field.element),
      maxItems: field.max,
      uniqueItems: true,
    }),
    example(field: ListField, language) {
      const { element } = field;
      const words = kindOf(element)
        .choices?.(element)
        .map((each) => shownChoice(each, language));
      const mark = separatorsOf(field)?.[0] ?? ";";
      const between = /\s$/.test(mark) ? mark : `${mark} `;
      return words?.slice(0, 2).join(between) ?? kindOf(element).example(element, language);
    },
  }) as const satisfies Kind<ListField>;

/** The array type of a type. */
function arrayOf({ type, base }: StageType): StageType {
  return { type: `${type}[]`, base: `_${base}`, category: "A" };
}
