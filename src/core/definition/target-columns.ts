/** What the target of an importer, and its history, are filled with: no column twice. */
import type { Fields, History, ImporterDefinition, Target } from "../importer.ts";
import { firstOf } from "../shape/shape.ts";

/** What is wrong with the columns that a definition fills; null: nothing. */
export function targetColumnsProblem({
  fields,
  context = {},
  target,
  assign,
  history,
}: ImporterDefinition<Fields> & { target: Target }): string | null {
  const filled: [column: string, by: string][] = [
    ...Object.entries(fields).flatMap(([name, { column = name }]): [string, string][] =>
      column === null ? [] : [[column, `fields.${name}`]],
    ),
    ...Object.entries(context).map(([name, { column = name }]): [string, string] => [column, `context.${name}`]),
  ];
  for (const [by, column] of Object.entries({
    "target.job": target.job,
    "target.updatedAt": target.updatedAt,
    "assign.column": assign?.column,
  }))
    if (column !== undefined) filled.push([column, by]);
  for (const column of Object.keys(target.set ?? {})) filled.push([column, `target.set.${column}`]);
  return filledTwice(filled) ?? (history === undefined ? null : filledTwice(eventColumns(history)));
}

function eventColumns(history: History): [column: string, by: string][] {
  return Object.entries({
    oldValues: "old_values",
    newValues: "new_values",
    event: "event",
    ...history,
  })
    .filter(([option]) => option !== "table")
    .flatMap(([option, column]): [string, string][] => (column === undefined ? [] : [[column, `history.${option}`]]));
}

/** Two that would fill the same column. */
export function filledTwice(filled: readonly [column: string, by: string][]): string | null {
  const seen = new Map<string, string>();
  return firstOf(filled, ([column, by]) => {
    const other = seen.get(column);
    seen.set(column, by);
    return other === undefined
      ? null
      : `${other} and ${by} both go to the column "${column}". Point one of them elsewhere`;
  });
}
