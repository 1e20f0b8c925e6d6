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
  if (topic === "source.waits" || topic === "source.failed")
    return { ...blank, ...ofSource({ topic, importId, importer, fileName, context, user, data }, { language, links }) };
  // Deleted since, it is told all the same.
  const job = importId === 0 ? null : await imports.get(importId).catch((): ImportJob | null => null);
  const page = importId === 0 ? null : links.import(importId, false);
  const said = Object.entries(context).map(([name, value]): [string, string] => [name, value]);
  const subject = texts.subject.import_failed.replace("{name}", () => fileName);
  return {
    ...blank,
    subject,
    title: subject,
    lead: texts.lead.import_failed,
    // As it is: it is theirs to find the cause.
    reason: job?.errorMessage ?? null,
    facts: [
      ...(importId === 0 ? [] : [[texts.facts.import, String(importId)] as [string, string]]),
      [texts.facts.importer, importer],
      ...(user === null ? [] : [[texts.facts.user, job?.createdBy ?? user] as [string, string]]),
      ...said,
    ],
    open: page === null ? null : { text: texts.openImport, href: page },
  };
}

/** A source, or one of its files, that waits for a person. */
function ofSource(
  {
    topic,
    importId,
    importer,
    fileName,
    context,
    user,
    data,
  }: Pick<SinkMessage, "topic" | "importId" | "importer" | "fileName" | "context" | "user" | "data">,
  { language, links }: Pick<OperatorLetterParts, "language" | "links">,
): Pick<Letter, "subject" | "title" | "lead" | "reason" | "facts" | "open"> {
  const texts = operatorTexts[language];
  const kind = topic === "source.waits" ? "source_waits" : "source_failed";
  const source = String(data.source);
  const subject = texts.subject[kind].replace("{name}", () => (kind === "source_waits" ? fileName : source));
  const page = importId === 0 ? null : links.import(importId, false);
  const telling = data.told as Telling | undefined;
  return {
    subject,
    title: subject,
    lead: texts.lead[kind],
    reason: telling === undefined ? String(data.reason) : textIn(language, telling),
    facts: [
      [texts.facts.source, source],
      ...(importId === 0 ? [] : [[texts.facts.import, String(importId)] as [string, string]]),
      [texts.facts.importer, importer],
      ...(user === null ? [] : [[texts.facts.user, user] as [string, string]]),
      ...Object.entries(context),
    ],
    open: page === null ? null : { text: texts.openImport, href: page },
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
