/** Gives the columns and settings of an import a name, to be used again. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { ClientError, Import, Template } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { LabelledInput } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { templatesKey } from "./use-mapping.ts";

export interface TemplateDialogProps {
  job: Import;
  /** The one for such files, if there is one. */
  template: Template | null;
  /** Its name alone changes. */
  isRenaming?: boolean;
  onClose: () => void;
}

export function TemplateDialog({ job, template, isRenaming = false, onClose }: TemplateDialogProps): ReactNode {
  const t = useTexts("map");
  const { client } = useSluice();
  const announce = useAnnounce();
  const queries = useQueryClient();
  const formId = useId();
  const [name, setName] = useState(template?.name ?? "");
  const [isAsked, setAsked] = useState(false);
  const keep = useMutation<Template, ClientError, string>({
    mutationFn: (chosen) =>
      isRenaming && template !== null
        ? client.templates.rename(template.id, chosen)
        : client.templates.save(job.id, { name: chosen }),
    onSuccess(kept) {
      queries.setQueryData(templatesKey(job.id), kept);
      announce(t("templateSaved", { name: kept.name ?? "" }));
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === "") setAsked(true);
    else keep.mutate(name.trim());
  };
  return (
    <Dialog
      title={t(isRenaming ? "templateRenameTitle" : "templateTitle")}
      onClose={onClose}
      actions={
        <Button type="submit" form={formId} look="primary" busy={keep.isPending}>
          {t("templateDo")}
        </Button>
      }
    >
      <form id={formId} className="stack" noValidate onSubmit={submit}>
        {!isRenaming && <p>{t("templateWords")}</p>}
        {!isRenaming && template !== null && <p className="muted">{t("templateReplaces")}</p>}
        <LabelledInput
          label={t("templateName")}
          hint={t("templateNameHint")}
          problem={isAsked && name.trim() === "" ? t("templateNeedsName") : undefined}
          autoComplete="off"
          maxLength={100}
          value={name}
          onText={setName}
        />
        {keep.error !== null && <Problem error={keep.error} />}
      </form>
    </Dialog>
  );
}
