/** The texts that a person reads, in their language: issues by their codes, and the words of the command line. */
import type { Language } from "../core/fields/language.ts";
import type { Importer } from "../core/importer.ts";
import type { StoredIssue } from "../core/issue.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { sv } from "./sv.ts";
import type { Texts } from "./texts.ts";

const texts: Readonly<Record<Language, Texts>> = { en, fr, sv };

/** The texts of a language; English where it is not known. */
export function textsOf(language: string): Texts {
  return texts[language as Language] ?? en;
}

/** How a field is called. */
export type IssueText = (field: string) => string;

export function fieldLabel(importer: Importer, language: string): IssueText {
  return (name) => {
    const { label } = importer.fields[name] ?? {};
    return label?.[language as Language] ?? label?.en ?? name;
  };
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
      if (name === "field") return issue.f === undefined ? "" : label(issue.f);
      const value = issue.p?.[name];
      if (value === undefined) return "";
      return name === "fields" ? String(value).split(", ").map(label).join(", ") : String(value);
    })
    .trim();
}
