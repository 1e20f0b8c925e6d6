/** What a person has to say before a file is checked: each question once, in the order in which they are walked through. */
import type { ImporterField, MappedField } from "../../../client/index.ts";
import type { ColumnView } from "./column-view.ts";

export type Question =
  /** A field that has no column yet, or several of which one will do. */
  | { kind: "missing"; key: string; group: readonly ImporterField[] }
  /** What a column's cells alone do not say. */
  | { kind: "column"; key: string; view: ColumnView }
  /** Values that mean none of the choices of the column's field. */
  | { kind: "values"; key: string; view: ColumnView }
  /** A field that is not one column's, as it is suggested. */
  | { kind: "made"; key: string; made: MappedField };

/** What keeps the file from being checked comes first. */
export function questionsOf(
  missing: readonly (readonly ImporterField[])[],
  views: readonly ColumnView[],
  made: readonly MappedField[],
): Question[] {
  return [
    ...missing.map((group): Question => {
      return { kind: "missing", key: `missing ${group.map(({ name }) => name).join(" ")}`, group };
    }),
    ...views.flatMap((view): Question[] => {
      const { column, unknown } = view;
      const of = `${column.index} ${column.field}`;
      return [
        ...(column.doubt === undefined ? [] : [{ kind: "column" as const, key: `column ${of} ${column.doubt}`, view }]),
        ...(unknown === 0 ? [] : [{ kind: "values" as const, key: `values ${of}`, view }]),
      ];
    }),
    ...made.flatMap((each): Question[] =>
      each.doubt === undefined ? [] : [{ kind: "made", key: `made ${each.field}`, made: each }],
    ),
  ];
}
