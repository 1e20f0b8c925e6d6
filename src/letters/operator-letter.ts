/** What those who run the server are told: an import that failed, what was given up, what gets nowhere. */
import type { Alert } from "../core/alert.ts";
import type { Telling } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import type { ImportJob } from "../core/import.ts";
import type { Mail } from "../core/mail.ts";
import type { SinkMessage, Topic } from "../core/sink.ts";
import type { Imports } from "../core/store/imports.ts";
import { operatorTexts } from "../locale/operator-letters.ts";
import { textIn } from "../locale/told.ts";
import { type Letter, letterHtml, letterText } from "./letter-html.ts";
import type { PageLinks } from "./page-links.ts";

export const operatorTopics: readonly Topic[] = ["import.failed", "operator.alert", "source.waits", "source.failed"];

export interface OperatorLetterParts {
  imports: Pick<Imports, "get">;
  language: Language;
  links: PageLinks;
}

/** Every failed import is told, whatever became of it since. */
export async function operatorLetter(
  { topic, importId, importer, fileName, context, user, data }: SinkMessage,
  { imports, language, links }: OperatorLetterParts,
): Promise<Letter> {
  const texts = operatorTexts[language];
  const blank = { language, reasons: null, also: null, why: texts.why, settings: null };
  if (topic === "operator.alert") {
    const { kind, name, count, fresh, reason } = data as unknown as Alert;
    const number = new Intl.NumberFormat(language);
    const say = (text: string): string => text.replace("{name}", () => name);
    const page = links.history;
    return {
      ...blank,
      subject: say(texts.subject[kind]),
      title: say(texts.subject[kind]),
      lead: texts.lead[kind],
      reason,
      facts:
        kind === "dead_letters"
          ? [
              [texts.facts.fresh, number.format(fresh)],
              [texts.facts.count, number.format(count)],
            ]
          : [],
      open: page === null ? null : { text: texts.openQueue, href: page },
    };
  }
  const { kind, name, reason, facts, by } =
    topic === "source.waits" || topic === "source.failed"
      ? ofSource(topic, fileName, data, language)
      : await ofImport(importId, fileName, imports);
  const subject = texts.subject[kind].replace("{name}", () => name);
  const [page, open] =
    importId === 0 ? [links.sources, texts.openSources] : [links.import(importId, false), texts.openImport];
  return {
    ...blank,
    subject,
    title: subject,
    lead: texts.lead[kind],
    reason,
    facts: [
      ...facts,
      ...(importId === 0 ? [] : [[texts.facts.import, String(importId)] as const]),
      [texts.facts.importer, importer],
      ...(user === null
        ? []
        : [[kind === "import_failed" ? texts.facts.startedBy : texts.facts.madeBy, by ?? user] as const]),
      ...Object.entries(context),
    ],
    open: page === null ? null : { text: open, href: page },
  };
}

/** What a letter says beside what all of them do. */
interface Story {
  kind: "import_failed" | "source_waits" | "source_failed";
  /** In the subject. */
  name: string;
  reason: string | null;
  facts: Letter["facts"];
  /** Who made the import, where that is noted with it. */
  by: string | null;
}

async function ofImport(importId: number, name: string, imports: OperatorLetterParts["imports"]): Promise<Story> {
  // Deleted since, it is told all the same.
  const job = importId === 0 ? null : await imports.get(importId).catch((): ImportJob | null => null);
  // The reason as it is: it is theirs to find the cause.
  return { kind: "import_failed", name, reason: job?.errorMessage ?? null, facts: [], by: job?.createdBy ?? null };
}

/** A source, or one of its files, that waits for a person. */
function ofSource(
  topic: "source.waits" | "source.failed",
  fileName: string,
  { source, reason, told }: SinkMessage["data"],
  language: Language,
): Story {
  const isFile = topic === "source.waits";
  return {
    kind: isFile ? "source_waits" : "source_failed",
    name: isFile ? fileName : String(source),
    reason: told === undefined ? String(reason) : textIn(language, told as Telling),
    facts: [[operatorTexts[language].facts.source, String(source)]],
    by: null,
  };
}

export async function operatorMail(message: SinkMessage, to: string, parts: OperatorLetterParts): Promise<Mail> {
  const letter = await operatorLetter(message, parts);
  return {
    to,
    subject: letter.subject.replaceAll(/\p{Cc}+/gu, " "),
    text: letterText(letter),
    html: letterHtml(letter),
    messageId: message.key,
    settingsUrl: null,
  };
}
