/** Files of every format and packing on the command line: imported, stopped and resumed, rejected, looked at. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { fr } from "../../src/locale/fr.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { zipOf } from "../corpus/zip-bytes.ts";
import { escapeXml, writeWorkbook } from "../formats/xlsx/write-workbook.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";
import { storedFiles } from "../stored-files.ts";

const header = ["Référence", "Prénom", "E-mail", "Ville"];
const people = [
  ["R1", "Anna", "anna@x.fr", "Lyon"],
  ["R2", "Zoé", "zoe@x.fr", "Besançon"],
  ["R3", "Bo", "bo@x", "Umeå"],
];
const csvText = [header, ...people].map((row) => `${row.join(";")}\r\n`).join("");
const jsonText = JSON.stringify(people.map((row) => Object.fromEntries(row.map((cell, c) => [header[c], cell]))));

/** Cells as a workbook has them: numbers as numbers, others in place. */
function sheetXml(rows: readonly (readonly (string | number | boolean)[] | null)[]): string {
  const cell = (value: string | number | boolean): string => {
    if (typeof value === "number") return `<c><v>${value}</v></c>`;
    if (typeof value === "boolean") return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
    return value === "" ? "<c/>" : `<c t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`;
  };
  return rows.map((row, k) => (row === null ? "" : `<row r="${k + 1}">${row.map(cell).join("")}</row>`)).join("");
}
const workbook = writeWorkbook({ sheets: { People: sheetXml([header, ...people]) } });

const files: [what: string, name: string, content: string | Uint8Array][] = [
  ["CSV in gzip", "leads.csv.gz", gzipSync(csvText)],
  ["CSV in a zip archive", "leads.zip", zipOf([{ name: "export/leads.csv", content: csvText }])],
  ["CSV that is called a workbook", "leads.xlsx", csvText],
  ["a workbook", "leads.xlsx", workbook],
  ["a workbook that is called CSV", "leads.csv", workbook],
  ["a workbook in gzip", "leads.xlsx.gz", gzipSync(workbook)],
  ["a workbook in a zip archive", "leads.zip", zipOf([{ name: "leads.xlsx", content: workbook }])],
  ["JSON", "leads.json", jsonText],
  ["JSON in gzip", "leads.json.gz", gzipSync(jsonText)],
];

interface Desk {
  cwd: string;
  sluice(args: string[], options?: Partial<Parameters<typeof runInProcess>[1]>): Promise<InProcessResult>;
  rows(statement: string): Promise<Record<string, unknown>[]>;
  put(name: string, content: string | Uint8Array): Promise<string>;
}

async function desk(): Promise<Desk> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  return {
    cwd,
    sluice: (args, options) => runInProcess(args, { cwd, url, ...options }),
    rows: (statement) => database.query(sql.raw<Record<string, unknown>>(statement)),
    async put(name, content) {
      await writeFile(join(cwd, name), content);
      return join(cwd, name);
    },
  };
}

it.each(files)("imports %s, from a file and from standard input", async (_, name, content) => {
  const { cwd, sluice, rows, put } = await desk();
  const path = await put(name, content);
  const first = await sluice(["import", "leads", path, "--json"]);
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 0, stderr: "" });
  const summary = JSON.parse(first.stdout);
  expect(summary).toMatchObject({
    rows: 3,
    created: 2,
    invalid: 1,
    issues: [{ field: "email", code: "email_invalid" }],
  });
  expect(await rows("select external_id, first_name, email, city from leads order by external_id")).toEqual(
    people.slice(0, 2).map(([external_id, first_name, email, city]) => ({ external_id, first_name, email, city })),
  );
  const report = await readFile(summary.rejectedRowsFile, "utf8");
  expect(report).toMatch(/R3[;,]Bo[;,]bo@x[;,]Umeå/);
  const same = await sluice(["import", "leads", "-"], { input: content });
  expect(same).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/already/) });
  const again = await sluice(["import", "leads", "-", "--again", "--json"], { input: content });
  expect(JSON.parse(again.stdout)).toMatchObject({ rows: 3, skipped: 2, invalid: 1 });
  expect(await storedFiles(join(cwd, ".sluice"))).toEqual([]);
});

/** More rows than one transaction takes, in a file that is much smaller than they are. */
const manyRows = 6000;
const manyText = [
  "Référence;Prénom;E-mail;Ville\n",
  ...Array.from({ length: manyRows }, (_, k) => `R${k};Person ${k};p${k}@x.fr;City ${k % 7}\n`),
].join("");

