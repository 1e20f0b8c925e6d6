/** Changes a source that was made here: its schedule, its rules, and its place, which is entered anew with its secrets. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Source, SourceKinds } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { FieldGroup } from "./FormFields.tsx";
import { PlaceFields } from "./PlaceFields.tsx";
import { ImportFields, RuleFields } from "./RuleFields.tsx";
import { ScheduleFields } from "./ScheduleFields.tsx";
import { changesOf, draftOf, hasRules } from "./source-draft.ts";
import { sourcesKey } from "./sources-key.ts";
import { useSourceForm, useSourceKinds } from "./use-source-form.ts";

interface EditSourceProps {
  source: Source;
  onClose: () => void;
}

export function EditSource(props: EditSourceProps): ReactNode {
  const { data, error, refetch } = useSourceKinds();
  if (error !== null && error.status !== 401) return <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Placeholder lines={12} />;
  return <EditForm {...props} kinds={data} />;
}

function EditForm({ source: current, onClose, kinds: allowed }: EditSourceProps & { kinds: SourceKinds }): ReactNode {
  const t = useTexts("sourceForm");
  const tc = useTexts("common");
  const announce = useAnnounce();
  const { client } = useSluice();
  const queries = useQueryClient();
  /** As it was when the form was opened. */
  const [source] = useState(current);
  const [withPlace, setWithPlace] = useState(false);
  const { kind } = source.place;
  // The kind that it has stays to be chosen, though the server may not allow it any more: it says so.
  const kinds = allowed.kinds.includes(kind) ? allowed : { ...allowed, kinds: [kind, ...allowed.kinds] };
  const { form, submit, isSending, failure, ...view } = useSourceForm(
    draftOf(source),
    () => ({ isNew: false, withPlace, withSecrets: allowed.secrets, context: [] }),
    async (draft, scope) => {
      const { name } = await client.sources.change(source.id, changesOf(draft, scope, source));
      announce(t("saved", { name }));
      await queries.invalidateQueries({ queryKey: sourcesKey });
      onClose();
    },
  );
  const togglePlace = (): void => {
    view.set("place.kind", kind);
    setWithPlace(!withPlace);
  };
  return (
    <form
      ref={form}
      className="stack source-form source-edit"
      aria-label={t("changeTitle", { name: source.name })}
      noValidate
      onSubmit={submit}
    >
      <FieldGroup title={t("where")}>
        {withPlace && (
          <>
            {source.hasSecrets && (
              <Notice tone="info" title={t("placeWhole")}>
                {t("placeWholeHint")}
              </Notice>
            )}
            <PlaceFields view={view} kinds={kinds} />
          </>
        )}
        <div className="row">
          <Button size="small" onClick={togglePlace}>
            {t(withPlace ? "keepPlace" : "changePlace")}
          </Button>
        </div>
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
          {t("save")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {tc("cancel")}
        </Button>
      </div>
      {failure !== null && <Problem error={failure} />}
    </form>
  );
}
