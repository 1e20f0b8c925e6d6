/** The texts that a person reads, in their language: issues by their codes, and the words of the command line. */
import { choiceLabel } from "../core/field.ts";
import type { Language } from "../core/fields/language.ts";
import type { Importer } from "../core/importer.ts";
import type { StoredIssue } from "../core/issue.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { recordLabel } from "./record-label.ts";
import { sv } from "./sv.ts";
import type { Texts } from "./texts.ts";

const texts: Readonly<Record<Language, Texts>> = { en, fr, sv };

/** The texts of a language; English where it is not known. */
export function textsOf(language: string): Texts {
  return texts[language as Language] ?? en;
}

/** A number of rows, in words. */
export function rowsText(language: string, rows: number): string {
  const { words } = textsOf(language);
  const isOne = new Intl.PluralRules(language).select(rows) === "one";
  return `${new Intl.NumberFormat(language).format(rows)} ${isOne ? words.row : words.rows}`;
}

/** How a field is called; and what its values and the records of a row are called, where that is known. */
export interface IssueText {
  (field: string): string;
  choice?(field: string, value: string): string;
  record?(name: string): string;
}

/** Of an importer that is not there any more, by their own names. */
export function fieldLabel(importer: Importer | undefined, language: string): IssueText {
  const { fields = {}, records = [] } = importer ?? {};
  const label = (name: string): string => {
    const known = fields[name]?.label;
    return known?.[language as Language] ?? known?.en ?? name;
  };
  const choice = (name: string, value: string): string =>
    Object.hasOwn(fields, name) ? choiceLabel(fields[name], value, language as Language) : value;
  const record = (name: string): string => {
    const known = records.find((each) => each.name === name);
    return known === undefined ? name : recordLabel(known, language as Language);
  };
  return Object.assign(label, { choice, record });
}

/** A field, or the one value of a list that an issue is about. */
function named(language: string, field: string, part: string | number | undefined): string {
  if (part === undefined) return field;
  const quoted = { en: `“${part}”`, fr: `« ${part} »`, sv: `”${part}”` }[language as Language] ?? `“${part}”`;
  return `${field} (${quoted})`;
}

/** An issue as one sentence. Params that name fields are shown by their labels. */
export function issueText(language: string, issue: StoredIssue, label: IssueText): string {
  const { issues } = textsOf(language);
  // A refusal of the database's that names no field or rule, as a missing partition, says all it knows in its message.
  const isTold = ([, name]: RegExpMatchArray): boolean =>
    name === "message" || (name === "field" ? issue.f !== undefined : issue.p?.[name] !== undefined);
  const isWhole = issue.p?.message === undefined || [...issues[issue.c].matchAll(/\{(\w+)\}/g)].every(isTold);
  return (isWhole ? issues[issue.c] : issues.database_rejected)
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      if (name === "field") return issue.f === undefined ? "" : named(language, label(issue.f), issue.p?.part);
      const value = issue.p?.[name];
      if (value === undefined) return "";
      const { f: field } = issue;
      if (name === "choices" && field !== undefined && label.choice !== undefined)
        return String(value)
          .split(", ")
          .map((each) => label.choice?.(field, each) ?? each)
          .join(", ");
      // Elsewhere it is an id.
      if (name === "record" && issue.c.startsWith("record_")) return label.record?.(String(value)) ?? String(value);
      return name === "fields" ? String(value).split(", ").map(label).join(", ") : String(value);
    })
    .trim();
}
