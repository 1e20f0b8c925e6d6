/** Who gets the records that are created. Each choice is kept as soon as it says all that it must. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Assignment, Import, Mapping } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { OptionCard } from "../../parts/Labelled.tsx";
import { type AssignmentDraft, assignmentOf, draftOf, type Mode } from "./assignment-draft.ts";
import { ByColumn } from "./ByColumn.tsx";
import { PersonPicker, usePeople } from "./PersonPicker.tsx";
import { RoundRobin } from "./RoundRobin.tsx";

const modes: readonly Mode[] = ["none", "single", "round-robin", "column"];
/** A weight that is stepped through is kept once. */
const calmMs = 300;

interface OwnerChoiceProps {
  job: Import;
  mapping: Mapping;
  assignment: Assignment;
  /** Records that would be created; null: nobody knows yet. */
  created: number | null;
  onChange: (changes: { assignment: Assignment }) => void;
  /** `unfinished`: something is still to be chosen; `pending`: it is about to be kept. */
  onDraft: (state: "kept" | "pending" | "unfinished") => void;
}

export function OwnerChoice({ job, mapping, assignment, created, onChange, onDraft }: OwnerChoiceProps): ReactNode {
  const t = useTexts("options");
  const id = useId();
  const { draft, change } = useDraft(assignment, onChange, onDraft);
  const { owner, owners, fallback, values } = draft;
  const people = usePeople(job, [
    ...(owner === null ? [] : [owner]),
    ...owners.map((each) => each.owner),
    ...(fallback === null ? [] : [fallback]),
    ...Object.values(values),
  ]);
  return (
    <Card title={t("owners")} className="option-part">
      <fieldset>
        <legend className="hidden-text">{t("owners")}</legend>
        <div className="option-cards two">
          {modes.map((mode) => (
            <OptionCard
              key={mode}
              name={`${id}-mode`}
              title={t(`mode_${mode}`)}
              words={t(`mode_${mode}_words`)}
              checked={draft.mode === mode}
              onChoose={() => change({ mode })}
            />
          ))}
        </div>
      </fieldset>
      {draft.mode === "single" && (
        <PersonPicker
          job={job}
          label={t("person")}
          person={owner === null ? null : { id: owner, name: people.get(owner)?.name ?? owner }}
          onChoose={(person) => change({ owner: person.id })}
        />
      )}
      {draft.mode === "round-robin" && (
        <RoundRobin
          job={job}
          owners={owners}
          people={people}
          created={created}
          onChange={(next) => change({ owners: next })}
        />
      )}
      {draft.mode === "column" && (
        <ByColumn
          job={job}
          mapping={mapping}
          draft={draft}
          keptColumn={assignment.mode === "column" ? assignment.column : null}
          people={people}
          onChange={change}
        />
      )}
    </Card>
  );
}

/** What is being chosen, kept after a moment of calm; what somebody else keeps meanwhile is taken over. */
function useDraft(
  assignment: Assignment,
  onChange: OwnerChoiceProps["onChange"],
  onDraft: OwnerChoiceProps["onDraft"],
): { draft: AssignmentDraft; change: (changes: Partial<AssignmentDraft>) => void } {
  const [draft, setDraft] = useState(() => draftOf(assignment));
  const [isOwn, setOwn] = useState(false);
  const present = JSON.stringify(assignment);
  const seen = useRef(present);
  useEffect(() => {
    if (seen.current === present) return;
    seen.current = present;
    if (!isOwn) setDraft((before) => draftOf(JSON.parse(present), before));
  }, [present, isOwn]);
  const due = useRef<(() => void) | null>(null);
  const wanted = assignmentOf(draft);
  const text = wanted === null ? null : JSON.stringify(wanted);
  useEffect(() => {
    if (!isOwn) return onDraft("kept");
    due.current = null;
    if (text === null) return onDraft("unfinished");
    onDraft("pending");
    const keep = (): void => {
      due.current = null;
      setOwn(false);
      onChange({ assignment: JSON.parse(text) });
    };
    due.current = keep;
    const timer = setTimeout(keep, calmMs);
    return () => clearTimeout(timer);
  }, [isOwn, text, onChange, onDraft]);
  // Who leaves the step within the moment of calm has chosen all the same.
  useEffect(() => () => due.current?.(), []);
  return {
    draft,
    change(changes) {
      setOwn(true);
      setDraft((before) => ({ ...before, ...changes }));
    },
  };
}
