/**
 * Finds one person among any number: an input that offers those whose name or e-mail holds what is typed, by the keys that such
 * boxes have (WAI-ARIA Authoring Practices, Combobox with list autocomplete).
 */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useRef, useState } from "react";
import type { ClientError, Import, Owner } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useReason, useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled } from "../../parts/Labelled.tsx";

interface PersonPickerProps {
  job: Pick<Import, "id" | "importer">;
  label: string;
  hideLabel?: boolean;
  hint?: string;
  placeholder?: string;
  /** Who is chosen; null: nobody. */
  person: { id: string; name: string } | null;
  /** These are not offered. */
  without?: readonly string[];
  onChoose: (person: Owner) => void;
  /** Nobody is to be chosen any more. Default: that cannot be. */
  onClear?: () => void;
}

export function PersonPicker({
  job,
  label,
  hideLabel,
  hint,
  placeholder,
  person,
  without = [],
  onChoose,
  onClear,
}: PersonPickerProps): ReactNode {
  const t = useTexts("options");
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const search = useDeferredValue(typed ?? "").trim();
  const isOpen = typed !== null;
  const { people, error } = useFoundPeople(job, search, isOpen);
  const reason = useReason();
  const found = (people ?? []).filter(({ id }) => !without.includes(id));
  const active = Math.min(at, found.length - 1);

  const open = (): void => {
    if (!isOpen) setTyped("");
    setAt(0);
  };
  const close = (): void => setTyped(null);
  const choose = (chosen: Owner | undefined): void => {
    if (chosen === undefined) return;
    onChoose(chosen);
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      else
        setAt((active + (event.key === "ArrowDown" ? 1 : found.length - 1) + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="person-picker">
      <Labelled label={label} hideLabel={hideLabel} hint={hint}>
        {(control) => (
          <div className="person-box">
            <input
              className="input"
              {...control}
              ref={input}
              role="combobox"
              aria-expanded={isOpen}
              aria-controls={isOpen ? listId : undefined}
              aria-autocomplete="list"
              aria-activedescendant={isOpen && active >= 0 ? `${listId}-${active}` : undefined}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
              placeholder={person === null ? (placeholder ?? t("personSearch")) : person.name}
              value={typed ?? person?.name ?? ""}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onClick={open}
              onKeyDown={onKeyDown}
              onBlur={close}
            />
            {person !== null && onClear !== undefined && (
              <Button
                look="quiet"
                size="small"
                icon="cross"
                aria-label={t("personClear", { name: person.name })}
                onClick={() => {
                  onClear();
                  input.current?.focus();
                  close();
                }}
              />
            )}
          </div>
        )}
      </Labelled>
      {isOpen && (
        <div className="person-list">
          <div id={listId} role="listbox" aria-label={label}>
            {found.map(({ id, name, email }, k) => (
              // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, and names the active one
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
              <div
                key={id}
                id={`${listId}-${k}`}
                role="option"
                aria-selected={k === active}
                className="person"
                // Before the input loses the focus.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(found[k])}
              >
                <span dir="auto">{name}</span>
                {email !== null && email !== name && <span className="muted small">{email}</span>}
              </div>
            ))}
          </div>
          <p className="muted small person-note" role="status">
            {error !== null
              ? reason(error)
              : people === undefined
                ? t("personLooking")
                : found.length === 0
                  ? t("personNone")
                  : people.length >= offered
                    ? t("personMore")
                    : ""}
          </p>
        </div>
      )}
    </div>
  );
}

type ImportOf = Pick<Import, "id" | "importer">;

/** By id; of one that is not there any more the id has to do. */
export function usePeople(job: ImportOf, ids: readonly string[]): ReadonlyMap<string, Owner> {
  const { client } = useSluice();
  const wanted = [...new Set(ids)].sort().slice(0, 200);
  const { data = [] } = useQuery<Owner[], ClientError>({
    queryKey: ["owners", job.id, "ids", wanted],
    queryFn: ({ signal }) =>
      client.importers.owners(job.importer, { ids: wanted, importId: job.id, limit: 200, signal }),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return new Map(data.map((owner) => [owner.id, owner]));
}

/** So many are offered; who looks for another types more of the name. */
const offered = 20;

function useFoundPeople(
  job: ImportOf,
  search: string,
  isWanted: boolean,
): { people: Owner[] | undefined; error: ClientError | null } {
  const { client } = useSluice();
  const { data, error } = useQuery<Owner[], ClientError>({
    queryKey: ["owners", job.id, "search", search],
    queryFn: ({ signal }) =>
      client.importers.owners(job.importer, { search, importId: job.id, limit: offered, signal }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { people: data, error };
}