const manySheet = writeWorkbook({
  sheets: {
    People: sheetXml(
      manyText
        .trimEnd()
        .split("\n")
        .map((line) => line.split(";")),
    ),
  },
});

it.each<[string, string, Uint8Array]>([
  ["a packed file", "leads.csv.gz", gzipSync(manyText)],
  ["a workbook", "leads.xlsx", manySheet],
  ["a packed workbook", "leads.zip", zipOf([{ name: "leads.xlsx", content: manySheet }])],
])("goes on in %s from where it was stopped", async (_, name, content) => {
  const { sluice, rows, put } = await desk();
  const path = await put(name, content);
  const stopping = new AbortController();
  const begun: number[] = [];
  const env = { SLUICE_BATCH_BYTES: "65536" };
  const stopped = await sluice(["import", "leads", path], {
    env,
    signal: stopping.signal,
    onEvent(event) {
      if (event.name === "parse.started") begun.push(event.row);
      if (event.name === "parse.batch_committed") stopping.abort(new Error("stopped by the user"));
    },
  });
  expect(stopped).toMatchObject({ exitCode: 130, stderr: expect.stringMatching(/goes on with: sluice resume 1/) });
  const resumed = await sluice(["resume", "1", "--json"], {
    env,
    onEvent(event) {
      if (event.name === "parse.started") begun.push(event.row);
    },
  });
  expect(JSON.parse(resumed.stdout)).toMatchObject({ status: "completed", rows: manyRows, created: manyRows });
  expect(begun).toEqual([1, expect.any(Number)]);
  expect(begun[1]).toBeGreaterThan(100);
  expect(await rows("select count(*)::int as leads, count(distinct first_name)::int as names from leads")).toEqual([
    { leads: manyRows, names: manyRows },
  ]);
});

it.each<[string, string, Uint8Array]>([
  ["a packed file", "leads.zip", zipOf([{ name: "leads.csv", content: manyText }])],
  ["a workbook", "leads.xlsx", manySheet],
])("tells the cells of rows in %s that the database refuses", async (_, name, content) => {
  const { sluice, rows, put } = await desk();
  await rows("alter table leads add constraint no_sevens check (city <> 'City 3')");
  const path = await put(name, content);
  const { stdout } = await sluice(["import", "leads", path, "--json", "--lang", "fr"]);
  const refused = Array.from({ length: manyRows }, (_, k) => k).filter((k) => k % 7 === 3);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({ rows: manyRows, invalid: refused.length, created: manyRows - refused.length });
  const lines = (await readFile(summary.rejectedRowsFile, "utf8")).trimEnd().split("\r\n").slice(1);
  expect(lines.map((line) => [line.split(";")[0], ...line.split(";").slice(-4)])).toEqual(
    refused.map((k) => [`${k + 2}`, `R${k}`, `Person ${k}`, `p${k}@x.fr`, "City 3"]),
  );
});

it("fails an import whose packed file is cut, and says so under the file's name", async () => {
  const { sluice, rows, put } = await desk();
  const packed = gzipSync(Buffer.from(manyText.repeat(40)), { level: 1 });
  const path = await put("leads.csv.gz", packed.subarray(0, packed.length - 20));
  const { exitCode, stderr } = await sluice(["import", "leads", path, "--yes"]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /leads\.csv\.gz is truncated: the download or upload was cut off\. Download it again/,
    ),
  });
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 0 }]);
});

it("inspects what is packed, in the reader's language, and as an object", async () => {
  const { sluice, put } = await desk();
  const path = await put("leads.csv.gz", gzipSync(`Export du 3 mars\r\n\r\n${csvText}`));
  const text = await sluice(["inspect", path, "--lang", "fr"]);
  expect(text).toMatchObject({ exitCode: 0, stderr: "" });
  expect(text.stdout).toMatch(
    /^leads\.csv\.gz {2}\d+ bytes\n {2}compressed with gzip, CSV, encoding utf-8, delimiter ";"/,
  );
  expect(text.stdout).toContain("header in row 3");
  expect(text.stdout).toContain(`1  ${fr.titles.titles_above_header}  [titles_above_header]`);
  const { stdout } = await sluice(["inspect", path, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    file: "leads.csv.gz",
    dialect: { format: "csv", packing: "gzip", headerRow: 3, findings: [{ code: "titles_above_header" }] },
  });
});

