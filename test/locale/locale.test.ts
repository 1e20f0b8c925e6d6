/** Every issue has its words in every language. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { languages } from "../../src/core/fields/language.ts";
import { type IssueCode, issueSeverity } from "../../src/core/issue.ts";
import { fieldLabel, issueText, textsOf } from "../../src/locale/locale.ts";

const codes = Object.keys(issueSeverity) as IssueCode[];
const params = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe.each(languages)("the texts of %s", (language) => {
  const { issues, words } = textsOf(language);

  it("have one for each issue and for nothing else", () => {
    expect(Object.keys(issues).sort()).toEqual([...codes].sort());
    expect(Object.values(issues).filter((text) => text.trim() === "")).toEqual([]);
  });

  it("use the same params as the English ones", () => {
    const { issues: english, words: englishWords } = textsOf("en");
    expect(codes.map((code) => [code, params(issues[code])])).toEqual(
      codes.map((code) => [code, params(english[code])]),
    );
    expect(Object.keys(words).sort()).toEqual(Object.keys(englishWords).sort());
  });

  it("say more than a code", () => {
    const text = issueText(language, { c: "text_too_long", f: "city", p: { max: 5 } }, () => "CITY");
    expect(text).toContain("CITY");
    expect(text).toContain("5");
    expect(text).not.toMatch(/[{}]/);
  });
});

describe("issueText", () => {
  const labelOf = (language: string): ReturnType<typeof fieldLabel> => fieldLabel(people, language);
  const people = defineImporter({
    name: "people",
    fields: {
      first_name: field.text({ label: { en: "First name", fr: "Prénom" } }),
      email: field.email({ label: { en: "E-mail" } }),
      code: field.text(),
    },
    target: { table: "people" },
  });

  it("calls fields by their labels, else in English, else by their names", () => {
    const issue = { c: "at_least_one", p: { fields: "first_name, email, code" } } as const;
    expect(issueText("fr", issue, labelOf("fr"))).toBe("Il faut au moins l’un de : Prénom, E-mail, code.");
    expect(issueText("en", issue, labelOf("en"))).toBe("At least one of these is required: First name, E-mail, code.");
  });

  it("speaks English where it does not know the language", () => {
    expect(issueText("de", { c: "required", f: "email" }, labelOf("de"))).toBe("E-mail is missing.");
  });

  it("takes a param as it stands, whatever it looks like", () => {
    expect(issueText("en", { c: "row_rejected", p: { message: "{field} costs $& and $1" } }, () => "?")).toBe(
      "{field} costs $& and $1",
    );
  });

  it("leaves out what an issue does not say", () => {
    expect(issueText("en", { c: "database_rejected" }, () => "?")).toBe("The database rejected the row:");
  });

  it.each([
    [
      "en",
      { c: "database_check", p: { message: "no partition of relation" } },
      "The database rejected the row: no partition of relation",
    ],
    ["fr", { c: "database_too_long", p: { message: "value too long" } }, "La base a refusé la ligne : value too long"],
    [
      "sv",
      { c: "database_not_null", f: "code", p: { message: "null value" } },
      "Databasen tog inte emot raden: null value",
    ],
    [
      "en",
      { c: "database_check", p: { constraint: "positive", message: "violated" } },
      "The row violates the database constraint positive. violated",
    ],
    [
      "en",
      { c: "database_check", p: { constraint: "positive" } },
      "The row violates the database constraint positive.",
    ],
  ] as const)("in %s leaves no hole where a refusal names no field or rule: %j", (language, issue, text) => {
    expect(issueText(language, issue, (name) => name)).toBe(text);
  });
});
