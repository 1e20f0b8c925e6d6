/** What a person is told of an import of theirs by mail: numbers, reasons and links, never a cell's value. */
import type { Language } from "../core/fields/language.ts";
import { type Counts, type ImportJob, reasonToTell } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type IssueCount, issueSeverity } from "../core/issue.ts";
import type { UndoCounts } from "../core/store/undo.ts";
import { withoutPlaces } from "../core/without-places.ts";
import { type LetterKind, letterTexts } from "../locale/letters.ts";
import { fieldLabel, textsOf } from "../locale/locale.ts";
import { textIn } from "../locale/told.ts";
import type { Letter } from "./letter-html.ts";

export interface ImportFacts {
  job: ImportJob;
  counts: Counts;
  issues: readonly IssueCount[];
  /** Of an import that is undone. */
  undone: UndoCounts | null;
  importer: Importer | undefined;
}

export interface LetterLinks {
  /** Of the import's page; null: nobody has said where that is. */
  page: string | null;
  rejectedRows: string | null;
  settings: string | null;
}

/** Reasons that are listed, the most frequent first. */
const shownReasons = 6;
/** A file's name in a subject. */
const longestName = 80;

/** @param places folders of the server, kept out of what people read. */
export function importLetter(
  kind: LetterKind,
  { job, counts, issues, undone, importer }: ImportFacts,
  links: LetterLinks,
  language: Language,
  places: readonly string[],
): Letter {
  const texts = letterTexts[language];
  const { facts: names } = texts;
  const number = new Intl.NumberFormat(language);
  const file = shortName(job.fileName);
  const say = (text: string): string => text.replace("{file}", () => file);
  const rejected = counts.invalid + counts.failed;
  const fact = (name: keyof typeof names, count: number): [string, string] => [names[name], number.format(count)];
  const some = (name: keyof typeof names, count: number): [string, string][] =>
    count === 0 ? [] : [fact(name, count)];
  const facts = ((): [string, string][] => {
    if (kind === "undone" && undone !== null) {
      const kept = Object.values(undone.kept).reduce((sum, each) => sum + each, 0) - undone.kept.edited_in_part;
      return [fact("deleted", undone.deleted), ...some("restored", undone.restored), ...some("kept", kept)];
    }
    if (kind === "ready")
      return [fact("rows", job.totalRows), fact("valid", job.validRows), fact("rejected", job.invalidRows)];
    const { created, updated, unchanged, skipped } = counts;
    if (kind === "failed" && created + updated + unchanged + skipped === 0) return some("rows", job.totalRows);
    if (kind === "nothing") return [fact("rows", job.totalRows), fact("rejected", rejected)];
    return [
      fact("rows", job.totalRows),
      fact("created", created),
      ...some("updated", updated),
      ...some("unchanged", unchanged),
      ...some("skipped", skipped),
      ...some("rejected", rejected),
    ];
  })();
  const hasRejected = kind === "rejected" || kind === "nothing";
  // A warning rejects nothing.
  const reasons = hasRejected || kind === "ready" ? issues.filter(({ code }) => issueSeverity[code] === "error") : [];
  const { titles } = textsOf(language);
  const label = fieldLabel(importer, language);
  const items = reasons
    .slice(0, shownReasons)
    .map(({ code, field, count }): [string, string] => [
      capitalised(field === null ? titles[code] : `${label(field)}${texts.colon}${titles[code]}`, language),
      number.format(count),
    ]);
  const more = reasons.length - items.length;
  const moreReasons = texts.moreReasons[more === 1 ? "one" : "other"].replace("{rows}", number.format(more));
  return {
    language,
    subject: say(texts.subject[kind]),
    title: texts.title[kind],
    lead: say(texts.lead[kind]),
    reason:
      (kind === "failed" || kind === "paused") && job.errorMessage !== null
        ? withoutPlaces(textIn(language, reasonToTell(job)), places)
        : null,
    facts,
    reasons: items.length === 0 ? null : { title: texts.reasons, items, more: more > 0 ? moreReasons : null },
    open: links.page === null ? null : { text: texts.open[kind], href: links.page },
    also:
      links.rejectedRows === null || !hasRejected ? null : { text: texts.downloadRejected, href: links.rejectedRows },
    why: texts.why,
    settings: links.settings === null ? null : { text: texts.settings, href: links.settings },
  };
}

function capitalised(text: string, language: Language): string {
  return text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1);
}

function shortName(name: string): string {
  const plain = name.replaceAll(/\p{Cc}+/gu, " ").trim();
  return plain.length <= longestName ? plain : `${plain.slice(0, longestName - 1)}…`;
}
