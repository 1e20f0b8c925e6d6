/** Finding a file's dialect. */
import { describe, expect, it } from "vitest";
import type { CsvDialect, DialectHints, Encoding } from "../../../src/core/row.ts";
import { detectCsv } from "../../../src/formats/csv/detect.ts";
import { bytesSource, encodeText, repeatedSource } from "./bytes-source.ts";

function detect(content: string | Uint8Array, hints: DialectHints = {}): Promise<CsvDialect> {
  return detectCsv(bytesSource(content), hints);
}

describe("detectCsv", () => {
  it("freezes all of a dialect", async () => {
    expect(await detect("\ufeffNom;Prénom\r\nDupont;Zoé\r\n")).toEqual({
      format: "csv",
      encoding: "utf-8",
      delimiter: ";",
      quote: '"',
      escape: "double",
      lineEnding: "\r\n",
      bomBytes: 3,
      packing: "none",
      headerRow: 1,
      headerRows: 1,
      lastRow: null,
      columns: ["Nom", "Prénom"],
      findings: [],
      between: { header: [["Nom", "Prénom"]], titles: [], comment: null, paged: false },
    });
  });

  it.each([
    ["commas", "a,b,c\n1,2,3\n", ","],
    ["semicolons above commas in cells", "name;price\nA;1,5\nB;2,5\nC, D;3,5\n", ";"],
    ["tabs", "a\tb\n1, 2\t3\n", "\t"],
    ["pipes", "a|b|c\n1|2|3\n", "|"],
    ["a delimiter in the header alone", "a;b;c\n", ";"],
    ["a header with commas in quotes", '"Name, first";Mail\nx;y\n', ";"],
    ["a header with commas", "Nom, prénom;Mail;Tél\nA;b;c\nD;e;f\n", ";"],
    ["quoted cells full of commas", '"a, b";"c, d"\n"e, f, g";"h"\n', ";"],
    ["rows that are ragged", "a;b;c\n1;2\n1;2;3\n1;2;3;4\n", ";"],
    ["one row", "a;b,c;d\n", ";"],
    ["one column", "email\na@b.fr\nc@d.fr\n", ","],
    ["one column of sentences", "Comment\nHello, world\nFine; thanks\na, b, c\n", "\t"],
    ["one column of names with commas", "Name\nDupont, Jean\nMartin, Paul\n", "\t"],
    ["one column without a header, of which some have commas", "Hello, world\nyes\nno\nwell\n", "\t"],
    ["one column of one row", "Comment", ","],
    ["one column that uses every delimiter", "Comment\na,b\nc;d\ne|f\ng\th\n", "\t"],
    ["decimal commas in every cell", "1,5;2,5;3,5\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"],
    ["amounts with a currency", "Nom;Prix\nA;EUR 1,50\nB;2,50 €\nC;3,50 €\n", ";"],
    ["lists in one of its columns", "id,tags,n\n1,a;b,2\n2,c;d,3\n3,e;f,3\n", ","],
    ["addresses with commas", "Nom;Adresse\nA;12, rue X\nB;3, rue Y\nC;5, rue Z\n", ";"],
    ["a title above the table", "Export\n\na|b|c\n1|2|3\n", "|"],
    ["a title with commas", "Export, by Zoé, 2024\n\na;b;c\n1;2;3\n4;5;6\n", ";"],
    ["a column of JSON", 'key,val\n1,"{""a"": [1, 2]}"\n2,"{""b"": 3; 4}"\n', ","],
    ["quoted text around another delimiter", 'a\\"x;y\\",b\\"x;y\\"\na\\"x;y\\",b\\"x;y\\"\n', ","],
    ["colons between words", "root:x:0\nbin:x:1\ndaemon:x:2\n", ":"],
    ["times in one column", "12:30\n13:40\n14:50\n", ","],
    ["addresses of pages in one column", "https://a.fr\nhttps://b.fr\n", ","],
    ["carets", "a^b^c\n1^2^3\n", "^"],
    ["tildes", "a~b\n1~2\n", "~"],
    ["unit separators", "a\x1fb\x1fc\n1\x1f2\x1f3\n", "\x1f"],
    ["a header above lists of many", "email,tags\na@x.fr,r;g;b;y;w\nb@x.fr,r;g;b;k;w\nc@x.fr,p;g;b;y;w\n", ","],
    ["a header above names with commas", "person;place\nLee,Ann;Rome,Italy\nRay,Bob;Oslo,Norway\n", ";"],
    ["two semicolons", "a;;b;;c\n1;;2;;3\n4;;;;6\n", ";;"],
    ["two pipes beside one in a cell", "a||b\n1||x|y\n2||z\n", "||"],
    ["a word for a delimiter", "a|~|b\n1|~|2\n3|~|4\n", "|~|"],
    ["blanks beside a column of numbers", "host user sec\nalpha ann 12\nbeta bob 7\n", " "],
    ["names of two words in one column", "Full name\nAnna Berg\nBo Carlsson\nCia Dahl\n", ","],
    ["dates in words in one column", "Date and time\n1 Jan 2024\n2 Feb 2024\n3 Mar 2024\n", ","],
    ["sentences of equally many words", "One two three\nfour five six\nseven eight nine\n", ","],
    ["columns that are blank at every line's end", "a,b,c;;;\n1,2,3;;;\n4,5,6;;;\n", ","],
    ["the start of heading, as Hive writes it", "a\x01b\n1\x012\n", "\x01"],
  ])("finds the delimiter of %s", async (_, text, delimiter) => {
    expect((await detect(text)).delimiter).toBe(delimiter);
  });

  it.each<[string, string, CsvDialect["quote"], CsvDialect["escape"]]>([
    ["quotes", '"a","b"\n"1","2"\n', '"', "double"],
    ["apostrophes", "'a','b, c'\n'1','it''s'\n", "'", "double"],
    ["apostrophes in words", "name,note\nO'Brien,'tis fine\nl'eau,d'or\n", '"', "double"],
    ["apostrophes inside quotes", `"'a'","'b'"\n"'1'","'2'"\n`, '"', "double"],
    ["backslashes before quotes", 'id,text\n1,"say \\"hi\\", you"\n2,"a, b"\n', '"', "backslash"],
    ["backslashes before apostrophes", "'id','text'\n'1','it\\'s, you'\n'2','b'\n", "'", "backslash"],
    ["backslashes at the end of quoted cells", '"field 1","field 2\\"\n"field 3\\","field 4"\n', '"', "double"],
    ["backslashes outside quotes", 'a\\"b,c\nd,e\\"f\n', '"', "double"],
    ["backslashes in one column", '"say \\"hi\\""\n"and \\"so\\" on"\n', '"', "backslash"],
  ])("finds how cells are enclosed: %s", async (_, text, quote, escape) => {
    expect(await detect(text)).toMatchObject({ quote, escape });
  });

  it.each<[string, DialectHints, Partial<CsvDialect>]>([
    ["no quotes", { quote: "none" }, { quote: "none", escape: "double", columns: ["id", '"name"'] }],
    ["apostrophes", { quote: "'" }, { quote: "'", columns: ["id", '"name"'] }],
    ["backslashes", { escape: "backslash" }, { quote: '"', escape: "backslash", columns: ["id", "name"] }],
  ])("takes a person's word for how cells are enclosed: %s", async (_, hints, found) => {
    expect(await detect('id,"name"\n1,"Anna"\n2,"Bo"\n', hints)).toMatchObject(found);
  });

  it.each<[string, string, string]>([
    ["names the delimiter", "sep=;\nNom,x;Prénom\nA;b\n", ";"],
    ["names an unusual one", "sep=^\r\nNom^Prénom\r\nA^b\r\n", "^"],
    ["names it in quotes", '"sep=|"\nNom|Prénom\nA|b\n', "|"],
  ])("takes a separator line for no header: it %s", async (_, text, delimiter) => {
    const { findings, headerRow, ...dialect } = await detect(text);
    expect([dialect.delimiter, headerRow, findings]).toEqual([delimiter, 2, []]);
  });

  it("takes a person's delimiter before a separator line's", async () => {
    const { delimiter, columns } = await detect("sep=;\na,b\n1,2\n", { delimiter: "," });
    expect([delimiter, columns]).toEqual([",", ["a", "b"]]);
  });

  it("finds the table between a title and a footer, and tells of the title", async () => {
    const text = "Rapport;;\n\nNom;Ville;Montant\nA;X;12\nB;Y;13\n\nTotal;;25\n";
    expect(await detect(text)).toMatchObject({
      headerRow: 3,
      lastRow: 5,
      columns: ["Nom", "Ville", "Montant"],
      findings: [{ code: "titles_above_header", count: 1 }],
    });
  });

  it("knows the end of a table in a file of hundreds of kilobytes", async () => {
    const text = `Nom;Ville;Montant\n${"A;X;12\n".repeat(50_000)}\nTotal;;25\n`;
    expect(await detect(text)).toMatchObject({ headerRow: 1, lastRow: 50_001 });
  });

  it("makes no columns of delimiters at the end of every line", async () => {
    expect((await detect("a;b;c;\n1;2;3;\n4;5;6;\n")).columns).toEqual(["a", "b", "c"]);
  });

  it("leaves a file of one column whole", async () => {
    expect((await detect("Comment\nHello, world\nFine; thanks\n")).columns).toEqual(["Comment"]);
  });

  it.each<[string, string, CsvDialect["lineEnding"]]>([
    ["CRLF", "a,b\r\n1,2\r\n", "\r\n"],
    ["LF", "a,b\n1,2\n", "\n"],
    ["CR", "a,b\r1,2\r", "\r"],
    ["none", "a,b", "\n"],
  ])("finds %s as the line ending", async (_, text, lineEnding) => {
    expect((await detect(text)).lineEnding).toBe(lineEnding);
  });

  it.each<[Encoding, boolean, number]>([
    ["utf-8", false, 0],
    ["utf-8", true, 3],
    ["utf-16le", false, 0],
    ["utf-16le", true, 2],
    ["utf-16be", false, 0],
    ["utf-16be", true, 2],
    ["windows-1252", false, 0],
  ])("finds %s (byte order mark: %s)", async (encoding, bom, bomBytes) => {
    const text = "Société;Téléphone\nL’Oréal;+33\nÉtoile;+46\n";
    const dialect = await detect(encodeText(text, encoding, bom));
    expect([dialect.encoding, dialect.bomBytes, dialect.columns]).toEqual([
      encoding,
      bomBytes,
      ["Société", "Téléphone"],
    ]);
  });

  it("finds Windows-1252 by an é late in the file, wherever it falls", async () => {
    const block = 1024 * 1024;
    const filling = Buffer.alloc(2 * block + 500, "name,city\nDupont,Paris\n");
    for (const at of [300_000, block - 2, block - 1, block, 2 * block, filling.length - 2, filling.length - 1]) {
      const bytes = Buffer.from(filling);
      bytes[at] = 0xe9;
      expect((await detect(bytes)).encoding, `é at ${at}`).toBe("windows-1252");
    }
  });

  it("finds UTF-8 by sequences that lie across the pieces it looks at", async () => {
    const block = 1024 * 1024;
    for (const shift of [0, 1, 2, 3]) {
      const bytes = Buffer.concat([Buffer.alloc(block - shift, "a,b\n"), Buffer.from("😀é€"), Buffer.from("\n")]);
      expect((await detect(bytes)).encoding, `shifted by ${shift}`).toBe("utf-8");
    }
  });

  it("takes a few broken bytes in good UTF-8 for damage", async () => {
    const bytes = Buffer.concat([
      Buffer.from("nom,ville\n"),
      Buffer.from("Zoé,Orléans\n".repeat(20)),
      Buffer.of(0xe9, 0x0a),
    ]);
    expect((await detect(bytes)).encoding).toBe("utf-8");
  });

  it("looks into a file of gigabytes at samples alone", async () => {
    const source = repeatedSource([
      ["name,city\n", 1],
      ["Zo\u00e9,Paris\n", 200_000_000],
    ]);
    const dialect = await detectCsv(source, {});
    expect([dialect.encoding, dialect.columns]).toEqual(["utf-8", ["name", "city"]]);
    expect(source.bytesRead).toBeLessThan(8 * 1024 * 1024);
  });

  it.each<[string, string, number]>([
    ["names", "Name,Mail\nZoé,a@b.fr\n", 1],
    ["names below empty lines", "\n\nName,Mail\nZoé,a@b.fr\n", 3],
    ["names alone", "Name,Mail", 1],
    ["names with numbers in them", "Adresse 1,Tel 2\n1 rue X,06\n", 1],
    ["an e-mail in the first row", "Zoé,a@b.fr\nLéo,c@d.fr\n", 0],
    ["a phone number in the first row", "06 12 34 56 78,+33 6\n06 12 34 56 79,+33 7\n", 0],
    ["numbers and nothing else", "1,2,3\n4,5,6\n", 0],
    ["one row of data", "Dupont,75001,3.5,a@b.fr\n", 0],
    ["a year among names", "Name,City,2024\nx,y,1\n", 1],
  ])("takes %s for what they are", async (_, text, headerRow) => {
    expect((await detect(text)).headerRow).toBe(headerRow);
  });

  it("numbers the columns of a file without a header", async () => {
    expect((await detect("1,2,3\n4,5,6\n")).columns).toEqual(["Column 1", "Column 2", "Column 3"]);
  });

  it.each([
    ["duplicates", "Email,Nom,Email,Email", ["Email", "Nom", "Email (2)", "Email (3)"]],
    ["empty ones", "Nom,, ,x", ["Nom", "Column 2", "Column 3", "x"]],
    ["a duplicate whose number is taken", "Email,Email,Email (2)", ["Email", "Email (3)", "Email (2)"]],
    ["an empty one whose name is taken", "Column 2,,x", ["Column 2", "Column 2 (2)", "x"]],
    ["an empty one whose name comes later", "a,,Column 2", ["a", "Column 2 (2)", "Column 2"]],
    ["spaces around them", " Nom ,\tVille", ["Nom", "Ville"]],
    ["names of an object's members", "__proto__,constructor,__proto__", ["__proto__", "constructor", "__proto__ (2)"]],
    ["doubled quotes", '"the ""name""",b', ['the "name"', "b"]],
  ])("makes columns distinguishable: %s", async (_, header, columns) => {
    expect((await detect(`${header}\nq,w,e,r\n`, { delimiter: ",", headerRow: 1 })).columns).toEqual(columns);
  });

  it("names 16,384 columns that are all called the same", async () => {
    const { columns } = await detect(Array.from({ length: 16_384 }, () => "x").join(","));
    expect(new Set(columns).size).toBe(16_384);
    expect(columns[16_383]).toBe("x (16384)");
  });

  it("finds the delimiter of a header longer than what it reads first", async () => {
    const names = Array.from({ length: 10_000 }, (_, c) => `a rather long name of column ${c}`);
    const dialect = await detect(`${names.join(";")}\n${names.map(() => "1,5").join(";")}\n`);
    expect([dialect.delimiter, dialect.columns]).toEqual([";", names]);
  });

  describe("with hints", () => {
    const titled = "Export of 2024, by Zoé\n\nName;Mail\nA;b\nC;d\n";

    it("takes the header from the row it is told, and judges the delimiter by it", async () => {
      const { headerRow, delimiter, columns } = await detect(titled, { headerRow: 3 });
      expect([headerRow, delimiter, columns]).toEqual([3, ";", ["Name", "Mail"]]);
    });

    it("takes no header when there is none", async () => {
      const { headerRow, columns } = await detect("Name;Mail\nA;b\n", { headerRow: 0 });
      expect([headerRow, columns]).toEqual([0, ["Column 1", "Column 2"]]);
    });

    it("refuses a header row that is not there", async () => {
      await expect(detect(titled, { headerRow: 2 })).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringContaining("no row 2"),
      });
    });

    it("takes the delimiter and the encoding it is told", async () => {
      const dialect = await detect(encodeText("Né:Été\n1:2\n", "windows-1252"), {
        delimiter: ":",
        encoding: "windows-1252",
      });
      expect(dialect.columns).toEqual(["Né", "Été"]);
    });
  });

  const wide = Array.from({ length: 16_385 }, (_, c) => c).join(",");
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "is empty"],
    ["megabytes of empty lines", "\n".repeat(5 * 1024 * 1024), "bytes of empty lines"],
    ["a file of nothing but a byte order mark", "\ufeff", "only empty lines"],
    ["a file of empty lines", "\n\r\n\n", "only empty lines"],
    ["a workbook or zip", Buffer.from("PK\u0003\u0004\u0014\u0000\u0006\u0000"), "Save the sheet as CSV"],
    [
      "an old workbook",
      Buffer.concat([Buffer.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), Buffer.alloc(600)]),
      "old Excel workbook",
    ],
    [
      "an old workbook with text in it",
      Buffer.concat([Buffer.of(0xd0, 0xcf, 0x11, 0xe0), Buffer.alloc(600, "text ")]),
      "old Excel workbook",
    ],
    ["a gzip", Buffer.concat([Buffer.of(0x1f, 0x8b, 0x08), Buffer.alloc(100, 0xe9)]), "gzip"],
    ["a PDF", "%PDF-1.7\n%âãÏÓ\n", "PDF"],
    ["binary junk", Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31 + k * 7) % 256), "not a text file"],
    ["zeros", new Uint8Array(5000), "not a text file"],
    ["more than 16,384 columns", `${wide}\n${wide}\n`, "more than 16384 columns"],
  ])("refuses %s", async (_, content, message) => {
    await expect(detect(content)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining(message) });
  });

  it("takes 16,384 columns", async () => {
    expect((await detect(wide.slice(0, wide.lastIndexOf(",")))).columns).toHaveLength(16_384);
  });

  it("refuses a first row without an end", async () => {
    const source = repeatedSource([["abc", 3_000_000]]);
    await expect(detectCsv(source, {})).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("first row is longer"),
    });
  });

  const gigabyte = 1024 ** 3;
  it.each<[string, [string, number][]]>([
    [
      "rows",
      [
        ["name;city\n", 1],
        ["Zo\u00e9;Paris\n", Math.floor(gigabyte / 11)],
      ],
    ],
    [
      "one line below the header",
      [
        ["a,b\n1,2\n", 1],
        ["x", gigabyte],
      ],
    ],
    [
      "one row of cells",
      [
        ["a,b\n1,2\n", 1],
        [",y", gigabyte / 2],
      ],
    ],
    [
      "quotes",
      [
        ["a,b\n1,2\n", 1],
        ['"', gigabyte],
      ],
    ],
    [
      "open quotes",
      [
        ["a,b\n", 1],
        ['1,"a\n', Math.floor(gigabyte / 5)],
      ],
    ],
    [
      "quotes alone on their lines",
      [
        ["a,b\n", 1],
        ['"\n', gigabyte / 2],
      ],
    ],
    [
      "a backslash before each quote",
      [
        ["a,b\n", 1],
        ['"\\"', Math.floor(gigabyte / 3)],
      ],
    ],
  ])("looks at a few megabytes of a gigabyte of %s", async (_, parts) => {
    const source = repeatedSource(parts);
    expect((await detectCsv(source, {})).headerRow).toBe(1);
    expect(source.bytesRead).toBeLessThan(8 * 1024 * 1024);
  });

  it.each<[string, string, string]>([
    ["zeros", "\0", "first row is longer"],
    ["quotes", '"', "first row is longer"],
    ["one word", "x", "first row is longer"],
  ])("refuses a gigabyte of %s without reading it", async (_, unit, message) => {
    const source = repeatedSource([[unit, gigabyte]]);
    await expect(detectCsv(source, {})).rejects.toMatchObject({ message: expect.stringContaining(message) });
    expect(source.bytesRead).toBeLessThan(8 * 1024 * 1024);
  });

  it("stops when it is aborted", async () => {
    await expect(detectCsv(bytesSource("a,b\n"), {}, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});
