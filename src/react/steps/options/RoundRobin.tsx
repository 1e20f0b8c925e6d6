/** Several people who get the records in turn, some oftener than others. */
import { type ReactNode, useState } from "react";
import type { Import, Owner } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { type AssignmentDraft, weightOf } from "./assignment-draft.ts";
import { PersonPicker } from "./PersonPicker.tsx";

type Turn = AssignmentDraft["owners"][number];

export function RoundRobin({
  job,
  owners,
  people,
  created,
  onChange,
}: {
  job: Import;
  owners: readonly Turn[];
  people: ReadonlyMap<string, Owner>;
  /** Records that are dealt; null: nobody knows yet. */
  created: number | null;
  onChange: (owners: Turn[]) => void;
}): ReactNode {
  const t = useTexts("options");
  const { percent, number } = useFormats();
  const sum = owners.reduce((all, { weight }) => all + weight, 0);
  return (
    <div className="stack">
      {owners.length > 0 && (
        <table className="turns">
          <thead>
            <tr>
              <th scope="col">{t("person")}</th>
              <th scope="col">{t("weight")}</th>
              <th scope="col" className="number">
                {t("share")}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {owners.map(({ owner, weight }) => {
              const name = people.get(owner)?.name ?? owner;
              return (
                <tr key={owner}>
                  <th scope="row" dir="auto">
                    {name}
                  </th>
                  <td>
                    <Weight
                      label={t("weightOf", { name })}
                      weight={weight}
                      onChange={(next) =>
                        onChange(owners.map((each) => (each.owner === owner ? { owner, weight: next } : each)))
                      }
                    />
                  </td>
                  <td className="number">
                    {percent(weight / sum)}
                    {created !== null && (
                      <span className="muted small">
                        {t("about", { number: number(Math.round((created * weight) / sum)) })}
                      </span>
                    )}
                  </td>
                  <td>
                    <Button
                      look="quiet"
                      size="small"
                      icon="trash"
                      aria-label={t("removePerson", { name })}
                      onClick={() => onChange(owners.filter((each) => each.owner !== owner))}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <PersonPicker
        job={job}
        label={t(owners.length === 0 ? "firstPerson" : "addPerson")}
        person={null}
        without={owners.map(({ owner }) => owner)}
        onChoose={({ id }) => onChange([...owners, { owner: id, weight: 1 }])}
      />
    </div>
  );
}

/** What is typed stands as it is until it is left, so that "1" may become "15". */
function Weight({
  label,
  weight,
  onChange,
}: {
  label: string;
  weight: number;
  onChange: (weight: number) => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      className="input small-control weight"
      type="number"
      inputMode="numeric"
      min={1}
      max={100}
      aria-label={label}
      value={typed ?? weight}
      onChange={(event) => {
        setTyped(event.target.value);
        if (event.target.value !== "" && weightOf(event.target.value) === Number(event.target.value))
          onChange(weightOf(event.target.value));
      }}
      onBlur={() => {
        if (typed !== null && weightOf(typed) !== weight) onChange(weightOf(typed));
        setTyped(null);
      }}
    />
  );
}
