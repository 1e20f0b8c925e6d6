/** What served for a file of the same columns, offered for this one; and what can be done with it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ClientError, Import, Mapping, Template } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { mappingKey, templatesKey } from "./use-mapping.ts";

const TemplateDialog = lazy(async () => ({ default: (await import("./TemplateDialog.tsx")).TemplateDialog }));

export function TemplateOffer({
  job,
  template,
  mapping,
}: {
  job: Import;
  template: Template;
  mapping: Mapping;
}): ReactNode {
  const t = useTexts("map");
  const { client } = useSluice();
  const { day } = useFormats();
  const announce = useAnnounce();
  const queries = useQueryClient();
  const [isRenaming, setRenaming] = useState(false);
  const refresh = (): void => void queries.invalidateQueries({ queryKey: importKey(job.id) });
  const use = useMutation<Mapping, ClientError>({
    mutationFn: () => client.imports.applyTemplate(job.id, template.id),
    onSuccess(changed) {
      queries.setQueryData(mappingKey(job.id), changed);
      announce(t("templateUsed"));
      refresh();
    },
  });
  const forget = useMutation<void, ClientError>({
    mutationFn: () => client.templates.delete(template.id),
    onSuccess() {
      queries.setQueryData(templatesKey(job.id), null);
      announce(t("templateForgotten"));
    },
  });
  const isUsed = isSame(template, mapping);
  const title =
    template.name === null
      ? t("templateOffer", { day: day(template.updatedAt) })
      : t("templateOfferNamed", { name: template.name });
  const error = use.error ?? forget.error;
  return (
    <>
      <Notice
        tone={isUsed ? "good" : "info"}
        title={title}
        actions={
          <>
            {!isUsed && (
              <Button busy={use.isPending} onClick={() => use.mutate()}>
                {t("templateUse")}
              </Button>
            )}
            <Button look="quiet" size="small" onClick={() => setRenaming(true)}>
              {t("templateRename")}
            </Button>
            <Button look="quiet" size="small" busy={forget.isPending} onClick={() => forget.mutate()}>
              {t("templateForget")}
            </Button>
          </>
        }
      >
        {t(isUsed ? "templateUsed" : "templateOfferHint")}
      </Notice>
      {error !== null && <Problem error={error} />}
      {isRenaming && (
        <Suspense>
          <TemplateDialog job={job} template={template} onClose={() => setRenaming(false)} isRenaming />
        </Suspense>
      )}
    </>
  );
}

/** Whether the columns already go where the template sends them. */
function isSame({ columns, fields }: Template, mapping: Mapping): boolean {
  const fold = (header: string): string => header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  const fieldOf = new Map(columns.map(({ column, field }) => [fold(column), field]));
  const made = new Map(mapping.fields.map(({ field, source }) => [field, JSON.stringify(source)]));
  return (
    mapping.columns.every(({ column, field }) => (fieldOf.get(fold(column)) ?? null) === field) &&
    made.size === fields.length &&
    fields.every(({ field, source }) => made.get(field) === JSON.stringify(source))
  );
}