it("reads a sheet out as wide as its table, with its blank rows, or as objects", async () => {
  const { sluice, put } = await desk();
  const rows = [null, ["Export"], null, ["name", "size", "member"], ["Zoé", 1.5, true], null, null, ["Bo", 12]];
  const other = sheetXml([["code"], ["007"]]);
  const path = await put("book.xlsx", writeWorkbook({ sheets: { People: sheetXml(rows), Codes: other } }));
  const read = async (...flags: string[]): Promise<string> => {
    const { stdout, stderr } = await sluice(["read", path, ...flags]);
    expect(stderr).toBe("");
    return stdout;
  };
  expect(await read("--header-row", "4")).toBe(
    "\r\nExport,,\r\n\r\nname,size,member\r\nZoé,1.5,true\r\n\r\n\r\nBo,12,\r\n",
  );
  expect(await read("--header-row", "4", "--limit", "1")).toBe(
    "\r\nExport,,\r\n\r\nname,size,member\r\nZoé,1.5,true\r\n",
  );
  expect(await read("--header-row", "4", "--format", "jsonl")).toBe(
    '{"name":"Zoé","size":"1.5","member":"true"}\n{"name":"Bo","size":"12","member":""}\n',
  );
  for (const sheet of ["Codes", "codes", "2"]) expect(await read("--sheet", sheet)).toBe("code\r\n007\r\n");
  expect(await sluice(["read", path, "--sheet", "Nope"])).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: expect.stringMatching(/^book\.xlsx has no sheet "Nope"\. Available: 1 "People", 2 "Codes"\./),
  });
  const inspected = await sluice(["inspect", path, "--header-row", "4", "--lang", "fr"]);
  expect(inspected.stdout).toContain('XLSX workbook, sheet 1 "People", header in row 4, 3 columns');
  expect(inspected.stdout).toContain(`1  ${fr.titles.other_sheets}: 2 "Codes" (--sheet)  [other_sheets]`);
});

it("reads the same rows out of XLSX, ODS and XLS, as they are and packed", async () => {
  const { sluice, put } = await desk();
  const expected = [
    "Prénom,Nom,Ville,Montant,Date",
    "Zoé,Lefèvre,Besançon,12.5,2024-01-31",
    'François,"dit ""le Grand""",Nîmes; Gard,1234,2024-02-01',
    'Åsa,"Öberg, Växjö","två\nrader",0.99,2024-12-13',
    "Cœur,D’Arcy,Évreux,-7,1999-06-30",
    "",
  ].join("\r\n");
  for (const format of ["xlsx", "ods", "xls"]) {
    const content = await readFile(new URL(`../corpus/files/libreoffice/people.${format}`, import.meta.url));
    const paths = [
      await put("people.csv", content),
      await put("people.gz", gzipSync(content)),
      await put("people.zip", zipOf([{ name: "people", content }])),
    ];
    for (const path of paths) {
      const { stdout, stderr } = await sluice(["read", path]);
      expect({ format, path, stdout, stderr }).toEqual({ format, path, stdout: expected, stderr: "" });
    }
  }
});

it("writes a million blank rows before a sheet's last one without keeping them", async () => {
  const { sluice, put } = await desk();
  const rows = `${sheetXml([["name"]])}<row r="1048576"><c t="inlineStr"><is><t>last</t></is></c></row>`;
  const path = await put("book.xlsx", writeWorkbook({ sheets: { People: rows } }));
  const { stdout } = await sluice(["read", path, "--header-row", "1"]);
  expect(stdout).toBe(`name\r\n${"\r\n".repeat(1_048_574)}last\r\n`);
});

it("reads JSON out as a table with the names of its members, or as objects again", async () => {
  const { sluice, put } = await desk();
  const path = await put("leads.json", '[{"a":1.50,"b":"x,y"},{"b":true,"c":null},{"__proto__":"z"}]');
  expect((await sluice(["read", path])).stdout).toBe('a,b,c,__proto__\r\n1.5,"x,y",,\r\n,true,,\r\n,,,z\r\n');
  expect((await sluice(["read", path, "--limit", "1"])).stdout).toBe('a,b,c,__proto__\r\n1.5,"x,y",,\r\n');
  expect((await sluice(["read", path, "--format", "jsonl", "--limit", "2"])).stdout).toBe(
    '{"a":"1.5","b":"x,y","c":"","__proto__":""}\n{"a":"","b":"true","c":"","__proto__":""}\n',
  );
  const lists = await put("lists.json", '[["name","city"],["Ann","Metz"]]');
  expect((await sluice(["read", lists])).stdout).toBe("name,city\r\nAnn,Metz\r\n");
  const bare = await put("bare.json", '[["1","2"],["3","4"]]');
  expect((await sluice(["read", bare])).stdout).toBe("1,2\r\n3,4\r\n");
});

