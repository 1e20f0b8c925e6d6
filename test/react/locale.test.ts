/** The wizard's words: complete in every language, and the same in what they put in. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "../../src/react/locale/en/en.ts";
import { fr } from "../../src/react/locale/fr/fr.ts";
import { sv } from "../../src/react/locale/sv/sv.ts";
import { type Message, say } from "../../src/react/locale/texts.ts";

const languages = { en, fr, sv } as unknown as Record<string, Record<string, Record<string, Message>>>;

function messages(language: string): Map<string, Message> {
  const rooms = Object.entries(languages[language]);
  return new Map(
    rooms.flatMap(([room, texts]) => Object.entries(texts).map(([key, text]) => [`${room}.${key}`, text])),
  );
}

function forms(message: Message): string[] {
  return typeof message === "string" ? [message] : [message.other, ...(message.one === undefined ? [] : [message.one])];
}

/** Words that follow a number are each language's own. */
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

describe.each(["fr", "sv"])("in %s", (language) => {
  it("has every message of the English one, and no other", () => {
    expect([...messages(language).keys()].sort()).toEqual([...messages("en").keys()].sort());
  });

  it("puts in what the English one does", () => {
    const differing = [...messages("en")].flatMap(([key, message]) => {
      const other = messages(language).get(key) as Message;
      const wanted = placeholders(forms(message).join());
      return forms(other)
        .filter((form) => placeholders(form).some((each) => !wanted.includes(each)))
        .concat(placeholders(forms(other)[0]).length === placeholders(forms(message)[0]).length ? [] : [key]);
    });
    expect(differing).toEqual([]);
  });

  it("has plural forms where the English one has", () => {
    const kinds = (of: string): [string, string][] =>
      [...messages(of)].map(([key, message]) => [key, typeof message === "string" ? "one form" : "forms"]);
    expect(kinds(language)).toEqual(kinds("en"));
  });
});

it.each(["en", "fr", "sv"])("has no empty message, no double space, no straight apostrophe in %s", (language) => {
  const wrong = [...messages(language)].filter(([, message]) =>
    forms(message).some(
      (form) => form.trim() === "" || form !== form.trim() || / {2}/.test(form) || /\w'\w/.test(form),
    ),
  );
  expect(wrong.map(([key]) => key)).toEqual([]);
});

it.each([
  ["en", 1, "1 row"],
  ["en", 0, "0 rows"],
  ["en", 48500, "48,500 rows"],
  ["fr", 0, "0 row"],
  ["fr", 48500, "48\u202f500 rows"],
  ["sv", 48500, "48\u00a0500 rows"],
] as const)("writes plurals and numbers as %s does: %d", (language, count, text) => {
  expect(say({ one: "{count} row", other: "{count} rows" }, { count }, language)).toBe(text);
});

/** Of nouns that are counted. */
const plurals =
  /\{(\w+)\} (?:[\p{L}-]+ )?(rows|records|files|imports|cells|columns|lines|sheets|values|characters|tables|people|minutes|hours|seconds|days|times|lignes|enregistrements|fichiers|cellules|colonnes|feuilles|valeurs|caractères|heures|secondes|jours|rader|raderna|poster|posterna|filer|celler|kolumner|värden|tecken|timmar|minuter|sekunder|dagar)(?!\p{L})/gu;

/** Whose numbers are limits, or always more than one. */
const many = [
  "history.range",
  "history.sinkRebuilds",
  "history.longStory",
  "map.ofSample",
  "review.tooManySorted",
  "review.tooManyValues",
  "review.most",
  "upload.sheetHint",
  "upload.sheetAll",
  "upload.entryHint",
  "upload.entryAll",
];

it.each(["en", "fr", "sv"])("says of one that it is one, in %s", (language) => {
  const wrong = [...messages(language)].flatMap(([key, message]) =>
    forms(message).flatMap((form) =>
      [...form.matchAll(plurals)]
        .filter(([, place]) => typeof message === "string" || place !== "count" || form === message.one)
        .map(([words]) => `${key}: ${words}`),
    ),
  );
  expect(wrong.filter((each) => !many.includes(each.split(":")[0]))).toEqual([]);
});

it.each([
  ["en", 1, 2, "1 row, 2 rows"],
  ["en", 0, 1, "0 rows, 1 row"],
  ["fr", 0, 2, "0 row, 2 rows"],
  ["sv", 1, 0, "1 row, 0 rows"],
] as const)("chooses words by any of its numbers as %s does: %d and %d", (language, a, b, text) => {
  expect(say("{a} {a:row|rows}, {b} {b:row|rows}", { a, b }, language)).toBe(text);
});

it("leaves what is not given, and puts words in as they are", () => {
  expect(say("{a} and {b}", { a: "{b}" }, "en")).toBe("{b} and {b}");
});

/** Keys that no file spells out, because they are put together, or named by the server. */
const families: Readonly<Record<string, RegExp>> = {
  commit:
    /^((created|updated|unchanged|skipped|invalid|failed|notReached|restored|kept)Hint|edited_since|edited_in_part|referred_to|gone_already)$/,
  history:
    /^((took|set|merge|duplicates|does|repeats|sinkState)_\w+|\w+_(asc|desc)|(running|waiting|over)All|(retry|resume|reject|pause|reopen|cancel|delete|again)Done)$/,
  map: /^(filter|reason|looksLike|order|mark|merge|format|delimiterName|suggestedBy|madeWay|madeHint|part|quote|trim|shortRows|totals)_.+$/,
  options:
    /^((does|repeats|mode|nothing|remove)_.+|(skip|update|create)(Words|Result)|(created|updated|unchanged|skipped|invalid|failed)Hint)$/,
  progress: /^((waiting|retrying|paused|running|failedParse|failedCommit|failedUndo)Hint|indexing|reporting)$/,
  notifications: /^(event|delivery)_.+$/,
  sources: /^((state|place|every|file)_\w+|(run|pause|resume)Done)$/,
  sourceForm: /^(field|tls|every|done)_\w+$/,
  records: /^(nothing|noneYet|noneFound|allGone|none)Hint$/,
  review: /^repair_(leading_zeros|email|closest_choice|first_value|row_above|leave_empty)$/,
};

/** All that is written for the page, but for its words. */
function sources(): string {
  return ["src/react", "web"]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)))
    .filter((path) => /\.tsx?$/.test(path) && !path.includes(join("react", "locale")))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

it("has no message that nothing on the page says", () => {
  const written = sources();
  const isSaid = (room: string, key: string): boolean => written.includes(`"${key}"`) || families[room]?.test(key);
  const unsaid = Object.entries(languages.en).flatMap(([room, texts]) =>
    Object.keys(texts)
      .filter((key) => room !== "status" && !isSaid(room, key))
      .map((key) => `${room}.${key}`),
  );
  expect(unsaid).toEqual([]);
});
