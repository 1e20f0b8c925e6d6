/** Where the files of a source are: the kind of place, and what it takes to get there. */
import type { ReactNode } from "react";
import type { SourceKinds } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { LinesField, SelectField, TextField } from "./FormFields.tsx";
import type { PlaceField } from "./place-fields.ts";
import { placeFieldsIn } from "./source-draft.ts";
import type { FormView } from "./use-source-form.ts";

export function PlaceFields({ view, kinds }: { view: FormView; kinds: SourceKinds }): ReactNode {
  const t = useTexts("sourceForm");
  const ts = useTexts("sources");
  const fields = placeFieldsIn(view.draft, view.scope);
  return (
    <>
      <div className="source-grid">
        <SelectField
          view={view}
          path="place.kind"
          label={t("kind")}
          options={kinds.kinds.map((kind) => [kind, ts(`place_${kind}`)])}
        />
        {fields.map((field) => (
          <PlaceControl key={field.name} view={view} field={field} kinds={kinds} />
        ))}
      </div>
      {fields.some(({ isSecret }) => isSecret) && <p className="muted small">{t("secretsKept")}</p>}
      {!kinds.secrets && <p className="muted small">{t("needsKey")}</p>}
      {!kinds.kinds.includes("folder") && <p className="muted small">{t("needsFolders")}</p>}
    </>
  );
}

function PlaceControl({ view, field, kinds }: { view: FormView; field: PlaceField; kinds: SourceKinds }): ReactNode {
  const t = useTexts("sourceForm");
  const { either } = useFormats();
  const { name, look, isNeeded } = field;
  const control = {
    view,
    path: `place.${name}`,
    label: t(`field_${name}`),
    hint:
      name === "path" && kinds.folders !== null
        ? t("foldersAre", { folders: either(kinds.folders) })
        : field.hint && t(field.hint),
    required: isNeeded,
  };
  switch (look) {
    case "tls":
      return (
        <SelectField
          {...control}
          options={(["explicit", "implicit", "none"] as const).map((tls) => [tls, t(`tls_${tls}`)])}
        />
      );
    case "lines":
      return <LinesField {...control} />;
    case "secret":
      return <TextField {...control} type="password" />;
    case "url":
      return <TextField {...control} type="url" />;
    case "number":
      return <TextField {...control} inputMode="numeric" />;
    default:
      return <TextField {...control} />;
  }
}
