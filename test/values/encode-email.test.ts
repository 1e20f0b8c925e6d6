/** E-mail addresses that people have, and what they type instead. */
import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { brief, encoded } from "./encode-cell.ts";

const email = field.email();
const local64 = "a".repeat(64);
const label63 = "b".repeat(63);

describe("encodeEmail", () => {
  it.each([
    ["jean.dupont@example.fr", "jean.dupont@example.fr"],
    ["Jean.DUPONT@Example.FR", "jean.dupont@example.fr"],
    ["o'brien+crm@mail.example.co.uk", "o'brien+crm@mail.example.co.uk"],
    ["a@b.fr", "a@b.fr"],
    ["1@2.fr", "1@2.fr"],
    ["a_b-c@d-e.museum", "a_b-c@d-e.museum"],
    ["!#$%&'*+/=?^_`{|}~-@x.fr", "!#$%&'*+/=?^_`{|}~-@x.fr"],
    ["zoé@example.fr", null],
    ["zoe@société.fr", "zoe@société.fr"],
    ["ZOE@SOCIÉTÉ.FR", "zoe@société.fr"],
    ["zoe@socie\u0301te\u0301.fr", "zoe@société.fr"],
    ["info@例え.テスト", "info@例え.テスト"],
    ["a@xn--socit-esab.fr", "a@xn--socit-esab.fr"],
    ["a@b.xn--p1ai", "a@b.xn--p1ai"],
    [`${local64}@b.fr`, `${local64}@b.fr`],
    [`a${local64}@b.fr`, null],
    [`a@${label63}.fr`, `a@${label63}.fr`],
    [`a@b${label63}.fr`, null],
    [`a@b.c${label63}`, null],
    [`a@${`${label63}.`.repeat(4)}fr`, null],
    ["plain", null],
    ["@b.fr", null],
    ["a@", null],
    ["a@b", null],
    ["a@.fr", null],
    ["a@b.", null],
    ["a@b..fr", null],
    ["a@b.f", null],
    ["a@b.1a", null],
    ["a@-b.fr", null],
    ["a@b-.fr", null],
    ["a@b.fr-", null],
    ["a@1.2.3.4", null],
    [".a@b.fr", null],
    ["a.@b.fr", null],
    ["a..b@c.fr", null],
    ["a b@c.fr", null],
    ["a@b c.fr", null],
    ["a@b@c.fr", null],
    ["a@b_c.fr", null],
    ["a,b@c.fr", null],
    ["a@b,fr", null],
    ["a@b.fr;", "a@b.fr"],
    ["a@b.fr; A@B.FR", "a@b.fr"],
    ['"a b"@c.fr', null],
    ["a@[127.0.0.1]", null],
    ["a@é..fr", null],
    ["a@-é.fr", null],
    ["a@é.f1-", null],
  ])("reads %j as %j", (cell, value) => {
    expect(brief(encoded(email, cell))).toBe(value === null ? "email_invalid" : JSON.stringify(value));
  });

  it("tells bytes that are no UTF-8 from a wrong address", () => {
    expect(brief(encoded(email, Buffer.from("a@soci\xe9t.fr", "latin1")))).toBe("encoding_invalid");
  });

  it.each([
    ["a@x.fr; b@y.fr", "a@x.fr", "b@y.fr"],
    ["A@X.fr,b@y.fr , c@z.fr", "a@x.fr", "b@y.fr; c@z.fr"],
    ["a@x.fr / b@y.fr", "a@x.fr", "b@y.fr"],
    ["a@x.fr/b@y.fr", "a@x.fr", "b@y.fr"],
    ["a@x.fr|b@y.fr", "a@x.fr", "b@y.fr"],
    ["a@x.fr ou b@y.fr", "a@x.fr", "b@y.fr"],
    ["a@x.fr or b@y.fr", "a@x.fr", "b@y.fr"],
    ["a@x.fr\nb@y.fr", "a@x.fr", "b@y.fr"],
    ["not@valid; b@y.fr", "b@y.fr", "not@valid"],
  ])("takes the first valid one of several: %j", (cell, value, others) => {
    expect(encoded(email, cell)).toEqual({
      warning: { code: "several_values", params: { value, others } },
      value,
    });
  });

  it.each(["a@b; c@d", "Jean a@b.fr", "write to a@b.fr (pro)", `${"a@b.fr;".repeat(200)}`.slice(0, -1)])(
    "takes none of %j",
    (cell) => {
      expect(brief(encoded(email, cell))).toBe("email_invalid");
    },
  );
});
