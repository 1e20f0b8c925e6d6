/** A letter of each kind, as tests and pictures of them need it: `node test/letters/example-letters.ts FOLDER` writes them as HTML. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Language, languages } from "../../src/core/fields/language.ts";
import type { ImportJob } from "../../src/core/import.ts";
import type { IssueCount } from "../../src/core/issue.ts";
import type { SinkMessage } from "../../src/core/sink.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { importLetter } from "../../src/letters/import-letter.ts";
import { type Letter, letterHtml } from "../../src/letters/letter-html.ts";
import { operatorLetter } from "../../src/letters/operator-letter.ts";
import { pageLinks } from "../../src/letters/page-links.ts";
import { type LetterKind, letterKinds } from "../../src/locale/letters.ts";

/** What letters read of it. */
export const exampleJob = {
  id: 42,
  importer: "leads",
  fileName: "prospects.xlsx",
  totalRows: 210_202,
  validRows: 209_812,
  invalidRows: 390,
  errorMessage: null,
  errorTold: null,
  status: "completed",
} as unknown as ImportJob;

const issues: IssueCount[] = [
  { field: "email", code: "email_invalid", count: 310 },
  { field: "phone", code: "phone_invalid", count: 41 },
  { field: "first_name", code: "text_too_long", count: 22 },
  { field: null, code: "row_too_short", count: 9 },
  { field: "postal_code", code: "leading_zero_lost", count: 4 },
  { field: "source", code: "choice_unknown", count: 2 },
  { field: null, code: "quote_unclosed", count: 1 },
  { field: "city", code: "encoding_invalid", count: 1 },
];

const links = pageLinks({ publicUrl: "https://crm.example.com", importLink: "" });

export function exampleLetter(kind: LetterKind, language: Language, more: Partial<ImportJob> = {}): Letter {
  const stories: Partial<Record<LetterKind, Partial<ImportJob>>> = {
    failed: {
      totalRows: 0,
      errorMessage: "prospects.xlsx is empty: it has no header and no rows.",
      errorTold: { template: "{0} is empty: it has no header and no rows.", values: ["prospects.xlsx"] },
    },
    paused: {
      errorMessage: "The database rejects more than 100 rows of one chunk: value too long",
      errorTold: { template: "The database rejects more than 100 rows of one chunk: {0}", values: ["value too long"] },
    },
  };
  return importLetter(
    kind,
    {
      job: { ...exampleJob, ...stories[kind], ...more },
      counts:
        kind === "failed" || kind === "nothing"
          ? { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: kind === "nothing" ? 210_202 : 0, failed: 0 }
          : {
              created: 198_730,
              updated: 9_512,
              unchanged: 1_204,
              skipped: 366,
              invalid: kind === "completed" ? 0 : 389,
              failed: kind === "completed" ? 0 : 1,
            },
      issues,
      undone: {
        deleted: 4100,
        restored: 512,
        kept: { edited_since: 3, edited_in_part: 1, referred_to: 0, gone_already: 0, refused: 0 },
      },
      importer: leads,
    },
    { page: links.import(42, kind === "ready"), rejectedRows: links.rejectedRows(42), settings: links.settings },
    language,
    ["/srv/sluice"],
  );
}

export const alertKinds = [
  ...["import_failed", "source_waits", "source_failed", "dead_letters", "stuck_sink", "webhook_off"],
] as const;

/** `more`: of the message. */
export async function exampleAlert(kind: string, language: Language, more: Partial<SinkMessage> = {}): Promise<Letter> {
  const message = {
    ...{
      key: "k",
      at: new Date(0),
      importId: 42,
      importer: "leads",
      fileName: "prospects.xlsx",
      target: "public.leads",
    },
    ...{ context: { tenant_id: "7" }, user: "anna", attempt: 1 },
    ...more,
  };
  const parts = {
    imports: {
      get: async () => ({ ...exampleJob, createdBy: message.user, errorMessage: "connect ECONNREFUSED 10.0.0.3:5432" }),
    },
    language,
    links,
  };
  if (kind === "import_failed") return operatorLetter({ ...message, topic: "import.failed", data: {} }, parts);
  if (kind === "source_waits" || kind === "source_failed") {
    const topic = kind === "source_waits" ? "source.waits" : "source.failed";
    const told =
      kind === "source_waits"
        ? { template: "The same file was uploaded for import {0} a moment ago.", values: [41] }
        : {
            template: "{0} cannot be reached on port {1}: {2}.",
            values: ["files.example.com", 22, "connect ETIMEDOUT"],
          };
    const ofFile = kind === "source_waits" ? {} : { importId: 0, fileName: "" };
    return operatorLetter(
      { ...message, ...ofFile, topic, data: { source: "night-leads", sourceId: 3, reason: "", told } },
      parts,
    );
  }
  const data = { kind, name: "products-typesense", count: 12, fresh: 3, reason: "503 Not Ready or Lagging" };
  return operatorLetter({ ...message, topic: "operator.alert", data }, parts);
}

if (import.meta.main) {
  const folder = process.argv[2];
  await mkdir(folder, { recursive: true });
  for (const language of languages) {
    for (const kind of letterKinds)
      await writeFile(join(folder, `${kind}-${language}.html`), letterHtml(exampleLetter(kind, language)));
    for (const kind of alertKinds)
      await writeFile(
        join(folder, `operator-${kind}-${language}.html`),
        letterHtml(await exampleAlert(kind, language)),
      );
  }
}
