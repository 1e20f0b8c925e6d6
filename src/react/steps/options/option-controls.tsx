/**
 * The options of an import that a person can change in this step, in their order. A new one is a component with its line here; how
 * it is shown afterwards is in history/JobSettings.tsx.
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
import { addsAll, isModeChosen, ModeChoice, strategyIn } from "./ModeChoice.tsx";
import { OwnerChoice } from "./OwnerChoice.tsx";
import { RepeatsChoice } from "./RepeatsChoice.tsx";

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
    option: "mode",
    isShown: ({ importer }) => isModeChosen(importer),
    show: ({ importer, options, change }) => (
      <ModeChoice importer={importer} mode={options.mode} onChange={(mode) => change({ mode })} />
    ),
  },
  {
    option: "duplicates",
    isShown: ({ options }) => !addsAll(options.mode),
    show: ({ importer, mapping, options, duplicates, counts, isCounting, press }) => (
      <DuplicateChoice
        isDecided={options.mode !== "upsert"}
        importer={importer}
        mapping={mapping}
        duplicates={duplicates}
        counts={isCounting ? null : (counts ?? null)}
        onChange={press}
      />
    ),
  },
  {
    option: "repeats",
    // Offered where the importer has an answer of its own: elsewhere all rows count, as one after the other.
    isShown: ({ importer, options }) =>
      importer.repeats !== null &&
      options.duplicates.keys.length === 1 &&
      strategyIn(options.mode, options.duplicates) === "update",
    show: ({ options, change }) => (
      <RepeatsChoice repeats={options.repeats} onChange={(repeats) => change({ repeats })} />
    ),
  },
  {
    option: "merge",
    isShown: ({ options }) => strategyIn(options.mode, options.duplicates) === "update",
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
