/** What a workbook says of its cells reaches the fields: codes as they are shown, texts that were cut, files that Excel opens unasked. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../../src/index.ts";
import { rowXml, workbookOf } from "../../corpus/workbook-bytes.ts";
import { encryptedPackage } from "../../formats/encryption/encrypted-package.ts";
import { openEngine, some } from "../../open-engine.ts";

const people = defineImporter({
  name: "people",
  fields: {
    name: field.text({ required: true }),
    zip: field.text(),
    phone: field.phone({ country: "FR" }),
    number: field.integer(),
    amount: field.decimal(),
    stage: field.choice({ "1": ["new"], "2": ["won"] }),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "people" },
});
const ddl =
  "create table people (id bigint generated always as identity primary key, name text not null, zip text, phone text, number integer, amount numeric, stage text)";

const styled = (style: number, value: number): string => `<c s="${style}"><v>${value}</v></c>`;

/** Imports a workbook; what is in the table then, and what was counted. */
async function imported(workbook: Uint8Array) {
  const { importCsv, rows } = await openEngine([people], ddl);
  const { counts, issueCounts } = await importCsv(people, workbook);
  const stored = await rows("select name, zip, phone, number, amount, stage from people order by id");
  return {
    counts: some(counts),
    stored: stored.map((row) => Object.values(row)),
    told: issueCounts.map(({ field: name, code, count }) => `${count} ${name} ${code}`),
  };
}

it("takes a code as its format shows it into a text, and the number into a field for numbers", async () => {
  const workbook = workbookOf({
    formats: ["00000", '0#" "##" "##" "##" "##', '"INV-"0000', "000.00", "00"],
    sheet:
      rowXml(1, "name", "zip", "phone", "number", "amount", "stage") +
      rowXml(2, "Anna", styled(1, 1000), styled(2, 612345678), styled(3, 42), styled(4, 5.5), styled(5, 1)) +
      rowXml(3, "Bo", styled(1, 75001), null, styled(1, 7), styled(3, 8), styled(5, 2)),
  });
  expect(await imported(workbook)).toEqual({
    counts: { created: 2 },
    stored: [
      ["Anna", "01000", "+33612345678", 42, "5.50", "1"],
      ["Bo", "75001", null, 7, "8", "2"],
    ],
    told: [],
  });
});

it("says of a text beyond what a cell holds that it was cut, and keeps its row out", async () => {
  const sharing = {
    strings: `<si><t>${"a".repeat(40_000)}</t></si>`,
    sheet: `${rowXml(1, "name", "zip")}${rowXml(2, "Anna", '<c t="s"><v>0</v></c>')}${rowXml(3, "Bo", "1")}`,
  };
  expect(await imported(workbookOf(sharing))).toEqual({
    counts: { created: 1, invalid: 1 },
    stored: [["Bo", "1", null, null, null, null]],
    told: ["1 zip cell_too_long"],
  });
});

it("imports a workbook that Excel opens without asking for its password", async () => {
  const workbook = workbookOf({ sheet: rowXml(1, "name", "number") + rowXml(2, "Anna", 5) });
  expect(await imported(encryptedPackage(workbook, { scheme: "standard" }))).toMatchObject({
    counts: { created: 1 },
    stored: [["Anna", null, null, 5, null, null]],
  });
});
