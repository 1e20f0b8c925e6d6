/** What a file needs for an importer, and a template to fill in. */
import type { ReactNode } from "react";
import type { ImporterWithFields } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { FetchedDownload } from "../../parts/Download.tsx";

/** Fields that are not needed are named up to this many; the rest are a click away. */
const shownFields = 8;

export function FileRequirements({ importer }: { importer: ImporterWithFields }): ReactNode {
  const t = useTexts("upload");
  const { fields, atLeastOne } = importer;
  const labels = new Map(fields.map(({ name, label }) => [name, label]));
  const labelled = (names: readonly string[]): string[] => names.map((name) => labels.get(name) ?? name);
  const { either } = useFormats();
  const required = fields.filter((field) => field.required).map(({ label }) => label);
  const groups = atLeastOne.map((names) => t("needOneOf", { fields: either(labelled(names)) }));
  const needed = new Set(atLeastOne.flat());
  const others = fields.filter((field) => !field.required && !needed.has(field.name)).map(({ label }) => label);
  return (
    <Card title={t("needTitle")} className="needs">
      <div className="stack">
        {required.length + groups.length === 0 ? (
          <p>{t("needNothing")}</p>
        ) : (
          <div>
            <h3>{t("needEach")}</h3>
            <ul className="needed">
              {[...required, ...groups].map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </div>
        )}
        {others.length > 0 && (
          <div>
            <h3>{t("alsoKnown")}</h3>
            <ul className="known">
              {others.slice(0, shownFields).map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
            {others.length > shownFields && (
              <details>
                <summary>{t("moreFields", { count: others.length - shownFields })}</summary>
                <ul className="known">
                  {others.slice(shownFields).map((each) => (
                    <li key={each}>{each}</li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        )}
        <p className="muted small">{t("needNames")}</p>
        <div>
          <h3>{t("template")}</h3>
          <div className="row templates">
            <TemplateButton importer={importer.name} format="xlsx">
              {t("templateExcel")}
            </TemplateButton>
            <TemplateButton importer={importer.name} format="csv">
              {t("templateCsv")}
            </TemplateButton>
          </div>
        </div>
      </div>
    </Card>
  );
}

function TemplateButton({
  importer,
  format,
  children,
}: {
  importer: string;
  format: "csv" | "xlsx";
  children: ReactNode;
}): ReactNode {
  const { client, language } = useSluice();
  return (
    <FetchedDownload
      fetch={() => client.importers.template(importer, { format, lang: language })}
      fileName={`${importer}.${format}`}
      size="small"
    >
      {children}
    </FetchedDownload>
  );
}
