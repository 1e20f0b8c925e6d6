/**
 * The options of an import that a person can change in this step, in their order. A new one is a component with its line here; how
 * it is told afterwards stands in history/JobSettings.tsx.
 */
import type { ReactNode } from "react";
import type {
  Counts,
  DuplicateOptions,
  Import,
  ImporterWithFields,
  ImportOptions,
  ImportOptionsInput,
  Mapping,
} from "../../../client/index.ts";
import { DuplicateChoice, MergeTable } from "./DuplicateChoice.tsx";
import { OwnerChoice } from "./OwnerChoice.tsx";

/** What a control is given. */
export interface OptionView {
  job: Import;
  importer: ImporterWithFields;
  mapping: Mapping;
  /** As they are kept. */
  options: ImportOptions;
  /** As they were pressed last, before they are kept. */
  duplicates: DuplicateOptions;
  /** What the last dry run came to. */
  counts: Counts | undefined;
  isCounting: boolean;
  /** Keeps what changes. What goes wrong is shown by the step. */
  change: (changes: ImportOptionsInput) => void;
  press: (duplicates: DuplicateOptions) => void;
  /** `unfinished`: something is still to be chosen; `pending`: it is about to be kept. */
  onDraft: (state: "kept" | "pending" | "unfinished") => void;
}

interface OptionControl {
  option: keyof ImportOptions;
  /** Whether it says anything about this import. Default: always. */
  isShown?(view: OptionView): boolean;
  show(view: OptionView): ReactNode;
}

export const optionControls: readonly OptionControl[] = [
  {
    option: "duplicates",
    show: ({ importer, mapping, duplicates, counts, isCounting, press }) => (
      <DuplicateChoice
        importer={importer}
        mapping={mapping}
        duplicates={duplicates}
        counts={isCounting ? null : (counts ?? null)}
        onChange={press}
      />
    ),
  },
  {
    option: "merge",
    isShown: ({ options }) => options.duplicates.strategy === "update",
    show: ({ job, importer, mapping }) => <MergeTable job={job} importer={importer} mapping={mapping} />,
  },
  {
    option: "assignment",
    isShown: ({ importer }) => importer.assignsOwners,
    show: ({ job, mapping, options, counts, change, onDraft }) => (
      <OwnerChoice
        job={job}
        mapping={mapping}
        assignment={options.assignment}
        created={counts?.created ?? null}
        onChange={change}
        onDraft={onDraft}
      />
    ),
  },
];
