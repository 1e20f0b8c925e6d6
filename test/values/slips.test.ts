/** What was meant by a slip: in an e-mail address, and in a word of a list. */
import { describe, expect, it } from "vitest";
import { closestWord } from "../../src/values/closest-word.ts";
import { emailMeant } from "../../src/values/email-slips.ts";

it.each([
  ["anna @ x.fr", "anna@x.fr"],
  ["anna@gmail,com", "anna@gmail.com"],
  ["anna@mail.x,fr", "anna@mail.x.fr"],
  ["anna@gmail com", "anna@gmail.com"],
  ["anna@gmail. com", "anna@gmail.com"],
  ["anna@@x..fr", "anna@x.fr"],
  ["anna.@x.fr.", "anna@x.fr"],
  ["anna. berg@x.fr;", "anna.berg@x.fr"],
  ["<anna@x.fr", "anna@x.fr"],
  ["anna(at)x(dot)fr", "anna@x.fr"],
  ["anna [arobase] x point fr", "anna@x.fr"],
  ["anna＠x．fr", "anna@x.fr"],
])("%s was meant as %s", (text, meant) => {
  expect(emailMeant(text)).toBe(meant);
});

it.each([
  ["anna@x.fr"],
  ["anna"],
  ["@x.fr"],
  ["anna@"],
  [""],
  ["anna@x.fr, home"],
  ["anna@x.fr bo@y.fr"],
  ["anna@x@y.fr"],
  ["anna@x.fr Bo"],
  ["meet at noon at x"],
])("%j is left to a person", (text) => {
  const meant = emailMeant(text);
  // Of what is no address at all the field's own reader says so.
  expect(meant === null || !/^[^\s@]+@[^\s@]+\.[a-z]+$/.test(meant)).toBe(true);
});

it("leaves what is no address by its length alone", () => {
  expect(emailMeant(`anna @ ${"x".repeat(300)}.fr`)).toBe(null);
});

describe("the closest word", () => {
  const closest = closestWord(
    new Map([
      ["new", "new"],
      ["nouveau", "new"],
      ["won", "won"],
      ["gagne", "won"],
      ["lost", "lost"],
      ["cost", "cost"],
    ]),
  );
  it.each([
    ["Nouvau", "new"],
    ["GAGNÉÉ", "won"],
    ["nwe", "new"],
    ["lsot", "lost"],
    // Two are as close, and mean different things.
    ["post", null],
    ["wo", null],
    ["something else", null],
    ["", null],
    ["x".repeat(100_000), null],
  ])("of %j is %j", (text, meaning) => {
    expect(closest(text)).toBe(meaning);
  });
});
