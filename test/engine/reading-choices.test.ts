/** What was decided of a file, and what came second, with what would come of it. */
import { describe, expect, it } from "vitest";
import { textOf } from "../../src/core/errors.ts";
import type { ReadingChoice } from "../../src/core/reading-choice.ts";
import type { DialectHints } from "../../src/core/row.ts";
import { columnChoices, fileChoices } from "../../src/engine/reading-choices.ts";
import { formats } from "../../src/formats/formats.ts";
import { defineImporter, field } from "../../src/index.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import { bytesSource } from "../formats/csv/bytes-source.ts";
import { profilesOf } from "../staging/read-file.ts";

/** What was chosen, what came second with the reason, and whether it is close. */
function told({ chosen, runnerUp }: ReadingChoice) {
  return runnerUp === null
    ? [chosen]
    : [chosen, runnerUp.value, textOf(runnerUp.reason), ...(runnerUp.isClose ? ["close"] : [])];
}

async function choicesOf(content: string | Uint8Array, hints: DialectHints = {}) {
  const source = bytesSource(content);
  const choices = await fileChoices(formats, source, await formats.detect(source, hints));
  return Object.fromEntries(choices.map((choice) => [choice.of, told(choice)]));
}

const people = `name,email,age\n${Array.from({ length: 40 }, (_, k) => `Ann${k},ann${k}@x.fr,${20 + k}\n`).join("")}`;

describe("the choices of a file", () => {
  it("are far apart where it is clean", async () => {
    expect(await choicesOf(people)).toEqual({
      delimiter: [",", ";", "would give 1 column in 40 of 40 rows"],
      encoding: ["utf-8"],
      quote: ['"'],
      headerRow: [1, 0, "would read row 1 as data"],
    });
  });

  it.each<[string, string, string[]]>([
    ["both cut every row, and the header", "Name;Doe,John\nRay;Bob,Oslo\nKim;Lee,Bergen\n", [";", "close"]],
    ["the other one is in cells alone", "name;price\nTea;1,50\nJam;2,25\n", [","]],
    ["the other one is prose", "title;note\nTea; a, b\nJam, red;x, y\n", [","]],
  ])("tell whether another delimiter is close: %s", async (_, text, [value, close]) => {
    const { delimiter } = await choicesOf(text);
    const [chosen, second, , isClose] = delimiter;
    expect([chosen, second].includes(value)).toBe(true);
    expect(isClose).toBe(close);
  });

  it("show a word as another encoding would read it", async () => {
    const { encoding } = await choicesOf("name,city\nRené,Orléans\nZoë,Malmö\n");
    expect(encoding.slice(0, 1)).toEqual(["utf-8"]);
    expect(encoding[2]).toMatch(/^would read “René” as “Ren/);
    expect(encoding).toHaveLength(3);
    const guessed = await choicesOf(Buffer.from("name;city\nS\xf8ren;K\xf8ge\n", "latin1"), {
      encoding: "windows-1252",
    });
    expect(guessed.encoding).toHaveLength(3);
  });

  it("find no quotes close where what is inside them may be rows", async () => {
    const { quote } = await choicesOf('ref;name\n1;"a\nb;c"\n2;d\n3;e\n');
    expect(quote).toEqual(['"', "none", "would give 4 rows instead of 3", "close"]);
    // Rows that a quote would surely swallow are rows already.
    const rows = Array.from({ length: 12 }, (_, k) => `R${k};${k === 3 ? '"' : ""}Ann ${k}${k === 8 ? '"' : ""}\n`);
    expect((await choicesOf(`ref;name\n${rows.join("")}`)).quote).toEqual(['"']);
  });

  it("say how columns would be called by another row", async () => {
    const { headerRow } = await choicesOf("Ann,Lyon\nBo,Metz\nCy,Nice\n", { headerRow: 0 });
    expect(headerRow).toEqual([0, 1, "would call the columns Ann, Lyon", "close"]);
    const numbers = await choicesOf("1,2\n3,4\n5,6\n", { headerRow: 0 });
    expect(numbers.headerRow).toEqual([0, 1, "would call the columns 1, 2"]);
    const titled = await choicesOf("Team,Report,Spring\n\nname,age,x\nAnn,3,1\nBo,4,2\nCy,5,3\n");
    expect(titled.headerRow[0]).toBe(3);
  });

  it("are none of a JSON file's, whose records name their members", async () => {
    expect(await choicesOf('[{"a":1},{"a":2}]')).toEqual({});
  });
});

it("count how many cells of a column the other order of dates, or the other decimal mark, would fit", async () => {
  const importer = defineImporter({
    name: "visits",
    fields: { on: field.date(), paid: field.decimal(), seen: field.date() },
    target: { table: "visits" },
  });
  const rows = ["1/2/2026;1,50;3/4/2026", "3/14/2026;2,25;4/4/2026", "5/6/2026;3,75;6/7/2026"];
  const profiles = await profilesOf(`on;paid;seen\n${rows.join("\n")}\n`);
  const choices = columnChoices(mapColumns(importer, profiles), profiles);
  expect(choices.map((choice) => [choice.column, choice.of, ...told(choice)])).toEqual([
    ["on", "dateOrder", "mdy", "dmy", "fits 2 of 3 cells"],
    ["paid", "decimalMark", ",", ".", "fits 0 of 3 cells"],
    ["seen", "dateOrder", "mdy", "dmy", "fits 2 of 2 cells", "close"],
  ]);
});
