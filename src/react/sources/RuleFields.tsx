/** Which files of a place are taken, what becomes of them there, and how far their imports go by themselves. */
import type { ReactNode } from "react";
import { useTexts } from "../foundation/texts.ts";
import { CheckField, LinesField, SelectField, TextField } from "./FormFields.tsx";
import type { FormView } from "./use-source-form.ts";

export function RuleFields({ view }: { view: FormView }): ReactNode {
  const t = useTexts("sourceForm");
  return (
    <>
      <div className="source-grid">
        <LinesField view={view} path="files" label={t("files")} hint={t("filesHint")} />
        <SelectField
          view={view}
          path="done"
          label={t("done")}
          options={(["keep", "delete", "move"] as const).map((each) => [each, t(`done_${each}`)])}
        />
        {view.draft.done === "move" && (
          <TextField view={view} path="done.moveTo" label={t("moveTo")} hint={t("moveToHint")} required />
        )}
        <TextField
          view={view}
          path="settleSeconds"
          label={t("settleSeconds")}
          hint={t("settleSecondsHint")}
          inputMode="numeric"
          required
        />
      </div>
      <CheckField view={view} path="parallel" label={t("parallel")} hint={t("parallelHint")} />
      <CheckField view={view} path="sameContent" label={t("sameContent")} hint={t("sameContentHint")} />
    </>
  );
}

export function ImportFields({ view }: { view: FormView }): ReactNode {
  const t = useTexts("sourceForm");
  return (
    <>
      <CheckField view={view} path="autoCommit" label={t("autoCommit")} hint={t("autoCommitHint")} />
      <CheckField view={view} path="acceptDoubts" label={t("acceptDoubts")} hint={t("acceptDoubtsHint")} />
    </>
  );
}
