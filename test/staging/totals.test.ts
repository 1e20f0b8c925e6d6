/** Which rows of a file are totals of others, and by what evidence. */
import { describe, expect, it } from "vitest";
import { csv } from "../../src/formats/csv/csv.ts";
import { amountsOf } from "../../src/staging/totals/cell-amount.ts";
import { type StoredTotals, Totals } from "../../src/staging/totals/totals.ts";
import { bytesSource } from "../formats/csv/bytes-source.ts";

/** Rows that are left out, or warned of, by number: the code, and the rows that it names. */
async function told(text: string, restart = false): Promise<string[]> {
  const source = bytesSource(text);
  const dialect = await csv.detect(source, {});
  const { headerRow, lastRow, columns } = dialect;
  const readFromStart = () => csv.read(source, dialect, {});
  let stored: StoredTotals | undefined;
  const open = () => new Totals({ columns: columns.length, headerRow, lastRow, stored, readFromStart });
  let totals = open();
  const lines: string[] = [];
  for await (const batch of csv.read(source, dialect, { ...(restart && { maxRowsPerBatch: 2 }) } as object)) {
    const { skipped, warned } = await totals.examine(batch);
    for (const [r, { c, p }] of [...skipped, ...warned])
      lines.push(`${batch.rowNumbers[r]} ${c}${p === undefined ? "" : ` ${p.from}–${p.to}`}`);
    if (!restart) continue;
    stored = JSON.parse(JSON.stringify(totals));
    totals = open();
  }
  const last = await totals.lastWarning();
  if (last !== null) lines.push(`${last.row} ${last.issue.c} ${last.issue.p?.from}–${last.issue.p?.to}`);
  return lines;
}

const clients = ["Client;City;Amount", "Dupont SA;Paris;1 200,50", "Durand SARL;Lyon;300,00", "Martin;Nantes;99,50"];
const under = (...rows: string[]): string => [...clients, ...rows].join("\r\n");

const totals: [what: string, text: string, told: string[]][] = [
  ["a total with its word", under("Total;;1 600,00"), ["5 total_row 2–4"]],
  ["with a colon, in capitals", under("TOTAL :;;1600,00 €"), ["5 total_row 2–4"]],
  ["in another column than the first", under(";Summe;1.600,00"), ["5 total_row 2–4"]],
  ["a total that rounds", under("Gesamt;;1 600"), ["5 total_row 2–4"]],
  ["a word alone", under("Total général;;"), ["5 summary_row"]],
  ["a total whose number is beside its word", under("Total: 1 600,00;;"), ["5 total_row 2–4"]],
  ["a total of which the number does not add up", under("Summa;;1 700,00"), ["5 summary_row"]],
  [
    "subtotals per group, and the total of all",
    [
      "City,Client,Amount",
      "Paris,Dupont,100.00",
      "Paris,Durand,200.00",
      "Paris Total,,300.00",
      "Lyon,Martin,50.00",
      "Lyon,Petit,25.00",
      "Lyon Total,,75.00",
      "Grand Total,,375.00",
    ].join("\n"),
    ["4 total_row 2–3", "7 total_row 5–6", "8 total_row 2–6"],
  ],
  [
    "subtotals of two levels",
    [
      "Region;City;Client;Amount",
      "North;Lille;A;10",
      "North;Lille;B;20",
      "North;Summe Lille;;30",
      "North;Amiens;C;5",
      "North;Amiens;D;7",
      "North;Summe Amiens;;12",
      "Summe North;;;42",
      "South;Nice;E;100",
      "South;Summe Nice;;100",
      "Summe South;;;100",
      "Gesamtsumme;;;142",
    ].join("\n"),
    [
      "4 total_row 2–3",
      "7 total_row 5–6",
      "8 total_row 2–6",
      "10 total_row 9–9",
      "11 total_row 9–9",
      "12 total_row 2–9",
    ],
  ],
  [
    "net, tax and gross",
    under("Net total;;1 600,00", "TVA 20 %;;320,00", "Total TTC;;1 920,00"),
    ["5 total_row 2–4", "6 summary_row", "7 summary_row"],
  ],
  ["an average", under("Moyenne;;533,33"), ["5 summary_row"]],
  ["an average below a total", under("Total;;1600,00", "Durchschnitt;;533,33"), ["5 total_row 2–4", "6 summary_row"]],
  ["a count", under("Nombre de lignes : 3;;"), ["5 summary_row"]],
  ["a count of its own column", under("Antal;;3"), ["5 summary_row"]],
  ["a count as a sentence", under("3 records;;"), ["5 summary_row"]],
  [
    "money and negative numbers",
    ["Name,City,Balance", 'Ann,Umeå,"$1,234.50"', "Bo,Lund,(234.50)", "Cia,Ystad,-$500.00", 'Total,,"$500.00"'].join(
      "\n",
    ),
    ["5 total_row 2–4"],
  ],
  [
    "Swiss and Indian groups",
    [
      "Name,City,A,B",
      'Ann,Umeå,1\'000.50,"1,00,000"',
      'Bo,Lund,2\'000.00,"2,50,000"',
      'Sum,,3\'000.50,"3,50,000"',
    ].join("\n"),
    ["4 total_row 2–3"],
  ],
  [
    "a column with blank cells",
    ["Name,City,Amount", "Ann,Umeå,10", "Bo,Lund,", "Cia,Ystad,30", "Totalt,,40"].join("\n"),
    ["5 total_row 2–4"],
  ],
  [
    "a table of a name and a number",
    ["Name,Amount", "Ann,10", "Bo,20", "Cia,30", "Total,60"].join("\n"),
    ["5 total_row 2–4"],
  ],
  [
    "a table without numbers",
    ["Name;City", "Ann;Umeå", "Bo;Lund", "Cia;Ystad", "Total;3"].join("\n"),
    ["5 summary_row"],
  ],
  ["a total behind an empty line", under("", "Total;;1 600,00"), ["6 total_row 2–4"]],
  ["a note below the total", under("Total;;1 600,00", "Exporté le 02/01/2024;;"), ["5 total_row 2–4", "6 summary_row"]],
  ["a short total row", "Name,City,Amount,Notes\nAnn,Umeå,10,a\nBo,Lund,20,b\nTotal,,30", ["4 total_row 2–3"]],
  ["a value without a word", under("Müller;Berlin;1 600,00"), ["5 sum_without_word 2–4"]],
  ["a sum without a word or a name", under(";;1 600,00"), ["5 sum_without_word 2–4"]],
];

