/** UUIDs, whatever marks they come with. */
import { expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { encoded } from "./encode-cell.ts";

const plain = "0190163d-8694-739b-aea5-966c26f8ad91";

it.each([
  plain,
  plain.toUpperCase(),
  plain.replaceAll("-", ""),
  `{${plain}}`,
  `URN:UUID:${plain}`,
  "{0190163D8694739BAEA5966C26F8AD91}",
])("reads %s", (cell) => {
  expect(encoded(field.uuid(), cell)).toBe(plain);
});

it.each([
  plain.slice(1),
  `${plain}0`,
  plain.replace("d", "g"),
  plain.replace("-", " "),
  `{${plain}`,
  "1",
  "",
  plain.replace("-8694", "8-694"),
])("refuses %j", (cell) => {
  expect(encoded(field.uuid(), cell)).toEqual({ code: "uuid_invalid" });
});
