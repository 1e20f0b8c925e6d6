/** What an update does with a field of this import: the importer's rule, or the person's own. It keeps itself. */

import type { ReactNode } from "react";
import type { Import, ImporterField } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useReason, useTexts } from "../../foundation/texts.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Labelled } from "../../parts/Labelled.tsx";

type Rule = ImporterField["merge"];

/** Its rule for this import, kept in `options.merge`; the importer's own needs no place there. */
export function MergeRule({
  job,
  field,
  hideLabel = false,
}: {
  job: Pick<Import, "id">;
  field: Pick<ImporterField, "name" | "label" | "merge" | "mergeRules">;
  /** The label is heard, not seen: where a table's head says it. */
  hideLabel?: boolean;
}): ReactNode {
  const t = useTexts("map");
  const announce = useAnnounce();
  const { options, error, change } = useOptions(job.id);
  const reason = useReason();
  const choose = async (rule: Rule): Promise<void> => {
    const { [field.name]: _, ...others } = options?.merge ?? {};
    const merge = rule === field.merge ? others : { ...others, [field.name]: rule };
    try {
      await change({ merge });
      announce(t("mergeKept", { field: field.label }));
    } catch {
      // Shown below the control.
    }
  };
  return (
    <Labelled
      label={t("merge", { field: field.label })}
      hideLabel={hideLabel}
      problem={error === null ? undefined : reason(error)}
    >
      {(control) => (
        <select
          className="select small-control"
          {...control}
          disabled={options === undefined}
          value={options?.merge[field.name] ?? field.merge}
          onChange={(event) => void choose(event.target.value as Rule)}
        >
          {field.mergeRules.map((rule: Rule) => (
            <option key={rule} value={rule}>
              {t(`merge_${rule}`)}
              {rule === field.merge ? ` ${t("mergeDefault")}` : ""}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