const records: [what: string, text: string][] = [
  ["clients who are called so", under("Total Energies;Paris;500,00", "Summa AB;Umeå;12,00", "Sum Ting;Lyon;7,00")],
  ["a client called Total", under("Total;Paris;500,00")],
  [
    "a client called Total, among others who are blank elsewhere",
    "Name,Email,Phone\nAnn,,\nBo,bo@x.fr,\nSumma AB,,\nCia,,0612345678",
  ],
  ["people called Max and Mean", "First,Last,Age\nMax,Frisch,40\nMean,Joe,30\nMin,Ho,20"],
  [
    "products whose names begin so",
    "Sku,Name,Price\nA1,Total care shampoo,5\nA2,Sum puzzle,7\nA3,Average tee,12\nA4,Net bag,24",
  ],
  ["small numbers that happen to add up", "Sku,Name,Qty\nA,Bolt,1\nB,Nut,1\nC,Gear,1\nD,Pin,3"],
  ["numbers of rows", "Id,Name\n1,Ann\n2,Bo\n3,Cia\n4,Dan\n5,Eve"],
  ["a sum of two", "Name,Amount\nAnn,1200\nBo,1200"],
  ["cells of many languages", "Name,City\nSumathi,Gesamtschule\nTotò,Somme-Leuze\nSubhash,Summerville\nGrant,Totnes"],
  ["a table of one column", "Name\nAnn\nBo\nTotal\nCia"],
];

describe("rows that sum up others", () => {
  it.each(totals)("are found: %s", async (_, text, expected) => {
    expect(await told(text)).toEqual(expected);
  });
  it.each(totals)("are found in pieces, each with what was stored of the one before: %s", async (_, text, expected) => {
    expect(await told(text, true)).toEqual(expected);
  });
  it.each(records)("are not %s", async (_, text) => {
    expect(await told(text)).toEqual([]);
  });
});

it.each([
  ["1e+41", 10n ** 41n, 0],
  ["-1.5E+100", -15n * 10n ** 99n, 0],
  ["1e-7", 1n, 7],
  ["2.5e-300", 0n, 10],
])("takes a number that a file has with an exponent for what it is: %s", (text, units, scale) => {
  expect(amountsOf(text, true)).toEqual({ point: { units, scale }, comma: null });
});
