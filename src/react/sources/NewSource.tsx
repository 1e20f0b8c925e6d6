/** A new source: what its files become, where they are, when they are fetched, and what is decided about their imports. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, ImporterSummary, Page, SourceKinds, Template } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { importersQuery } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { ContextFields } from "../parts/ContextFields.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import type { Draft } from "./draft.ts";
import { FieldGroup, SelectField, TextField } from "./FormFields.tsx";
import { PlaceFields } from "./PlaceFields.tsx";
import { ImportFields, RuleFields } from "./RuleFields.tsx";
import { ScheduleFields } from "./ScheduleFields.tsx";
import { firstDraft, hasRules, newSourceOf } from "./source-draft.ts";
import { sourcesKey } from "./sources-key.ts";
import { type FormView, useSourceForm, useSourceKinds } from "./use-source-form.ts";

interface NewSourceProps {
  onMade: () => void;
  /** Default: it cannot be left. */
  onClose?: () => void;
}

export function NewSource(props: NewSourceProps): ReactNode {
  const t = useTexts("sourceForm");
  const tu = useTexts("upload");
  const { client, language } = useSluice();
  const kinds = useSourceKinds();
  const importers = useQuery<ImporterSummary[], ClientError>({
    ...importersQuery(client, language),
    // What is typed stays while their names come in another language.
    placeholderData: keepPreviousData,
  });
  const error = kinds.error ?? importers.error;
  return (
    <Card title={t("newTitle")}>
      {error !== null && error.status !== 401 ? (
        <Problem error={error} onRetry={() => void Promise.all([kinds.refetch(), importers.refetch()])} />
      ) : kinds.data === undefined || importers.data === undefined ? (
        <Placeholder lines={12} />
      ) : importers.data.length === 0 ? (
        <p>{tu("noImporter")}</p>
      ) : (
        <NewSourceForm {...props} kinds={kinds.data} importers={importers.data} />
      )}
    </Card>
  );
}

interface NewSourceFormProps extends NewSourceProps {
  kinds: SourceKinds;
  importers: readonly ImporterSummary[];
}

function NewSourceForm({ kinds, importers, onMade, onClose }: NewSourceFormProps): ReactNode {
  const t = useTexts("sourceForm");
  const tc = useTexts("common");
  const announce = useAnnounce();
  const { client } = useSluice();
  const queries = useQueryClient();
  const askedOf = ({ importer }: Draft): ImporterSummary["context"] =>
    importers.find(({ name }) => name === importer)?.context.filter(({ pinned }) => !pinned) ?? [];
  const { form, submit, isSending, failure, ...view } = useSourceForm(
    { ...firstDraft(kinds.kinds[0]), importer: importers.length === 1 ? importers[0].name : "" },
    (draft) => ({
      isNew: true,
      withPlace: true,
      withSecrets: kinds.secrets,
      context: askedOf(draft),
    }),
    async (draft, scope) => {
      const made = await client.sources.create(newSourceOf(draft, scope));
      announce(t("made", { name: made.name }));
      await queries.invalidateQueries({ queryKey: sourcesKey });
      onMade();
    },
  );
  return (
    <form ref={form} className="stack source-form" noValidate onSubmit={submit}>
      <FieldGroup title={t("what")}>
        <div className="source-grid">
          <TextField view={view} path="name" label={t("name")} hint={t("nameHint")} required />
          <SelectField
            view={view}
            path="importer"
            label={t("importer")}
            options={[
              ...(view.draft.importer === "" ? [["", t("chooseOne")] as const] : []),
              ...importers.map(({ name, label }) => [name, label] as const),
            ]}
          />
          <ContextFields
            asked={view.scope.context}
            values={contextIn(view.draft)}
            onChange={(name, value) => view.set(`context.${name}`, value)}
            isWaitedFor={view.isAsked}
            refusalOf={(name) => view.problemAt(`context.${name}`)}
          />
          <TemplateChoice view={view} />
        </div>
      </FieldGroup>
      <FieldGroup title={t("where")}>
        <PlaceFields view={view} kinds={kinds} />
      </FieldGroup>
      <FieldGroup title={t("when")}>
        <ScheduleFields view={view} />
      </FieldGroup>
      {hasRules(view.draft) && (
        <FieldGroup title={t("which")}>
          <RuleFields view={view} />
        </FieldGroup>
      )}
      <FieldGroup title={t("how")}>
        <ImportFields view={view} />
      </FieldGroup>
      <div className="row">
        <Button type="submit" look="primary" busy={isSending}>
          {t("make")}
        </Button>
        {onClose !== undefined && (
          <Button look="quiet" onClick={onClose}>
            {tc("cancel")}
          </Button>
        )}
      </div>
      {failure !== null && <Problem error={failure} />}
    </form>
  );
}

function contextIn(draft: Draft): Record<string, string> {
  const prefix = "context.";
  const named = Object.entries(draft).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(named.map(([path, value]) => [path.slice(prefix.length), value]));
}

const maxTemplates = 100;
const namedColumns = 3;

/** A mapping that was remembered for the importer, where there is one. */
function TemplateChoice({ view }: { view: FormView }): ReactNode {
  const t = useTexts("sourceForm");
  const { client } = useSluice();
  const { day } = useFormats();
  const { importer } = view.draft;
  const { data } = useQuery<Page<Template>, ClientError>({
    queryKey: [...sourcesKey, "templates", importer],
    queryFn: ({ signal }) => client.templates.list({ importer, limit: maxTemplates }, { signal }),
    enabled: importer !== "",
  });
  if (data === undefined || data.items.length === 0) return null;
  const nameOf = ({ name, columns, updatedAt }: Template): string => {
    if (name !== null) return name;
    const some = columns.slice(0, namedColumns).map(({ column }) => column);
    return `${some.join(", ")}${columns.length > namedColumns ? "…" : ""} (${day(updatedAt)})`;
  };
  return (
    <SelectField
      view={view}
      path="templateId"
      label={t("template")}
      hint={t("templateHint")}
      options={[["", t("templateNone")], ...data.items.map((each) => [String(each.id), nameOf(each)] as const)]}
    />
  );
}
