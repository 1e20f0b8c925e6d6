/** Words that stand for values, and the memory of what was read before. */
import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { withMemo } from "../../src/values/cell-memo.ts";
import { encodePlainText } from "../../src/values/encode-text.ts";
import { encodersOf } from "../../src/values/encoder.ts";
import { fold } from "../../src/values/fold.ts";
import { brief, encodeCell, encoded } from "./encode-cell.ts";

describe("encodeBoolean", () => {
  it.each([
    ["t", ["true", "TRUE", "Yes", "y", "1", "on", "x", "X", "vrai", "VRAI", "Oui", "o", "ja", "sant", "✓", "✔"]],
    ["f", ["false", "FALSE", "No", "n", "0", "off", "faux", "Non", "nej", "falskt", "falsk", "✗", "☐"]],
    [null, ["maybe", "2", "01", "ouais", "true true true true true"]],
  ])("reads as %j", (value, words) => {
    const expected = value === null ? "boolean_invalid" : JSON.stringify(value);
    expect(words.map((word) => brief(encoded(field.boolean(), word)))).toEqual(words.map(() => expected));
  });
});

describe("choiceEncoder", () => {
  const status = field.choice({ new: ["Nouveau", "À contacter"], won: ["Gagné", "Vunnen"], __proto__x: ["Proto"] });

  it.each([
    ["new", "new"],
    ["NOUVEAU", "new"],
    ["a  contacter", "new"],
    ["À-contacter", "new"],
    ["gagne", "won"],
    ["Proto", "__proto__x"],
    ["constructor", null],
    ["lost", null],
    ["!", null],
    ["x".repeat(300), null],
  ])("reads %j as %j", (cell, value) => {
    const outcome = encoded(status, cell);
    expect(outcome).toEqual(value ?? { code: "choice_unknown", params: { choices: "new, won, __proto__x" } });
  });

  it.each(["1-Mar", "01-mars", "mars-01", "01/03/2024"])(
    "knows a choice that a spreadsheet has made a date of: %j",
    (value) => {
      expect(encoded(status, value)).toEqual({ code: "date_damage", params: { value } });
      expect(encoded(status, value, { values: { [value]: "won" } })).toBe("won");
    },
  );

  it("understands what a choice is called in every language", () => {
    const called = field.choice({
      new: { label: { en: "New", fr: "Nouveau", sv: "Ny" }, words: ["fresh"] },
      won: { label: { fr: "Gagné" } },
      lost: { words: ["Perdu"] },
      odd: ["Bizarre"],
    });
    const cells = ["new", "NY", "nouveau", "Fresh", "gagne", "won", "perdu", "bizarre"];
    expect(cells.map((cell) => encoded(called, cell))).toEqual([
      ...["new", "new", "new", "new", "won", "won", "lost", "odd"],
    ]);
  });

  it("takes the mapping's own words first", () => {
    expect(encoded(status, "Gewonnen!", { values: { gewonnen: "won" } })).toBe("won");
    expect(encoded(status, "Nouveau", { values: { nouveau: "won" } })).toBe("won");
  });

  it("refuses a value map to what is no choice", () => {
    expect(() => encodersOf("status", status, { transform: { values: { x: "lost" } }, isKey: false })).toThrow(
      /turns "x" into "lost", which is not one of: new, won/,
    );
  });
});

describe("reference", () => {
  it("is kept as text until it is looked up", () => {
    expect(encoded(field.reference({ table: "profiles", by: ["email"] }), "Zoé\t1")).toBe("Zoé\t1");
  });
});

describe("withMemo", () => {
  it("gives the same for a cell seen before, value or finding", () => {
    const { encode } = encodersOf("day", field.date(), { transform: { dateOrder: "dmy" }, isKey: false });
    const cells = ["05/03/2024", "31/02/2024", "05/03/2024", "31/02/2024", "06/03/2024", "05/03/2024"];
    const valid = "2024-03-05";
    const invalid = { code: "date_invalid", params: { order: "dmy" } };
    expect(cells.map((cell) => encodeCell(encode, cell))).toEqual([
      valid,
      invalid,
      valid,
      invalid,
      "2024-03-06",
      valid,
    ]);
  });

  it("asks once for a short cell that repeats, and each time for a long one", () => {
    let asked = 0;
    const encode = withMemo((bytes, start, end, out) => {
      asked++;
      return encodePlainText(bytes, start, end, out);
    });
    const long = "x".repeat(33);
    expect(["a\n", "a\n", "b", long, long].map((cell) => encodeCell(encode, cell))).toEqual([
      "a\n",
      "a\n",
      "b",
      long,
      long,
    ]);
    expect(asked).toBe(4);
  });

  it("tells thousands of cells apart in bounded memory", () => {
    const encode = withMemo(encodePlainText);
    const cells = Array.from({ length: 5000 }, (_, k) => `cell ${(k * 7919) % 2500}`);
    expect(cells.map((cell) => encodeCell(encode, cell))).toEqual(cells);
  });
});

describe("fold", () => {
  it.each([
    ["  Tél. (portable) ", "tel portable"],
    ["N° de téléphone", "n de telephone"],
    ["E-MAIL", "e mail"],
    ["Œuvre", "oeuvre"],
    ["Straße", "strasse"],
    ["Ærø", "aero"],
    ["Förnamn", "fornamn"],
    ["ﬁche", "fiche"],
    ["e\u0301te\u0301", "ete"],
    ["名前", "名前"],
    ["---", ""],
    ["", ""],
  ])("folds %j to %j", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});