it("leaves titles above the header out of objects and of what --limit counts", async () => {
  const { sluice, put } = await desk();
  const path = await put("leads.csv", `Export\r\n${csvText}`);
  const flags = ["--header-row", "2", "--limit", "1"];
  expect((await sluice(["read", path, ...flags])).stdout).toBe(
    "Export\r\nRéférence,Prénom,E-mail,Ville\r\nR1,Anna,anna@x.fr,Lyon\r\n",
  );
  expect((await sluice(["read", path, ...flags, "--format", "jsonl"])).stdout).toBe(
    '{"Référence":"R1","Prénom":"Anna","E-mail":"anna@x.fr","Ville":"Lyon"}\n',
  );
});

it.each<[string, string, string | Uint8Array, string[], RegExp]>([
  [
    "a sheet of a CSV file",
    "l.csv",
    csvText,
    ["--sheet", "2"],
    /^This file is CSV, which has no sheets\. Omit --sheet\.$/m,
  ],
  [
    "a delimiter of a workbook",
    "l.csv",
    workbook,
    ["--delimiter", "tab"],
    /^This file is XLSX, which has no delimiter\. Omit --delimiter\.$/m,
  ],
  [
    "the encoding of a workbook",
    "l.xlsx",
    workbook,
    ["--encoding", "latin1"],
    /^This file is XLSX, which declares its own encoding\. Omit --encoding\.$/m,
  ],
  [
    "a sheet of JSON",
    "l.json",
    jsonText,
    ["--sheet", "A"],
    /^This file is JSON, which has no sheets\. Omit --sheet\.$/m,
  ],
  [
    "a delimiter of JSON",
    "l.json",
    jsonText,
    ["--delimiter", ","],
    /^This file is JSON, which has no delimiter\. Omit --delimiter\.$/m,
  ],
  ["an empty sheet name", "l.csv", csvText, ["--sheet", ""], /^--sheet must be/],
])("exits with 2 for %s", async (_, name, content, flags, message) => {
  const cwd = await freshFolder();
  const path = join(cwd, name);
  await writeFile(path, content);
  for (const command of ["inspect", "read"]) {
    const { exitCode, stdout, stderr } = await runInProcess([command, path, ...flags], { cwd });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: expect.stringMatching(message) });
  }
});

it("reads the file of an archive that is named, and tells the others", async () => {
  const { sluice, put, rows } = await desk();
  const other = "E-mail;Nom\nbo@x.fr;Bo\n";
  const path = await put(
    "export.zip",
    zipOf([
      { name: "._a", content: "" },
      { name: "more/others.csv", content: other },
      { name: "leads.csv", content: csvText },
      { name: "logo.png", content: "\x89PNG\r\n\x1a\n" },
    ]),
  );
  const inspected = await sluice(["inspect", path]);
  expect(inspected.stdout).toContain('compressed with zip, file "leads.csv", CSV');
  expect(inspected.stdout).toContain(
    '1  other files with tables in the archive: 1 "more/others.csv" (--entry)  [other_files]',
  );
  for (const entry of ["others.csv", "more/others.csv", "1"])
    expect((await sluice(["read", path, "--entry", entry])).stdout).toBe("E-mail,Nom\r\nbo@x.fr,Bo\r\n");
  expect(await sluice(["read", path, "--entry", "nope.csv"])).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /^export\.zip has no file "nope\.csv" in it\. Available: 1 "more\/others\.csv", 2 "leads\.csv", 3 "logo\.png"\..* --entry\.\n$/,
    ),
  });
  const plain = await put("plain.csv", other);
  expect((await sluice(["read", plain, "--entry", "a"])).stderr).toMatch(/no zip archive.*Omit --entry/s);
  await sluice(["import", "leads", path, "--entry", "more/others.csv", "--yes", "--json"]);
  expect(await rows("select email from leads")).toEqual([{ email: "bo@x.fr" }]);
});
