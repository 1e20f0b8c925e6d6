/** Which file of a zip archive is imported: each with its first rows. Nothing where the archive has but one. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import type { ImportOptionsInput } from "../../../client/index.ts";
import { readingOf } from "../../../core/reading.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { LabelledSelect } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { LookCard } from "./LookCard.tsx";
import type { TablesProps } from "./other-table.ts";

export function EntryChoice({ job, onTables }: TablesProps): ReactNode {
  const t = useTexts("upload");
  const { client, language } = useSluice();
  const { bytes } = useFormats();
  const queries = useQueryClient();
  const group = useId();
  const { data: entries } = useQuery({
    // Not below the import's key: what the archive holds does not change with its events.
    queryKey: ["entries", job.id, language],
    queryFn: ({ signal }) => client.imports.entries(job.id, { lang: language, signal }),
    enabled: job.dialect.entry !== undefined && job.status === "pending",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const choose = useMutation({
    mutationFn: async (entry: string) => {
      const options = await client.imports.options(job.id);
      // Another file is another table: what was found out about the one before does not hold for it. How cells are taken does.
      await client.imports.setOptions(job.id, {
        ...(options as ImportOptionsInput),
        dialect: { ...readingOf(options.dialect), entry },
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(job.id) }),
  });
  if (entries === undefined || entries.length < 2) return null;
  const chosen = choose.isPending ? choose.variables : job.dialect.entry;
  const shown = entries.filter(({ rows, problem }) => rows.length > 0 || problem !== null);
  const readable = entries.filter(({ problem }) => problem === null);
  const others = entries.filter((entry) => !shown.includes(entry));
  return (
    <Card title={t("entryTitle")} className="sheet-choice">
      <div className="stack">
        <p className="muted">{t("entryHint", { count: entries.length })}</p>
        {choose.error !== null && <Problem error={choose.error} />}
        <div
          className="cards sheet-cards"
          role="radiogroup"
          aria-label={t("entryTitle")}
          aria-busy={choose.isPending || undefined}
        >
          {shown.map((entry) => (
            <LookCard
              key={entry.index}
              name={entry.name}
              mark={<span className="muted small">{bytes(entry.sizeBytes)}</span>}
              look={entry}
              problem={entry.problem}
              group={group}
              isChosen={entry.name === chosen}
              onChoose={() => choose.mutate(entry.name)}
            />
          ))}
        </div>
        {readable.length > 1 && job.dialect.entry !== undefined && (
          <div>
            <Button
              onClick={() =>
                onTables(
                  job.dialect.entry ?? "",
                  readable
                    .filter(({ name }) => name !== job.dialect.entry)
                    .map(({ name }) => ({ name, dialect: { ...readingOf(job.dialect), entry: name } })),
                )
              }
            >
              {t("entryAll", { count: readable.length })}
            </Button>
          </div>
        )}
        {others.length > 0 && (
          <LabelledSelect
            label={t("entryOthers", { count: others.length })}
            options={[["", t("entryNone")], ...others.map(({ name }): [string, string] => [name, name])]}
            value={others.some(({ name }) => name === chosen) ? (chosen ?? "") : ""}
            onPick={(name) => name !== "" && choose.mutate(name)}
          />
        )}
      </div>
    </Card>
  );
}
