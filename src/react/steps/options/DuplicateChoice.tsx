/** What becomes of rows that are there already: which fields tell, what is done then, and what an update does with each field. */
import { type ReactNode, useId, useRef } from "react";
import type { Counts, DuplicateOptions, Import, ImporterWithFields, Mapping } from "../../../client/index.ts";
import { fieldsOfKey, keyLabel, keyName } from "../../foundation/key-label.ts";
import { ownerName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Choice, OptionCard } from "../../parts/Labelled.tsx";
import { MergeRule } from "../map/MergeRule.tsx";

type Key = DuplicateOptions["keys"][number];
type Strategy = DuplicateOptions["strategy"];
const strategies: readonly Strategy[] = ["skip", "update", "create"];

interface DuplicateChoiceProps {
  importer: ImporterWithFields;
  mapping: Mapping;
  duplicates: DuplicateOptions;
  /** What becomes of them is said by the import's mode. */
  isDecided: boolean;
  /** Of these duplicates; null while they are counted. */
  counts: Counts | null;
  onChange: (duplicates: DuplicateOptions) => void;
}

/** Which fields tell that a row is there already, and what becomes of it then. */
export function DuplicateChoice({
  importer,
  mapping,
  duplicates,
  isDecided,
  counts,
  onChange,
}: DuplicateChoiceProps): ReactNode {
  const t = useTexts("options");
  const id = useId();
  const known = useKnown(duplicates, isDecided ? null : counts);
  const fed = new Set([
    ...[...mapping.columns, ...mapping.fields].map(({ field }) => field),
    ...importer.fields.filter(({ hasDefault, computed }) => hasDefault || computed).map(({ name }) => name),
  ]);
  const labels = new Map(importer.fields.map(({ name, label }) => [name, label]));
  // Those of the importer in its order, and what a program has asked for beside them.
  const keys = [...importer.match.keys, ...duplicates.keys].filter(
    (key, k, all) => all.findIndex((each) => keyName(each) === keyName(key)) === k,
  );
  const isFed = (key: Key): boolean => fieldsOfKey(key).every((field) => fed.has(field));
  const chosen = duplicates.keys.filter(isFed).map(keyName);
  const isPossible = keys.some(isFed);
  if (!isPossible) {
    return (
      <Card title={t("duplicates")}>
        <p className="muted">{t(keys.length > 0 ? "noKeysFed" : isOfRecords(importer) ? "noMain" : "noKeys")}</p>
      </Card>
    );
  }
  const toggle = (key: Key): void => {
    const wanted = keys.filter((each) => isFed(each) && (each === key) !== chosen.includes(keyName(each)));
    onChange({ ...duplicates, keys: wanted });
  };
  return (
    <Card title={t("duplicates")} className="option-part">
      <fieldset aria-describedby={`${id}-keys`}>
        <legend>{t("keys")}</legend>
        <p className="muted small" id={`${id}-keys`}>
          {t(chosen.length === 0 ? "keysNone" : "keysHint")}
        </p>
        <div className="option-keys">
          {keys.map((key) => (
            <Choice
              key={keyName(key)}
              type="checkbox"
              checked={chosen.includes(keyName(key))}
              disabled={!isFed(key)}
              hint={isFed(key) ? undefined : t("keyUnfed")}
              onChange={() => toggle(key)}
            >
              {keyLabel(key, (field) => labels.get(field) ?? field)}
            </Choice>
          ))}
        </div>
      </fieldset>
      {!isDecided && (
        <fieldset>
          <legend>{t("strategy")}</legend>
          <div className="option-cards">
            {strategies.map((strategy) => (
              <OptionCard
                key={strategy}
                name={`${id}-strategy`}
                title={t(strategy)}
                words={t(`${strategy}Words`)}
                result={known[strategy] === undefined ? "" : t(`${strategy}Result`, { count: known[strategy] })}
                checked={duplicates.strategy === strategy}
                onChoose={() => onChange({ ...duplicates, strategy })}
              />
            ))}
          </div>
        </fieldset>
      )}
    </Card>
  );
}

/** Whether each of its records is found by itself: none is what a row is about. */
function isOfRecords({ records = [] }: ImporterWithFields): boolean {
  return records.length > 0 && !records.some(({ isMain }) => isMain);
}

/** What each strategy came to when it was last counted with the same keys. */
function useKnown({ strategy, keys }: DuplicateOptions, counts: Counts | null): Partial<Record<Strategy, number>> {
  const kept = useRef<{ keys: string; known: Partial<Record<Strategy, number>> }>({ keys: "", known: {} });
  const now = keys.map(keyName).join(" ");
  if (kept.current.keys !== now) kept.current = { keys: now, known: {} };
  if (counts !== null) kept.current.known[strategy] = concerned(strategy, counts);
  return kept.current.known;
}

function concerned(strategy: Strategy, { created, updated, unchanged, skipped }: Counts): number {
  if (strategy === "create") return created;
  return strategy === "skip" ? skipped : updated + unchanged;
}

/** What an update does with each field that a column feeds. */
export function MergeTable({
  job,
  importer,
  mapping,
}: {
  job: Import;
  importer: ImporterWithFields;
  mapping: Mapping;
}): ReactNode {
  const t = useTexts("options");
  const columns = new Map<string, string>();
  for (const { field, column } of mapping.columns)
    if (field !== null)
      columns.set(ownerName(field), [columns.get(ownerName(field)), column].filter(Boolean).join(", "));
  // What is no column's is called by its own name.
  for (const { name, label, hasDefault, computed } of importer.fields)
    if (!columns.has(name) && (hasDefault || computed || mapping.fields.some(({ field }) => field === name)))
      columns.set(name, label);
  return (
    <Card title={t("merge")} className="option-part">
      <p className="muted small">{t("mergeHint")}</p>
      <table className="merge-table">
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("rule")}</th>
          </tr>
        </thead>
        <tbody>
          {importer.fields
            .filter(({ name }) => columns.has(name))
            .map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  {field.label}
                  {columns.get(field.name) !== field.label && (
                    <span className="muted small" dir="auto">
                      {columns.get(field.name)}
                    </span>
                  )}
                </th>
                <td>
                  <MergeRule job={job} field={field} hideLabel />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Card>
  );
}
