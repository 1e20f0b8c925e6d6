/** What mails say: in each language, for each kind, whatever a file is called. */
import { describe, expect, it } from "vitest";
import { languages } from "../../src/core/fields/language.ts";
import type { ImportJob } from "../../src/core/import.ts";
import { addressOf, isMailAddress } from "../../src/core/mail.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { importLetter } from "../../src/letters/import-letter.ts";
import { letterHtml, letterText } from "../../src/letters/letter-html.ts";
import { pageLinks } from "../../src/letters/page-links.ts";
import { letterKinds, letterTexts } from "../../src/locale/letters.ts";
import { operatorTexts } from "../../src/locale/operator-letters.ts";
import { exampleAlert, exampleJob, exampleLetter } from "./example-letters.ts";

/** Every text of an object, by where it stands. */
function textsIn(value: object, at = ""): [string, string][] {
  return Object.entries(value).flatMap(([name, text]: [string, unknown]) =>
    typeof text === "object" && text !== null ? textsIn(text, `${at}.${name}`) : [[`${at}.${name}`, String(text)]],
  );
}
const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each([
  ["mails to people", letterTexts],
  ["mails to operators", operatorTexts],
])("the words of %s", (_, texts) => {
  it("are there in every language, with the same places, and not the same as in English", () => {
    const english = textsIn(texts.en);
    for (const language of ["fr", "sv"] as const) {
      const other = new Map(textsIn(texts[language]));
      expect([...other.keys()]).toEqual(english.map(([at]) => at));
      for (const [at, text] of english) expect([at, placesIn(other.get(at) ?? "")]).toEqual([at, placesIn(text)]);
      const same = english.filter(([at, text]) => text.length > 12 && other.get(at) === text);
      expect(same).toEqual([]);
    }
  });
});

