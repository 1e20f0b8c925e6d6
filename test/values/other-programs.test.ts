/** Marks that other programs leave on a value, words for a null, and characters that nobody sees: undone, and what only looks so kept. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Field, field } from "../../src/core/field.ts";
import { encodersOf } from "../../src/values/encoder.ts";
import { brief, encodeCell, encoded } from "./encode-cell.ts";

const text = field.text();

describe("a text", () => {
  it.each([
    ['="01234"', '"01234" constant_formula'],
    ['=T("x")', '"x" constant_formula'],
    ['="a ""b"" c"', '"a \\"b\\" c" constant_formula'],
    ['="\'+46701740605"', '"+46701740605" constant_formula'],
    ['=HYPERLINK("https://example.com","Site")', '"Site" constant_formula'],
    ['=LIEN_HYPERTEXTE("https://example.com";"Site")', '"Site" constant_formula'],
    ['=HYPERLINK("https://example.com")', '"https://example.com" constant_formula'],
    ['=""', "null blank_word"],
    ["'+46701740605", '"+46701740605" guard_removed'],
    ["'-12.50", '"-12.50" guard_removed'],
    ["'=1+1", '"=1+1" guard_removed'],
    ["'@home", '"@home" guard_removed'],
    ["'01234", '"01234" guard_removed'],
    ["'2019-04-19", '"2019-04-19" guard_removed'],
    ["\\N", "null blank_word"],
    ["\u200bAnna", '"Anna" unseen_removed'],
    ["Anna \ufeff", '"Anna" unseen_removed'],
    ["\u200b", "null blank_word"],
    ["\u202a\u202c", "null blank_word"],
  ])("%j is read as %s", (cell, result) => {
    expect(brief(encoded(text, cell))).toBe(result);
  });

  it.each([
    "=SUM(A1:A2)",
    '=A1&"x"',
    "=) hello",
    "=",
    "'s-Hertogenbosch",
    "'t Hart",
    "'68",
    "'90s",
    "'1/2",
    "'- a note'",
    "'quoted'",
    "''",
    "'",
    "O'Brien",
    "NULL",
    "Null",
    "None",
    "N/A",
    "-",
    "?",
    "a\\Nb",
    "An\u200bna",
    "می\u200cخواهم",
    "क्\u200dष",
    "👨\u200d👩\u200d👧",
    "☎\ufe0f",
    "\u200e-5",
    "ы",
    "п",
    "日本",
  ])("%j stays as it is", (cell) => {
    expect(encoded(text, cell)).toBe(cell);
  });

  it("keeps bytes that are no text what they are", () => {
    expect(brief(encoded(text, Buffer.from("='Zo\xeb'", "latin1")))).toBe("encoding_invalid");
    expect(brief(encoded(text, Buffer.from("'+\xeb", "latin1")))).toBe("encoding_invalid");
  });

  it("has as many characters as are left of it", () => {
    expect(brief(encoded(field.text({ maxLength: 5 }), '="01234"'))).toBe('"01234" constant_formula');
    expect(brief(encoded(field.text({ pattern: /\d{5}/ }), "'01234"))).toBe('"01234" guard_removed');
  });
});

describe("a text by which records are found", () => {
  it.each([
    ["A1\u200b", '"A1" unseen_removed'],
    ["\u200e A2", '"A2" unseen_removed'],
    ["\u202aA3\u202c", '"A3" unseen_removed'],
    ["A\u00adB", '"AB" unseen_removed'],
    ["A\u200dB", '"AB" unseen_removed'],
    ["A\u00a01\u202f2", '"A 1 2" unseen_removed'],
    ["1\ufe0f", '"1" unseen_removed'],
    ["A\u{e0041}", '"A" unseen_removed'],
    ["'00123", '"00123" guard_removed'],
    ["می\u200cخواهم", '"می\u200cخواهم"'],
    ["👨\u200d👩\u200d👧", '"👨\u200d👩\u200d👧"'],
    ["🏴\u{e0067}\u{e0062}\u{e007f}", '"🏴\u{e0067}\u{e0062}\u{e007f}"'],
    ["Zoé", '"Zoé"'],
    ["NULL", '"NULL"'],
  ])("%j is read as %s", (cell, result) => {
    expect(brief(encoded(text, cell, {}, true))).toBe(result);
  });

  it("of another table is no word that nothing is called by", () => {
    const company = field.reference({ table: "companies", by: ["code"] });
    const read = (cell: string): string => brief(encoded(company, cell));
    expect(["NULL", "(null)", "<NA>", "#N/A", "\\N", "(vide)", "(Leer)"].map(read)).toEqual(
      Array(7).fill("null blank_word"),
    );
    expect(["Null", "None", "-", "NULLO", "Tom"].map(read)).toEqual(['"Null"', '"None"', '"-"', '"NULLO"', '"Tom"']);
  });
});

describe("a word for a null", () => {
  const kinds: Readonly<Record<string, Field>> = {
    email: field.email(),
    phone: field.phone(),
    integer: field.integer(),
    decimal: field.decimal(),
    date: field.date(),
    datetime: field.datetime(),
    time: field.time(),
    boolean: field.boolean(),
    choice: field.choice({ new: [], won: [] }),
    url: field.url(),
    uuid: field.uuid(),
    json: field.json(),
  };

  it.each(Object.entries(kinds))("is a blank of the kind %s", (_, kind) => {
    const words = [
      "NULL",
      "null",
      "(null)",
      "[NULL]",
      "\\N",
      "#N/A",
      "N/A",
      "n/a",
      "NaN",
      "None",
      "nil",
      "undefined",
      "<NA>",
    ];
    expect([...words, "-", "--", "–", "?", "'NULL", '=""', "\u200b"].map((cell) => brief(encoded(kind, cell)))).toEqual(
      Array(words.length + 7).fill("null blank_word"),
    );
  });

  it.each(Object.entries(kinds))("is what a pivot table writes for a blank, of the kind %s", (_, kind) => {
    const words = [
      "(blank)",
      "(vide)",
      "(tom)",
      "(Leer)",
      "(leeg)",
      "(en blanco)",
      "(VIDE)",
      "[vide]",
      "<empty>",
      "( tom )",
    ];
    expect(words.map((cell) => brief(encoded(kind, cell)))).toEqual(Array(10).fill("null blank_word"));
  });

  it("may be written by hand, but among choices, where a person maps it", () => {
    const words = ["s/o", "Néant", "saknas", "ej angivet", "k.A.", "unknown", "(unknown)", "[saknas]", "vide"];
    expect(words.map((cell) => brief(encoded(kinds.decimal, cell)))).toEqual(Array(9).fill("null blank_word"));
    expect(words.map((cell) => brief(encoded(kinds.choice, cell)))).toEqual(Array(9).fill("choice_unknown"));
  });

  it("is a value where the field has such a one", () => {
    const choice = field.choice({ nothing: ["None", "-"], some: [] });
    expect(["None", "NULL"].map((cell) => brief(encoded(choice, cell)))).toEqual(['"nothing"', "null blank_word"]);
  });

  it.each(["0000-00-00", "0000-00-00 00:00:00", "00.00.0000", "00000000", "00/00/0000", "00/01/1900", "1/0/1900"])(
    "may be a day that is none: %s",
    (cell) => {
      expect(brief(encoded(kinds.date, cell))).toBe("null blank_word");
    },
  );

  it("may be a phone of zeros", () => {
    expect(["0", "00 00 00 00 00"].map((cell) => brief(encoded(kinds.phone, cell)))).toEqual(
      Array(2).fill("null blank_word"),
    );
  });

  it.each(["tbd", "see below", "12a", "unknown, ask Anna", "NULL NULL"])("is not %j", (cell) => {
    expect(brief(encoded(kinds.decimal, cell))).toBe("decimal_invalid");
  });

  it("is left out of a list", () => {
    const list = field.list(field.email());
    expect(brief(encoded(list, "a@example.com; n/a"))).toBe('"{\\"a@example.com\\"}" blank_word');
    expect(brief(encoded(list, "NULL"))).toBe("null blank_word");
    expect(brief(encoded(field.list(text), "a; NULL"))).toBe('"{\\"a\\",\\"NULL\\"}"');
  });

  it("becomes null in a document", () => {
    const shaped = field.json({ born: field.date() });
    expect(brief(encoded(shaped, '{"born":"NULL"}'))).toBe('"{\\"born\\":\\"NULL\\",\\"born\\":null}" blank_word');
  });

  it("is one in any field where the mapping says so", () => {
    const blankWords = ["NULL", "-99"];
    expect(["NULL", "null", "x"].map((cell) => brief(encoded(text, cell, { blankWords })))).toEqual([
      "null blank_word",
      '"null"',
      '"x"',
    ]);
    expect(brief(encoded(kinds.integer, "-99", { blankWords }))).toBe("null blank_word");
    const { verbatim } = encodersOf("it", text, { transform: { blankWords }, isKey: false });
    expect(verbatim.least).toBe(5);
  });
});

describe("a value that is no text", () => {
  it.each<[Field, string, string]>([
    [field.decimal(), "'-12.50", '"-12.50" guard_removed'],
    [field.decimal(), '="12.50"', '"12.50" constant_formula'],
    [field.decimal(), "=12.50", '"12.50" constant_formula'],
    [field.decimal(), "\u202a4\u202c", '"4" unseen_removed'],
    [field.integer(), "1\u200b2", '"12" unseen_removed'],
    [field.date(), "\u200e19\u200f/\u200f04\u200f/\u200f2019", '"2019-04-19" unseen_removed'],
    [field.date(), "'2019-04-19", '"2019-04-19" guard_removed'],
    [field.time(), '="9:30"', '"09:30:00" constant_formula'],
    [field.email(), "'anna@example.com'", '"anna@example.com" guard_removed'],
    [field.email(), "o'brien@example.com", '"o\'brien@example.com"'],
    [field.phone(), "'0612345678", '"+33612345678" guard_removed'],
    [field.phone(), '="3.36E+10"', "spreadsheet_damage"],
    [field.url(), '=HYPERLINK("https://example.com/a","Site")', '"https://example.com/a" constant_formula'],
    [field.url(), "java\u200bscript:alert(1)", "url_scheme"],
    [field.choice({ new: ["Nouveau"] }), "Nou\u200bveau", '"new" unseen_removed'],
    [field.json(), '="{""a"":1}"', '"{\\"a\\":1}" constant_formula'],
  ])("%# %j", (kind, cell, result) => {
    expect(brief(encoded(kind, cell))).toBe(result);
  });
});

describe("docs/formats.md", async () => {
  const page = await readFile(new URL("../../docs/formats.md", import.meta.url), "utf8");
  const [, section = ""] = /^## What other programs did to cells$(.*?)^## /ms.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| (.+) \| (.+) \| (.+) \|$/gm)].slice(2).map(([, ...cells]) => cells);
  const kinds: [RegExp, Field][] = [
    [/e-mail/, field.email()],
    [/phone/, field.phone({ country: "FR" })],
    [/days/, field.date()],
    [/numbers/, field.decimal({ scale: 2 })],
    [/no text/, field.integer()],
    [/./, text],
  ];

  it.each(rows)("tells how %s is read", (cell, value, where) => {
    const kind = kinds.find(([named]) => named.test(where))?.[1] as Field;
    const isKey = where.startsWith("keys");
    const bare = (told: string): string => told.replace(" and a zero width space", "\u200b").replaceAll("`", "");
    const { encode } = encodersOf("it", isKey ? text : kind, { transform: { decimalMark: "." }, isKey });
    const outcome = encodeCell(encode, bare(cell));
    const read = outcome !== null && typeof outcome === "object" && "warning" in outcome ? outcome.value : outcome;
    expect(read).toBe(value === "a blank" ? null : bare(value));
  });

  it("has examples", () => {
    expect(rows.length).toBeGreaterThan(15);
  });
});
