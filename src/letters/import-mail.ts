/** Which mail a message of the outbox is, and whether it is one at all: to whom it goes, how large the import is, how it stands by now. */
import type { Language } from "../core/fields/language.ts";
import { languages } from "../core/fields/language.ts";
import { holderOf, type ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Mail, MailRecipients } from "../core/mail.ts";
import type { SinkMessage, Topic } from "../core/sink.ts";
import type { Imports } from "../core/store/imports.ts";
import type { UndoStore } from "../core/store/undo.ts";
import type { LetterKind } from "../locale/letters.ts";
import { importLetter } from "./import-letter.ts";
import { letterHtml, letterText } from "./letter-html.ts";
import type { PageLinks } from "./page-links.ts";

export const mailTopics: readonly Topic[] = [
  "import.ready",
  "import.paused",
  "import.completed",
  "import.failed",
  "import.undone",
];

export interface ImportMailParts {
  imports: Pick<Imports, "get" | "counts" | "issueCounts">;
  undone: Pick<UndoStore, "report">;
  recipients: Pick<MailRecipients, "ofImport">;
  importers: ReadonlyMap<string, Importer>;
  /** Smaller imports send no mail, but for what needs a person. */
  fromRows: number;
  /** The server's. */
  language: Language;
  places: readonly string[];
  links: PageLinks;
}

/** Null: nobody is to get one. */
export async function importMail(message: SinkMessage, parts: ImportMailParts): Promise<Mail | null> {
  const { importId, key } = message;
  const recipient = await parts.recipients.ofImport(importId);
  if (recipient === null || recipient.isOff) return null;
  const job = await parts.imports.get(importId);
  const kind = kindOf(message.topic, job);
  if (kind === null) return null;
  const needsPerson = kind === "failed" || kind === "paused";
  if (!needsPerson && job.totalRows < (recipient.fromRows ?? parts.fromRows)) return null;
  const language = recipient.language ?? languages.find((each) => each === job.language) ?? parts.language;
  const { links } = parts;
  const letter = importLetter(
    kind,
    {
      job,
      counts: await parts.imports.counts(importId),
      issues: await parts.imports.issueCounts(importId),
      undone: kind === "undone" ? await parts.undone.report(importId) : null,
      importer: parts.importers.get(job.importer),
    },
    {
      page: links.import(importId, kind === "ready"),
      rejectedRows: links.rejectedRows(importId),
      settings: links.settings,
    },
    language,
    parts.places,
  );
  return {
    to: recipient.address,
    subject: letter.subject,
    text: letterText(letter),
    html: letterHtml(letter),
    messageId: key,
    settingsUrl: links.settings,
  };
}

/** Null: it has gone on by now, so that the mail would say what is not so; or a person holds it, and knows. */
function kindOf(topic: Topic, job: ImportJob): LetterKind | null {
  switch (topic) {
    case "import.ready":
      return job.status === "ready" ? "ready" : null;
    case "import.paused":
      return job.status === "paused" && holderOf(job) === null ? "paused" : null;
    case "import.failed":
      return job.status === "failed" ? "failed" : null;
    case "import.completed":
      return job.invalidRows > 0 || job.importedRows + job.skippedRows < job.totalRows ? "rejected" : "completed";
    case "import.undone":
      return "undone";
    default:
      return null;
  }
}