describe("a letter", () => {
  it.each(languages.flatMap((language) => letterKinds.map((kind) => [language, kind] as const)))(
    "in %s says what it is about when %s, with its numbers and its link, as text and as HTML",
    (language, kind) => {
      const letter = exampleLetter(kind, language);
      const [html, text] = [letterHtml(letter), letterText(letter)];
      const number = (value: number): string => new Intl.NumberFormat(language).format(value);
      expect(letter.subject).toContain("prospects.xlsx");
      expect(html).toContain(`<html lang="${language}">`);
      for (const said of [letter.title, letterTexts[language].why, "https://crm.example.com/import/"]) {
        expect(text).toContain(said);
        expect(html).toContain(said.replaceAll("'", "&#39;"));
      }
      const counted = { undone: 4100, failed: 0 }[kind as string] ?? 210_202;
      if (counted > 0) for (const part of [html, text]) expect(part).toContain(number(counted));
      expect(text.includes("rejected.csv")).toBe(kind === "rejected" || kind === "nothing");
      // Nothing is fetched when it is opened.
      expect(html).not.toMatch(/<img|<script|<link|url\(|src=/i);
    },
  );

  it("names why rows were rejected in the reader's words, the most frequent first, and counts what it leaves out", () => {
    const text = letterText(exampleLetter("rejected", "fr"));
    expect(text).toContain("E-mail\u00a0: adresse e-mail non valide\u00a0: 310");
    expect(text).toContain("et une autre raison");
    // A warning is no reason.
    expect(text).not.toContain("zéro");
  });

  it("sets a colon as the language does, wherever one stands", () => {
    for (const kind of letterKinds) {
      const text = letterText(exampleLetter(kind, "fr")).replaceAll(/https?:\S*/g, "");
      expect([kind, text.match(/[^\u00a0 ]:/g)]).toEqual([kind, null]);
      expect(letterText(exampleLetter(kind, "sv"))).not.toContain("\u00a0:");
    }
  });

  it("says that nothing was imported where all rows were rejected, and never that all were where some were skipped", () => {
    for (const language of languages) {
      const { lead } = exampleLetter("completed", language);
      expect(lead).not.toMatch(/every|all |toutes|alla/i);
      const text = letterText(exampleLetter("nothing", language));
      expect(text).not.toContain(letterTexts[language].facts.created);
      expect(text).toContain(new Intl.NumberFormat(language).format(210_202));
    }
  });

  it("leads operators to the source that cannot be fetched from, and says who set it up", async () => {
    const { open, facts } = await exampleAlert("source_failed", "en");
    expect(open).toEqual({ text: "Open the sources", href: "https://crm.example.com/import/sources" });
    expect(facts).toContainEqual(["Set up by", "anna"]);
    expect((await exampleAlert("import_failed", "en")).facts).toContainEqual(["Started by", "anna"]);
  });

  it("tells the person no fault of the server's, and no folder", () => {
    const said = (errorMessage: string, errorTold: ImportJob["errorTold"]): string =>
      letterText(exampleLetter("failed", "en", { errorMessage, errorTold }));
    expect(said("connect ECONNREFUSED 10.0.0.3:5432", null)).not.toContain("10.0.0.3");
    const told = { template: "{0} is empty. Choose another file.", values: ["/srv/sluice/files/a.csv"] };
    const text = said("/srv/sluice/files/a.csv is empty. Choose another file.", told);
    expect(text).toContain("is empty. Choose another file.");
    expect(text).not.toContain("/srv/sluice");
  });

  it("is not fooled by what a file is called", () => {
    const fileName = `<img src=x onerror=alert(1)>"&\r\nBcc: everyone@example.com\r\n\r\n{file}$&${"x".repeat(300)}`;
    const letter = exampleLetter("completed", "en", { fileName });
    const html = letterHtml(letter);
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
    for (const text of [letter.subject, letter.lead]) expect(text).not.toMatch(/\p{Cc}/u);
    expect(letter.subject.length).toBeLessThan(120);
    expect(letter.subject).toContain("{file}$&");
  });

  it("has the numbers of records, and those alone that there are", () => {
    const { facts } = importLetter(
      "completed",
      {
        job: { ...exampleJob, totalRows: 2 },
        counts: { created: 2, updated: 0, unchanged: 0, skipped: 0, invalid: 0, failed: 0 },
        issues: [],
        undone: null,
        importer: leads,
      },
      { page: null, rejectedRows: null, settings: null },
      "en",
      [],
    );
    expect(facts).toEqual([
      ["Rows in the file", "2"],
      ["Created", "2"],
    ]);
  });
});

describe("links", () => {
  it.each([
    [
      { publicUrl: "https://a.example/", importLink: "" },
      "https://a.example/import/7",
      "https://a.example/import/history/7",
    ],
    [{ publicUrl: "", importLink: "" }, null, null],
    [
      { publicUrl: "https://a.example", importLink: "https://crm.example/i/{id}" },
      "https://crm.example/i/7",
      "https://crm.example/i/7",
    ],
  ])("of %o", (config, review, history) => {
    const links = pageLinks(config);
    expect([links.import(7, true), links.import(7, false)]).toEqual([review, history]);
  });
});

describe("an address", () => {
  it.each(["anna@example.com", "a.b+c@x.fr", "åsa@exempel.se"])("is %s", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  it.each([
    ...[
      "",
      "anna",
      "a@b@c",
      "Anna <anna@example.com>",
      "anna@example.com, bo@example.com",
      "anna@example.com\r\nBcc: x@y.z",
    ],
    ...["a b@c.d", "<a@b.c>", '"a"@b.c', `${"x".repeat(250)}@x.fr`],
  ])("is not %j", (text) => {
    expect(isMailAddress(text)).toBe(false);
  });

  it("is what an app or a JWT says, unless that says that it is not verified", () => {
    const user = { id: "anna", name: "Anna", role: "user" } as const;
    expect(addressOf({ ...user, email: "anna@example.com" })).toBe("anna@example.com");
    expect(addressOf({ ...user, claims: { email: "anna@example.com" } })).toBe("anna@example.com");
    expect(addressOf({ ...user, claims: { email: "anna@example.com", email_verified: false } })).toBeNull();
    expect(addressOf({ ...user, email: ["anna@example.com"] })).toBeNull();
    expect(addressOf(user)).toBeNull();
  });
});
