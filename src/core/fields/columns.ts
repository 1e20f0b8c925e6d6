/** Several columns of the file that feed one field, each by a name of its own: `Stock Lyon` and `Stock Paris`. */
import { matcherOf, patternProblem } from "../pattern/pattern.ts";
import { type Check, firstOf, isObject, isPattern, listOf, mapOf, shown, text } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made } from "./kind.ts";
import { type ElementField, type KindOf, type StageTypeOf, severalValues } from "./list.ts";

/** Which columns: by their headers, by header with the name of each, or by a pattern whose first group is the name. */
export type ColumnNames = readonly string[] | Readonly<Record<string, string>> | RegExp;

export type ColumnsField<E extends ElementField = ElementField> = Common & {
  readonly kind: "columns";
  readonly names: ColumnNames;
  readonly element: E;
};

/**
 * Several columns that feed one field together. Each cell that is not blank is an element, read as `element` says, with the name of
 * its column: `nameOf("stock")` in a record that is made for `each: "stock"`. In a column of jsonb it is an object, name → value; in
 * an array the values alone.
 *
 * @example
 * prices: field.columns({ "Prix public TTC": "public", "Prix revendeur HT": "reseller" }, field.decimal({ scale: 2 }))
 * stock: field.columns(/^Stock (.+)$/, field.integer({ min: 0 }))
 */
export function columns<const E extends ElementField>(
  names: ColumnNames,
  element: E,
  options: FieldOptions = {},
): ColumnsField<E> {
  return { ...made("columns", options), names, element };
}

/** Longer headers are text, which no pattern is tried on. */
const maxHeader = 500;

/** What tells the names of columns by their headers: null for a header that is none of the field's. `plain` folds case and accents away. */
export function namerOf(
  { names }: Pick<ColumnsField, "names">,
  plain: (header: string) => string,
): (header: string) => string | null {
  if (isPattern(names)) {
    const matches = matcherOf(names);
    const whole = new RegExp(`^(?:${names.source})$`, names.flags.replace(/[gy]/g, ""));
    return (header) => {
      if (header.length > maxHeader || !matches(header)) return null;
      const found = whole.exec(header);
      return found === null ? null : (found[1] ?? header).trim() || header;
    };
  }
  const pairs = Array.isArray(names) ? names.map((each: string) => [each, each] as const) : Object.entries(names);
  const known = new Map(pairs.map(([header, name]) => [plain(header), name as string]));
  return (header) => known.get(plain(header)) ?? null;
}

const names: Check = (value, place) => {
  if (isPattern(value)) {
    const problem = patternProblem(value);
    return problem === null ? null : `${place} is ${value}: ${problem}`;
  }
  if (Array.isArray(value)) return listOf(text, { least: 1 })(value, place);
  if (!isObject(value))
    return `${place} is ${shown(value)}: it must be headers, as ["Stock Lyon"], headers with names, as { "Stock Lyon": "lyon" }, or a pattern, as /^Stock (.+)$/`;
  const wrong = mapOf(text, { least: 1 })(value, place);
  if (wrong !== null) return wrong;
  const seen = new Map<string, string>();
  return firstOf(Object.entries(value as Record<string, string>), ([header, name]) => {
    const other = seen.get(name);
    seen.set(name, header);
    return other === undefined
      ? null
      : `${place}: "${other}" and "${header}" are both called "${name}". Give each a name of its own`;
  });
};

const element: Check = (value, place) =>
  isObject(value)
    ? null
    : `${place} is ${shown(value)}: it must be a field, as in field.columns(/^Stock (.+)$/, field.integer())`;

export const columnsKind = (kindOf: KindOf, stageTypeOf: StageTypeOf) =>
  ({
    ...severalValues(kindOf, stageTypeOf),
    options: { names, element },
    required: ["names", "element"],
    isWords: false,
    issues: {},
    schema: (field: ColumnsField) => ({
      type: "object",
      additionalProperties: kindOf(field.element).schema(field.element),
    }),
    example: (field: ColumnsField, language) => kindOf(field.element).example(field.element, language),
  }) as const satisfies Kind<ColumnsField>;
