/** What the review knows of an import and does with it: its columns, what is wrong, its rows, its edits; each edit shows at once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import {
  ClientError,
  type Edit,
  type EditCounts,
  type Import,
  type Issue,
  type NewEdit,
  type Report,
  type Row,
} from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { persistently } from "../../foundation/persistently.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { queryOf, type ReviewFilter } from "./FilterBar.tsx";
import { type GridColumn, gridColumns } from "./grid-columns.ts";
import { type LoadPage, RowWindow } from "./row-window.ts";

export interface UsedReview {
  /** Null until they are known. */
  columns: readonly GridColumn[] | null;
  report: Report | undefined;
  /** The newest first. */
  edits: readonly Edit[];
  editsKnown: boolean;
  rows: RowWindow;
  /** Edits of cells on their way: the row's number, and the field. */
  saving: ReadonlyMap<number, string>;
  save(row: Row, field: string, value: string): void;
  /** Edits many rows at once. */
  change(edit: NewEdit): Promise<EditCounts>;
  /** The same with cells of several rows, after the edits that are on their way. Null: refused, and told as `error`. */
  put(edit: NewEdit): Promise<EditCounts | null>;
  undo(): void;
  /** An edit of many rows, or an undo, is on its way. */
  isChanging: boolean;
  /** Why the last edit did not go in, or why nothing is there to be edited. */
  error: unknown;
  /** Asks again for what is not there, and forgets the error. */
  retry(): void;
}

const none: readonly Edit[] = [];
/** The page's own notice says it. */
const onAway = (): void => {};
const never = new AbortController().signal;

