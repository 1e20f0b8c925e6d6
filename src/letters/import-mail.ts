/** Which mail a message of the outbox is, and whether it is one at all: to whom it goes, how large the import is, how it stands by now. */
import type { Language } from "../core/fields/language.ts";
import { languages } from "../core/fields/language.ts";
import { type Counts, holderOf, type ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Mail, MailRecipients } from "../core/mail.ts";
import { countsByRecord } from "../core/record-counts.ts";
import { mainRecord } from "../core/records.ts";
import type { SinkMessage, Topic } from "../core/sink.ts";
import type { Imports } from "../core/store/imports.ts";
import type { UndoStore } from "../core/store/undo.ts";
import { withoutPlaces } from "../core/without-places.ts";
import { type LetterKind, letterTexts } from "../locale/letters.ts";
import { importLetter } from "./import-letter.ts";
import { type Letter, letterHtml, letterText } from "./letter-html.ts";
import { operatorLetter } from "./operator-letter.ts";
import type { PageLinks } from "./page-links.ts";

export const mailTopics: readonly Topic[] = [
  "import.ready",
  "import.paused",
  "import.completed",
  "import.failed",
  "import.undone",
  "source.waits",
  "source.failed",
];

export interface ImportMailParts {
  imports: Pick<Imports, "get" | "counts" | "issueCounts">;
  undone: Pick<UndoStore, "report">;
  recipients: Pick<MailRecipients, "ofImport" | "ofSource">;
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
  if (message.topic === "source.waits" || message.topic === "source.failed") return sourceMail(message, parts);
  const { importId, key } = message;
  const recipient = await parts.recipients.ofImport(importId);
  if (recipient === null || recipient.isOff) return null;
  const job = await parts.imports.get(importId);
  const kind = kindOf(message.topic, job);
  if (kind === null) return null;
  const needsPerson = kind === "failed" || kind === "paused";
  // Whoever made the source that it came from does not sit before it.
  const isToBeSeenTo = needsPerson || (kind === "ready" && recipient.isFetched);
  const counts = await parts.imports.counts(importId);
  const importer = parts.importers.get(job.importer);
  if (!isToBeSeenTo && sizeOf(job, counts, importer) < (recipient.fromRows ?? parts.fromRows)) return null;
  const language = recipient.language ?? languages.find((each) => each === job.language) ?? parts.language;
  const { links } = parts;
  const letter = importLetter(
    kind,
    {
      job,
      counts,
      issues: await parts.imports.issueCounts(importId),
      undone: kind === "undone" ? await parts.undone.report(importId) : null,
      importer,
    },
    {
      page: links.import(importId, kind === "ready"),
      rejectedRows: links.rejectedRows(importId),
      settings: links.settings,
    },
    language,
    parts.places,
  );
  const why = recipient.isFetched ? letterTexts[language].whySource : letter.why;
  return mailOf({ ...letter, why }, recipient.address, key, links);
}

/**
 * How large an import is: its rows, or what it has made of them, where a row makes several of the record that it is about, as a planner's
 * activity does that has an item on the page of each of its years.
 */
function sizeOf({ totalRows }: ImportJob, counts: Counts, importer: Importer | undefined): number {
  const { records = [] } = importer ?? {};
  const about = mainRecord({ records }) ?? records.at(-1);
  if (about === undefined) return totalRows;
  const { created, updated, unchanged } = countsByRecord({ ...counts }, [about.name])?.[about.name] ?? noRecords;
  return Math.max(totalRows, created + updated + unchanged);
}

const noRecords = { created: 0, updated: 0, unchanged: 0 };

/** What whoever made a source is told of it: that nothing can be fetched, or that a file waits for them. Null: it is not so any longer. */
async function sourceMail(message: SinkMessage, parts: ImportMailParts): Promise<Mail | null> {
  const { topic, importId, data, key } = message;
  const recipient = await parts.recipients.ofSource(Number(data.sourceId));
  if (recipient === null || recipient.isOff) return null;
  if (topic === "source.failed" && !recipient.hasFailed) return null;
  if (importId > 0 && (await parts.imports.get(importId)).status !== "pending") return null;
  const language = recipient.language ?? parts.language;
  const { links, places } = parts;
  const texts = letterTexts[language];
  // As operators hear of it, but for what is the server's own, and their own name.
  const letter = await operatorLetter({ ...message, user: null }, { imports: parts.imports, language, links });
  const { reason } = letter;
  const told: Letter = {
    ...letter,
    reason: reason === null ? null : withoutPlaces(reason, places),
    why: texts.whySource,
    settings: links.settings === null ? null : { text: texts.settings, href: links.settings },
  };
  return mailOf(told, recipient.address, key, links);
}

function mailOf(letter: Letter, to: string, messageId: string, { settings: settingsUrl }: PageLinks): Mail {
  const subject = letter.subject.replaceAll(/\p{Cc}+/gu, " ");
  return { to, subject, text: letterText(letter), html: letterHtml(letter), messageId, settingsUrl };
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
      if (job.totalRows > 0 && job.importedRows + job.skippedRows === 0) return "nothing";
      return job.invalidRows > 0 || job.importedRows + job.skippedRows < job.totalRows ? "rejected" : "completed";
    case "import.undone":
      return "undone";
    default:
      return null;
  }
}
