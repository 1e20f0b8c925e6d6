/** One kind of issue fixed value by value: each distinct cell once, with its number of rows, and its replacement. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { BadValue, EditCounts, IssueCode, NewEdit } from "../../../client/index.ts";
import { useFrame } from "../../foundation/Frame.tsx";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { resultOf } from "./use-review.ts";

export interface FixValuesProps {
  id: number;
  column: GridColumn;
  code: IssueCode;
  /** Rows that are being changed already. */
  isChanging: boolean;
  onChange: (edit: NewEdit) => Promise<EditCounts>;
}

const valuesPerPage = 25;

export function FixValues({ id, column, code, isChanging, onChange }: FixValuesProps): ReactNode {
  const t = useTexts("review");
  const { client } = useSluice();
  const { field } = column;
  const [result, setResult] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [applying, setApplying] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const isMended = useRef(false);
  const frame = useFrame();
  const {
    data,
    error: unread,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
    refetch,
  } = useInfiniteQuery({
    queryKey: [...importKey(id), "values", field, code],
    queryFn: ({ pageParam, signal }) =>
      client.imports.badValues(id, { field, issue: code, after: pageParam, limit: valuesPerPage }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const apply = async (from: string, to: string): Promise<void> => {
    setApplying(from);
    setError(null);
    setResult(null);
    try {
      setResult(resultOf(await onChange({ kind: "replace", field, from, to }), t));
      isMended.current = true;
      await refetch();
    } catch (failure) {
      setError(failure);
    } finally {
      setApplying(null);
    }
  };
  // What had the focus goes with the value, whenever the values come anew; whoever is elsewhere stays there.
  useEffect(() => {
    if (!isMended.current || frame?.activeElement || document.activeElement !== document.body) return;
    isMended.current = false;
    const next = list.current?.querySelector<HTMLElement>("input, select") ?? title.current;
    next?.focus({ preventScroll: true });
  });
  const values = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="fix-values" aria-label={t("fixTitle", { field: column.label })}>
      <header>
        <h3 ref={title} tabIndex={-1}>
          {t("fixTitle", { field: column.label })}
        </h3>
        <p className="muted small">{t("fixHint")}</p>
      </header>
      {error !== null && <Problem error={error} />}
      <p className="fix-result small" aria-live="polite">
        {result !== null && (
          <>
            <Icon name="check" size={16} /> {result}
          </>
        )}
      </p>
      {unread !== null && data === undefined && <Problem error={unread} onRetry={() => void refetch()} />}
      {data === undefined && unread === null && <Placeholder lines={8} />}
      {data !== undefined && values.length === 0 && <p className="muted">{t("noValues")}</p>}
      <ul className="fix-list" ref={list}>
        {values.map((value) => (
          <FixValue
            key={value.value}
            value={value}
            column={column}
            busy={applying === value.value}
            isOff={isChanging}
            onApply={(to) => void apply(value.value, to)}
          />
        ))}
      </ul>
      {hasNextPage && (
        <Button look="quiet" size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("moreValues")}
        </Button>
      )}
    </section>
  );
}

function FixValue({
  value: { value, rows },
  column,
  busy,
  isOff,
  onApply,
}: {
  value: BadValue;
  column: GridColumn;
  busy: boolean;
  isOff: boolean;
  onApply: (to: string) => void;
}): ReactNode {
  const t = useTexts("review");
  const id = useId();
  const [to, setTo] = useState<string | null>(null);
  const isSame = to === null || to.trim() === value;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isSame && !isOff) onApply(to);
  };
  return (
    <li>
      <form className="fix-value" onSubmit={submit}>
        <label htmlFor={id} className="fix-from">
          <span className="fix-text" dir="auto">
            {value === "" ? <em>{t("blank")}</em> : value}
          </span>
          <span className="muted small">{t("rowsSay", { count: rows })}</span>
        </label>
        {column.choices === null ? (
          <input
            id={id}
            className="input small-control"
            dir="auto"
            autoComplete="off"
            placeholder={t("newValue")}
            value={to ?? ""}
            onChange={(event) => setTo(event.target.value)}
          />
        ) : (
          <select
            id={id}
            className="select small-control"
            value={to ?? ""}
            onChange={(event) => setTo(event.target.value)}
          >
            <option value="" disabled>
              {t("choose")}
            </option>
            {column.choices.map(({ value: choice, label }) => (
              <option key={choice} value={choice}>
                {label}
              </option>
            ))}
          </select>
        )}
        <Button type="submit" size="small" busy={busy} aria-disabled={isSame || isOff || undefined}>
          {t("apply")}
        </Button>
      </form>
    </li>
  );
}