export function useReview(job: Import, filter: ReviewFilter): UsedReview {
  const t = useTexts("review");
  const announce = useAnnounce();
  const { client, language, server } = useSluice();
  const queries = useQueryClient();
  const { id } = job;
  const key = importKey(id);
  const reportKey = useMemo(() => [...importKey(id), "report", language], [id, language]);
  const report = useQuery({
    queryKey: reportKey,
    queryFn: ({ signal }) => client.imports.report(id, { lang: language, signal }),
  });
  const mapping = useQuery({
    // It stays what it is as long as the rows do.
    queryKey: ["mapping of rows", id, job.parsedAt],
    queryFn: ({ signal }) => client.imports.mapping(id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const importer = useQuery({
    queryKey: ["importer", job.importer, language],
    queryFn: ({ signal }) => client.importers.get(job.importer, { lang: language, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const edits = useQuery({
    queryKey: [...key, "edits"],
    queryFn: ({ signal }) => client.imports.edits(id, { limit: 50 }, { signal }),
  });
  const columns = useMemo(
    () =>
      mapping.data === undefined || importer.data === undefined
        ? null
        : gridColumns(mapping.data, importer.data.fields),
    [mapping.data, importer.data],
  );

  const rows = useMemo(() => {
    const query = { ...queryOf(filter), by: "field", lang: language, total: "later" } as const;
    const load: LoadPage = (place, signal) =>
      persistently({ server, signal, onAway }, () => client.imports.rows(id, { ...query, ...place }, { signal }));
    return new RowWindow(load, server.note);
  }, [client, id, filter, language, server]);

  // What others edit shows too; a row that was edited here stays where it is.
  const ownRows = useRef(new Set<number>());
  const known = useRef<Map<number, string> | null>(null);
  useEffect(() => {
    if (edits.data === undefined) return;
    const now = new Map(edits.data.items.map((edit) => [edit.id, edit.status]));
    const before = known.current;
    known.current = now;
    const isOwn = ({ kind, row }: Edit): boolean => kind === "cell" && row !== null && ownRows.current.has(row);
    const changed = edits.data.items.filter(({ id: edit, status }) => before?.get(edit) !== status);
    if (before !== null && changed.some((edit) => edit.status !== "done" || !isOwn(edit))) rows.reload();
  }, [edits.data, rows]);

  const [saving, setSaving] = useState<ReadonlyMap<number, string>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  const refused = (failure: unknown): void => {
    server.note(failure);
    setError(failure);
    // Somebody else was quicker, or the import has moved on: what is there now tells.
    if (failure instanceof ClientError && failure.status !== 422) {
      rows.reload();
      void queries.invalidateQueries({ queryKey: key });
    }
  };
  const save = (row: Row, field: string, value: string): void => {
    setError(null);
    ownRows.current.add(row.row);
    rows.put({ ...row, values: { ...row.values, [field]: value } });
    setSaving((before) => new Map(before).set(row.row, field));
    turn.current = turn.current.then(async () => {
      try {
        // What was typed outlasts a server that is away, and a session.
        const edited = await persistently({ server, signal: never, onAway }, () =>
          client.imports.editCell(id, row.row, { field, value }, { lang: language, by: "field" }),
        );
        rows.put(edited);
        rows.noteChange();
        queries.setQueryData<Import>(key, (now) => now && { ...now, ...afterEdit.job(now, row, edited) });
        queries.setQueryData<Report>(reportKey, (now) => now && afterEdit.report(now, row, edited));
        const wrong = edited.issues.filter(({ severity }) => severity === "error");
        announce(
          wrong.length === 0
            ? t("rowRight", { row: edited.row })
            : `${t("rowStillWrong", { row: edited.row })} ${wrong.map(({ message }) => message).join(" ")}`,
        );
        void queries.invalidateQueries({ queryKey: key });
      } catch (failure) {
        rows.put(row);
        refused(failure);
      } finally {
        setSaving((before) => {
          const rest = new Map(before);
          rest.delete(row.row);
          return rest;
        });
      }
    });
  };

  const settled = (): void => {
    rows.reload();
    void queries.invalidateQueries({ queryKey: key });
  };
  const changing = useMutation({
    mutationFn: (edit: NewEdit) => client.imports.edit(id, edit),
    onMutate: () => setError(null),
    onSuccess: (counts) => announce(resultOf(counts, t)),
    onSettled: settled,
  });
  const undoing = useMutation({
    mutationFn: () => client.imports.undoEdit(id),
    onMutate: () => setError(null),
    onSuccess: ({ changed }) => announce(t("undone", { count: changed })),
    onError: refused,
    onSettled: settled,
  });

  const put = (edit: NewEdit): Promise<EditCounts | null> => {
    const counts = turn.current.then(() =>
      changing.mutateAsync(edit).catch((failure: unknown) => {
        refused(failure);
        return null;
      }),
    );
    turn.current = counts.then(() => {});
    return counts;
  };

  return {
    columns,
    report: report.data,
    edits: edits.data?.items ?? none,
    editsKnown: edits.data !== undefined,
    rows,
    saving,
    save,
    change: changing.mutateAsync,
    put,
    undo: undoing.mutate,
    isChanging: changing.isPending || undoing.isPending,
    error: error ?? (columns === null ? (mapping.error ?? importer.error) : null),
    retry: () => {
      setError(null);
      settled();
    },
  };
}

/** What became of the rows of an edit, in words. */
export function resultOf(
  { changed, leftOut, nowValid, nowInvalid, stillInvalid }: EditCounts,
  t: ReturnType<typeof useTexts<"review">>,
): string {
  if (changed === 0) return t("nothingChanged");
  const parts = [
    leftOut > 0 && t("nowOut", { count: leftOut }),
    nowValid > 0 && t("nowRight", { count: nowValid }),
    nowInvalid > 0 && t("nowWrong", { count: nowInvalid }),
    stillInvalid > 0 && t("stillWrong", { count: stillInvalid }),
  ].filter((each) => each !== false);
  return parts.length === 0 ? t("changed", { count: changed }) : parts.join(" ");
}

/** The counts of an import after one row was edited, before the server has told them. */
const afterEdit = {
  job({ validRows, invalidRows }: Import, before: Row, after: Row): Pick<Import, "validRows" | "invalidRows"> {
    const right = Number(after.status === "valid") - Number(before.status === "valid");
    return { validRows: validRows + right, invalidRows: invalidRows - right };
  },

  /** Kinds of issue that were not there before come with the server's next answer. */
  report(report: Report, before: Row, after: Row): Report {
    const change = new Map<string, number>();
    const add = (issues: readonly Issue[], step: number): void => {
      for (const { code, field } of issues) {
        const key = `${code} ${field}`;
        change.set(key, (change.get(key) ?? 0) + step);
      }
    };
    add(before.issues, -1);
    add(after.issues, 1);
    const issues = report.issues
      .map((each) => ({ ...each, count: each.count + (change.get(`${each.code} ${each.field}`) ?? 0) }))
      .filter(({ count }) => count > 0);
    return { ...report, issues };
  },
};
