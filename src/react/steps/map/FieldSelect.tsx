/** Which field a column feeds: what is still needed first, then the free ones, then those that another column feeds. */
import type { ReactNode } from "react";
import type { ImporterField } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Labelled } from "../../parts/Labelled.tsx";

export interface FieldSelectProps {
  column: string;
  field: string | null;
  fields: readonly ImporterField[];
  /** Names of those that are needed and not fed, alone or as one of several. */
  needed: ReadonlySet<string>;
  /** Field → the column that feeds it. */
  takenBy: ReadonlyMap<string, string>;
  tabIndex: number;
  onChoose: (field: string | null) => void;
}

export function FieldSelect({
  column,
  field,
  fields,
  needed,
  takenBy,
  tabIndex,
  onChoose,
}: FieldSelectProps): ReactNode {
  const t = useTexts("map");
  const isTaken = ({ name, shared }: ImporterField): boolean => !shared && name !== field && takenBy.has(name);
  const groups: [string, ImporterField[]][] = [
    [t("groupNeeded"), fields.filter((each) => needed.has(each.name))],
    [t("groupFree"), fields.filter((each) => !needed.has(each.name) && !isTaken(each))],
    [t("groupTaken"), fields.filter(isTaken)],
  ];
  return (
    <Labelled label={t("goesToOf", { column: shortened(column) })} hideLabel>
      {(control) => (
        <select
          className="select small-control map-field"
          {...control}
          tabIndex={tabIndex}
          value={field ?? ""}
          onChange={({ target }) => onChoose(target.value === "" ? null : target.value)}
        >
          <option value="">{t("leaveOut")}</option>
          {groups.map(
            ([label, members]) =>
              members.length > 0 && (
                <optgroup key={label} label={label}>
                  {members.map((each) => (
                    <option key={each.name} value={each.name}>
                      {isTaken(each)
                        ? t("takenBy", { field: each.label, column: shortened(takenBy.get(each.name) ?? "") })
                        : each.label}
                    </option>
                  ))}
                </optgroup>
              ),
          )}
        </select>
      )}
    </Labelled>
  );
}

/** A header as it fits into a line of words. */
export function shortened(header: string, most = 40): string {
  const characters = [...header];
  return characters.length <= most ? header : `${characters.slice(0, most).join("").trimEnd()}…`;
}
