/** Numbers of the records that each row makes, where it makes several: a line for each kind of record, a column for what became of it. */
import type { ReactNode } from "react";
import { useFormats } from "../foundation/format.ts";
import { useImporterRecords } from "../foundation/importer-queries.ts";
import { useTexts } from "../foundation/texts.ts";
import { ScrollTable } from "./ScrollTable.tsx";

/** What may become of a record, each with its word. */
const outcomes = {
  created: "record_created",
  updated: "record_updated",
  unchanged: "record_unchanged",
  closed: "record_closed",
  deactivated: "record_deactivated",
  deleted: "record_deleted",
} as const;
const names = Object.keys(outcomes) as (keyof typeof outcomes)[];

/** What an import has made of its records, out of `counts`; nothing of an importer whose rows make one each. */
export function RecordCounts({
  importer,
  counts,
}: {
  importer: string;
  counts: Readonly<Record<string, number>>;
}): ReactNode {
  const t = useTexts("common");
  const records = useCountedRecords(importer, counts);
  if (records.length === 0) return <RemovedCounts counts={counts} />;
  const numbers = Object.fromEntries(
    records.map((name) => [
      name,
      Object.fromEntries(names.map((outcome) => [outcome, counts[`${outcome}_${name}`] ?? 0])),
    ]),
  );
  const columns = names.map((name) => ({ name, title: t(outcomes[name]) }));
  return <RecordTable importer={importer} numbers={numbers} columns={columns} />;
}

/** The records that `counts` tell of, and behind each its links where some were removed. */
function useCountedRecords(importer: string, counts: Readonly<Record<string, number>>): string[] {
  return useImporterRecords(importer)
    .flatMap(({ name }) => [name, `${name}.link`])
    .filter((name) => `created_${name}` in counts);
}

/** Of an importer whose rows make one record each: what a replace or a mirror has taken away beside them. */
function RemovedCounts({ counts }: { counts: Readonly<Record<string, number>> }): ReactNode {
  const t = useTexts("common");
  const { number } = useFormats();
  const some = (["deactivated", "deleted"] as const).filter((outcome) => (counts[`${outcome}_target`] ?? 0) > 0);
  if (some.length === 0) return null;
  return (
    <p className="muted small">
      {t("recordsMade")}:{" "}
      {some.map((outcome) => `${t(outcomes[outcome])}\u00a0${number(counts[`${outcome}_target`])}`).join(" · ")}
    </p>
  );
}

/** The same where there is little room: of each record what became of it, in a line. */
export function RecordLines({
  importer,
  counts,
}: {
  importer: string;
  counts: Readonly<Record<string, number>>;
}): ReactNode {
  const t = useTexts("common");
  const { number } = useFormats();
  const labelOf = useRecordLabel(importer);
  const records = useCountedRecords(importer, counts);
  if (records.length === 0) return <RemovedCounts counts={counts} />;
  return (
    <section className="record-lines" aria-label={t("recordsMade")}>
      <h3>{t("recordsMade")}</h3>
      <ul>
        {records.map((name) => {
          const some = names.filter((outcome) => (counts[`${outcome}_${name}`] ?? 0) > 0);
          return (
            <li key={name}>
              <bdi>{labelOf(name)}</bdi>
              <span className="muted small">
                {some.length === 0
                  ? "–"
                  : some
                      .map((outcome) => `${t(outcomes[outcome])}\u00a0${number(counts[`${outcome}_${name}`])}`)
                      .join(" · ")}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The same of any numbers, by the records' names; a column that says nothing is left out, but for the first. */
export function RecordTable({
  importer,
  label,
  numbers,
  columns,
}: {
  importer: string;
  /** Where another such table may be on the page. */
  label?: string;
  numbers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  columns: readonly { name: string; title: string }[];
}): ReactNode {
  const t = useTexts("common");
  const { number } = useFormats();
  const labelOf = useRecordLabel(importer);
  const order = useImporterRecords(importer).map(({ name }) => name);
  // A link belongs to its record, and stands behind it.
  const placeOf = ([name]: readonly [string, unknown]): number =>
    order.indexOf(name.replace(/\.link$/, "")) * 2 + (name.endsWith(".link") ? 1 : 0);
  const lines = Object.entries(numbers).sort((a, b) => placeOf(a) - placeOf(b));
  if (lines.length === 0) return null;
  const shown = columns.filter(({ name }, place) => place === 0 || lines.some(([, each]) => (each[name] ?? 0) > 0));
  return (
    <ScrollTable
      label={label ?? t("recordsMade")}
      head={[t("recordsMade"), ...shown.map(({ title }) => ({ number: title }))]}
    >
      {lines.map(([name, each]) => (
        <tr key={name}>
          <td dir="auto" className="record-kind">
            {labelOf(name)}
          </td>
          {shown.map((column) => (
            <td key={column.name} className="number">
              {number(each[column.name] ?? 0)}
            </td>
          ))}
        </tr>
      ))}
    </ScrollTable>
  );
}

/** What people call a record of an importer; the rows of its link table are its links. */
export function useRecordLabel(importer: string): (name: string) => string {
  const t = useTexts("common");
  const records = useImporterRecords(importer);
  return (name) => {
    const label = (of: string): string => records.find((each) => each.name === of)?.label ?? of;
    return name.endsWith(".link") ? t("recordLinks", { record: label(name.slice(0, -".link".length)) }) : label(name);
  };
}
