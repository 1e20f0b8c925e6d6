/** Which sheet of a workbook is imported: each with its first rows. Nothing where there is but one with data. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import type { ImportOptionsInput } from "../../../client/index.ts";
import { readingOf } from "../../../core/reading.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { LookCard } from "./LookCard.tsx";
import type { TablesProps } from "./other-table.ts";

export function SheetChoice({ job, onTables }: TablesProps): ReactNode {
  const t = useTexts("upload");
  const { client } = useSluice();
  const queries = useQueryClient();
  const group = useId();
  const { data: sheets } = useQuery({
    // Not below the import's key: what the file holds does not change with its events.
    queryKey: ["sheets", job.id, job.dialect.entry],
    queryFn: ({ signal }) => client.imports.sheets(job.id, { signal }),
    enabled: job.dialect.sheet !== undefined && job.status === "pending",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const choose = useMutation({
    mutationFn: async (sheet: string) => {
      const options = await client.imports.options(job.id);
      // Another sheet is another table: what was found out about the one before does not hold for it. How cells are taken does.
      await client.imports.setOptions(job.id, {
        ...(options as ImportOptionsInput),
        dialect: { ...readingOf(options.dialect), entry: job.dialect.entry, sheet },
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(job.id) }),
  });
  const filled = sheets?.filter(({ rows }) => rows.length > 0) ?? [];
  if (filled.length < 2) return null;
  const visible = filled.filter(({ hidden, name }) => !hidden || name === job.dialect.sheet);
  const chosen = choose.isPending ? choose.variables : job.dialect.sheet;
  // Hidden ones are rarely meant.
  const ordered = [...filled].sort((a, b) => Number(a.hidden) - Number(b.hidden));
  return (
    <Card title={t("sheetTitle")} className="sheet-choice">
      <div className="stack">
        <p className="muted">{t("sheetHint", { count: filled.length })}</p>
        {choose.error !== null && <Problem error={choose.error} />}
        <div
          className="cards sheet-cards"
          role="radiogroup"
          aria-label={t("sheetTitle")}
          aria-busy={choose.isPending || undefined}
        >
          {ordered.map((sheet) => (
            <LookCard
              key={sheet.index}
              name={sheet.name}
              mark={sheet.hidden && <Badge>{t("sheetHidden")}</Badge>}
              look={sheet}
              group={group}
              isChosen={sheet.name === chosen}
              onChoose={() => choose.mutate(sheet.name || String(sheet.index))}
            />
          ))}
        </div>
        {visible.length > 1 && job.dialect.sheet !== undefined && (
          <div>
            <Button
              onClick={() =>
                onTables(
                  job.dialect.sheet ?? "",
                  visible
                    .filter(({ name }) => name !== job.dialect.sheet)
                    .map(({ name, index }) => ({
                      name,
                      dialect: {
                        ...readingOf(job.dialect),
                        entry: job.dialect.entry,
                        sheet: name || String(index),
                      },
                    })),
                )
              }
            >
              {t("sheetAll", { count: visible.length })}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
