/** The fields whose values are not the cells of one column: what each comes from, what it comes to, and a way to change or add one. */
import { type ReactNode, useState } from "react";
import type { GivenField, Import, ImporterField, MappedField, Preview } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import type { ColumnView } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { MadeFieldDialog } from "./MadeFieldDialog.tsx";

export interface MadeFieldsProps {
  job: Import;
  made: readonly MappedField[];
  views: readonly ColumnView[];
  fields: readonly ImporterField[];
  preview: Preview | undefined;
  onSay: (given: GivenField) => void;
}

/** Values of the first rows that a line shows. */
const shownValues = 3;

export function MadeFields({ job, made, views, fields, preview, onSay }: MadeFieldsProps): ReactNode {
  const t = useTexts("map");
  const announce = useAnnounce();
  const [open, setOpen] = useState<{ made: MappedField | undefined; fields: readonly ImporterField[] } | null>(null);
  const words = useSourceWords();
  const byName = new Map(fields.map((field) => [field.name, field]));
  const fed = new Set([...views.flatMap(({ column: { field } }) => field ?? []), ...made.map(({ field }) => field)]);
  const free = fields.filter(({ name }) => !fed.has(name));
  const say = (given: GivenField): void => {
    onSay(given);
    const label = byName.get(given.field)?.label ?? given.field;
    announce(given.source === null ? t("madeGone", { field: label }) : t("madeDone", { field: label }));
  };
  if (made.length === 0 && free.length === 0) return null;
  return (
    <section className="made-fields" aria-label={t("madeFields")}>
      {made.map((each) => {
        const field = byName.get(each.field);
        const { field: name, source, transform, default: fallback, doubt } = each;
        const label = field?.label ?? name;
        // A fixed value is said already.
        const rows = source.kind === "constant" ? [] : (preview?.rows ?? []);
        const values = rows.flatMap(({ values }) => values?.[name] ?? []);
        return (
          <article key={name} className={`made-field${doubt === undefined ? "" : " to-decide"}`} aria-label={label}>
            <div className="made-words">
              <strong>{label}</strong>
              <span className="muted small">{words(each)}</span>
              {values.length > 0 && (
                <span className="small made-values">
                  <Icon name="chevron" size={14} />
                  <bdi dir="auto">
                    {[...new Set(values)]
                      .slice(0, shownValues)
                      .map((value) => shortened(value, 30))
                      .join(" · ")}
                  </bdi>
                </span>
              )}
            </div>
            <div className="row">
              {doubt !== undefined && <Badge tone="warn">{t("decide")}</Badge>}
              {doubt !== undefined && (
                <Button
                  size="small"
                  onClick={() =>
                    say({
                      field: name,
                      source,
                      ...(transform && { transform }),
                      ...(fallback && { default: fallback }),
                    })
                  }
                >
                  {t("yesTake")}
                </Button>
              )}
              <Button
                size="small"
                look="quiet"
                icon="edit"
                aria-label={t("madeChangeOf", { field: label })}
                onClick={() => setOpen({ made: each, fields: field === undefined ? [] : [field] })}
              >
                {t("change")}
              </Button>
              <Button
                size="small"
                look="quiet"
                icon="trash"
                aria-label={t("madeRemoveOf", { field: label })}
                onClick={() => say({ field: name, source: null })}
              >
                {t("madeRemove")}
              </Button>
            </div>
          </article>
        );
      })}
      {free.length > 0 && (
        <div className="made-add">
          <Button size="small" look="quiet" icon="plus" onClick={() => setOpen({ made: undefined, fields: free })}>
            {t("madeAdd")}
          </Button>
        </div>
      )}
      {open !== null && (
        <MadeFieldDialog
          {...{ job, views }}
          made={open.made}
          fields={open.fields}
          onSay={say}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

/** Where a field's values come from, in words. */
export function useSourceWords(): (made: MappedField) => string {
  const t = useTexts("map");
  const { quoted } = useFormats();
  return ({ source }) => {
    switch (source.kind) {
      case "constant":
        return t("isConstant", { value: shortened(source.value) });
      case "join":
        return t("isJoined", { columns: source.columns.map((column) => quoted(shortened(column))).join(" + ") });
      case "split": {
        const part =
          source.by === "separator"
            ? t("part_nth", { number: source.part, mark: source.separator })
            : t(`part_${source.part}`);
        return t("isPart", { column: shortened(source.column), part });
      }
    }
  };
}
