/** What people, address books and mail programs write around an e-mail address or a phone number. */
import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { brief, encoded } from "./encode-cell.ts";

describe("an e-mail address", () => {
  it.each([
    "Anna Berg <anna@example.com>",
    '"Berg, Anna" <anna@example.com>',
    "Berg, Anna <anna@example.com>",
    "Anna (CEO) <Anna@Example.com>",
    "Anna Berg <anna@example.com> (work)",
    "<anna@example.com>",
    "mailto:anna@example.com",
    "mailto:anna%40example.com?subject=Hello%20you",
    "SMTP:anna@example.com",
    "anna@example.com <mailto:anna@example.com>",
    "[Anna](mailto:anna@example.com)",
    "E-mail: anna@example.com",
    "Courriel : anna@example.com",
    "anna@example.com (work)",
    "anna@example.com [perso]",
    '"anna@example.com"',
    "anna@example.com.",
    "* anna@example.com",
    "• anna@example.com",
    "📧 anna@example.com",
    "anna@example.com; n/a",
  ])("is taken out of %j", (cell) => {
    expect(brief(encoded(field.email(), cell))).toBe('"anna@example.com" value_unwrapped');
  });

  it.each([
    ["eva@example.com ::: eva.f@example.org", "eva.f@example.org"],
    ["* eva@example.com ::: * eva.f@example.org", "eva.f@example.org"],
    ["Eva <eva@example.com>; Falk, Eva <eva.f@example.org>", "eva.f@example.org"],
    ["eva@example.com (pro) / eva.f@example.org (perso)", "eva.f@example.org"],
    ["Eva <eva@example.com>, Falk <falk@example.org>, <x@example.org>", "falk@example.org; x@example.org"],
  ])("is the first of several: %j", (cell, others) => {
    expect(encoded(field.email(), cell)).toEqual({
      value: "eva@example.com",
      warning: { code: "several_values", params: { value: "eva@example.com", others } },
    });
  });

  it.each([
    "Anna anna@example.com",
    "write to anna@example.com before noon",
    "anna at example.com",
    "Anna <anna@example>",
    "<>",
    "anna@",
    "@example.com",
    "ask Bo; anna@example.com is old",
    "((((anna@example.com",
  ])("is not looked for in %j", (cell) => {
    expect(brief(encoded(field.email(), cell))).toBe("email_invalid");
  });

  it("keeps an apostrophe within a name", () => {
    expect(brief(encoded(field.email(), "Bo <o'brien@example.com>"))).toBe('"o\'brien@example.com" value_unwrapped');
  });
});

describe("a phone number", () => {
  const read = (country: string, cell: string) => encoded(field.phone({ country }), cell);

  it.each([
    "p:+33612345678",
    "tel:+33612345678",
    "tel:+33-6-12-34-56-78;phone-context=+33",
    "Mob. 06 12 34 56 78",
    "Tél : 06 12 34 56 78",
    "Tel0612345678",
    "☎ 06 12 34 56 78",
    "📞06 12 34 56 78",
    "Domicile 06 12 34 56 78",
    "(W) 06 12 34 56 78",
    "06 12 34 56 78 (bureau)",
    "06 12 34 56 78 - bureau",
    "06 12 34 56 78 (2 lignes)",
    "06 12 34 56 78 (9h-17h)",
    "wa.me/33612345678",
    "33612345678.0",
    "+33612345678.0",
  ])("is taken out of %j", (cell) => {
    expect(brief(read("FR", cell))).toBe('"+33612345678" value_unwrapped');
  });

  it.each([
    ["FR", "01 42 68 53 00 poste 12", "+33142685300", "12"],
    ["FR", "01 42 68 53 00, poste 12", "+33142685300", "12"],
    ["FR", "01 42 68 53 00 #12", "+33142685300", "12"],
    ["FR", "tel:+33-1-42-68-53-00;ext=12", "+33142685300", "12"],
    ["US", "+1 (608) 271-9000 ext. 11", "+16082719000", "11"],
    ["US", "608-271-9000 x11", "+16082719000", "11"],
    ["US", "+1-608-271-9000-x11", "+16082719000", "11"],
    ["SE", "08-123 456 00 ankn. 5", "+46812345600", "5"],
    ["SE", "08-123 456 00 (anknytning 5)", "+46812345600", "5"],
    ["DE", "030 123456 Durchwahl 78", "+4930123456", "78"],
  ])("in %s is told of its extension: %j", (country, cell, value, extension) => {
    expect(read(country, cell)).toEqual({
      value,
      warning: { code: "extension_left_out", params: { value, extension } },
    });
  });

  it.each([
    ["+33 6 12 34 56 82 ::: +33 1 42 68 53 00", "+33 1 42 68 53 00"],
    ["Mob: 06 12 34 56 82, Bur: 01 42 68 53 00", "Bur: 01 42 68 53 00"],
    ["06 12 34 56 82 Anna / 01 42 68 53 00 Bo", "01 42 68 53 00 Bo"],
    ["06 12 34 56 82 - 01 42 68 53 00", "01 42 68 53 00"],
  ])("is the first of several: %j", (cell, others) => {
    expect(read("FR", cell)).toEqual({
      value: "+33612345682",
      warning: { code: "several_values", params: { value: "+33612345682", others } },
    });
  });

  it("keeps its digits behind a dash, and tells of a zero that a float has lost", () => {
    expect(brief(read("DE", "+49 30 123456-78"))).toBe('"+493012345678"');
    expect(brief(read("FR", "612345678.0"))).toBe('"+33612345678" leading_zero_lost');
  });

  it.each([
    "A0612345678",
    "anna12345678@example.com",
    "2024-01-05 rappeler",
    "06 12 34",
    "voir la fiche",
    "06 12 34 56 78 01 42 68 53 00",
    "room 12, floor 3",
  ])("is not looked for in %j", (cell) => {
    expect(brief(read("FR", cell))).toBe("phone_invalid");
  });

  it("that a spreadsheet has shortened stays damaged", () => {
    expect(brief(read("FR", "3.36E+10"))).toBe("spreadsheet_damage");
  });
});
