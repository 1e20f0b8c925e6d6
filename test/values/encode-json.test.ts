/** Cells of JSON: what jsonb takes, as it stands. */
import { expect, it } from "vitest";
import { field, kindOf } from "../../src/core/field.ts";
import { encoded } from "./encode-cell.ts";

it.each([
  '{"a": 1}',
  " [1, 2] ".trim(),
  "{}",
  '{"a":{"b":[null,true,"\\ud83d\\ude00"]}}',
  '{"n":0.10000000000000000000000001,"e":1e300}',
  '{"__proto__":1,"é":"\\\\ \\" { ["}',
  `{"a":${"[".repeat(99)}${"]".repeat(99)}}`,
])("keeps %s", (cell) => {
  expect(encoded(field.json(), cell)).toBe(cell);
});

it.each([
  ["{", "json_invalid"],
  ["{]", "json_invalid"],
  ["{a: 1}", "json_invalid"],
  ['{"a":1,}', "json_invalid"],
  ["5", "json_invalid"],
  ['"x"', "json_invalid"],
  ['{"a":1e1001}', "json_invalid"],
  ['{"a":1e-99999999999999999999999999}', "json_invalid"],
  ['{"a":"\\u0000"}', "nul_character"],
  ['{"a":"\\ud800"}', "encoding_invalid"],
  ['{"a":"\\ud800x"}', "encoding_invalid"],
  ['{"a":"\\udc00"}', "encoding_invalid"],
  ["[".repeat(200_000), "json_too_deep"],
])("refuses %j", (cell, code) => {
  expect(encoded(field.json(), cell)).toMatchObject({ code });
});

it.each<[what: string, number: string, isTaken: boolean]>([
  ["as many digits as Postgres's numeric has", "1".repeat(131_072), true],
  ["one digit more", "1".repeat(131_073), false],
  ["a digit more by its exponent", `${"1".repeat(131_072)}e1`, false],
  ["as many decimals", `-0.${"1".repeat(16_383)}`, true],
  ["one decimal more", `0.${"1".repeat(16_384)}`, false],
  ["a decimal more by its exponent", `0.${"1".repeat(16_383)}E-1`, false],
])("heeds where numbers end: %s", (_what, number, isTaken) => {
  const cell = `{"a":[${number}]}`;
  expect(encoded(field.json(), cell)).toEqual(isTaken ? cell : { code: "json_invalid" });
});

it("reads the members of its shape, and keeps the others", () => {
  const of = field.json({ size: field.integer(), met: field.date(), tags: field.list(field.text()) });
  expect(encoded(of, '{"size": "1 000", "met": "31/01/2024", "x": 1}')).toBe(
    '{"size": "1 000", "met": "31/01/2024", "x": 1,"size":1000,"met":"2024-01-31"}',
  );
  expect(encoded(of, '{"tags": ["a", "b", "a"]}')).toBe('{"tags": ["a", "b", "a"],"tags":["a","b"]}');
  expect(encoded(of, '{"size": 1.5}')).toEqual({ code: "integer_invalid", params: { part: "size: 1.5" } });
  expect(encoded(of, '{"size": null, "met": ""}')).toBe('{"size": null, "met": ""}');
  expect(encoded(of, '{"size": " ", "met": "\\t"}')).toBe('{"size": " ", "met": "\\t"}');
});

it("reads members with all their digits", () => {
  const of = field.json({ id: field.text(), amount: field.decimal(), ids: field.list(field.text()) });
  expect(encoded(of, '{"id": 12345678901234567890}')).toBe('{"id": 12345678901234567890,"id":"12345678901234567890"}');
  expect(encoded(of, '{"amount": 12345678901234567890.5}')).toBe(
    '{"amount": 12345678901234567890.5,"amount":12345678901234567890.5}',
  );
  expect(encoded(of, '{"ids": [12345678901234567890, 1]}')).toBe(
    '{"ids": [12345678901234567890, 1],"ids":["12345678901234567890","1"]}',
  );
  expect(encoded(of, "12345678901234567890")).toEqual({ code: "json_invalid" });
});

it("has moments without a time zone that would have to be looked up", () => {
  const at = field.datetime({ timeZone: "Europe/Paris" });
  const json = (cell: string) => kindOf(at).json?.(encoded(at, cell, { dateOrder: "ymd" }) as string, at);
  expect(json("2024-01-31 08:30")).toBe('"2024-01-31T07:30:00.000Z"');
  expect(json("2024-07-31 08:30:15.25")).toBe('"2024-07-31T06:30:15.250Z"');
  expect(json("2024-07-31 08:30 +02:00")).toBe('"2024-07-31T06:30:00.000Z"');
  expect(json("2024-03-31 03:30")).toBe('"2024-03-31T01:30:00.000Z"');
});

it.each([
  // Set forward: there is no such time. Set back: there are two. (Postgres's manual, section B.2)
  ["America/New_York", "2018-03-11 01:30", "2018-03-11T06:30:00.000Z"],
  ["America/New_York", "2018-03-11 02:30", "2018-03-11T07:30:00.000Z"],
  ["America/New_York", "2018-03-11 03:30", "2018-03-11T07:30:00.000Z"],
  ["America/New_York", "2018-11-04 00:30", "2018-11-04T04:30:00.000Z"],
  ["America/New_York", "2018-11-04 01:30", "2018-11-04T06:30:00.000Z"],
  ["America/New_York", "2018-11-04 02:30", "2018-11-04T07:30:00.000Z"],
  ["Europe/Paris", "2024-03-31 02:30", "2024-03-31T01:30:00.000Z"],
  ["Europe/Paris", "2024-10-27 01:30", "2024-10-26T23:30:00.000Z"],
  ["Europe/Paris", "2024-10-27 02:30", "2024-10-27T01:30:00.000Z"],
  ["Asia/Kolkata", "2024-06-01 05:30", "2024-06-01T00:00:00.000Z"],
])("reads a time of %s as Postgres does while clocks change: %s", (timeZone, cell, moment) => {
  const at = field.datetime({ timeZone });
  expect(kindOf(at).json?.(encoded(at, cell, { dateOrder: "ymd" }) as string, at)).toBe(`"${moment}"`);
});
