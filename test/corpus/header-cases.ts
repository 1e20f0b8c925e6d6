/** Delimited text whose header is not simply its first row, and that has more between its rows than rows. */
import type { CorpusCase } from "./corpus-case.ts";

/** A file of these lines, whose rows are those with the numbers given, cut at `delimiter`. */
function linesCase(
  file: string,
  about: string,
  {
    lines,
    columns,
    rows,
    delimiter = ",",
    findings,
    cells = (line) => line.split(delimiter).map((cell) => cell.replace(/^"(.*)"$/, "$1")),
  }: {
    lines: string[];
    columns: string[];
    rows: [first: number, last: number][];
    delimiter?: string;
    findings?: Record<string, number>;
    cells?: (line: string) => string[];
  },
): CorpusCase {
  const table = rows.flatMap(([first, last]) =>
    lines.slice(first - 1, last).map((line, k) => {
      const own = cells(line);
      while (own.at(-1) === "") own.pop();
      return [first + k, ...own];
    }),
  );
  return {
    file: `headers/${file}`,
    about,
    make: () => Buffer.from(`${lines.join("\n")}\n`),
    columns,
    rows: table,
    ...(findings !== undefined && { findings }),
  };
}

const page = (number: number, first: number): string[] => [
  `14.05.2024   Stock list   ${number}`,
  "-------------------------------",
  "|code    |name      |place   |",
  "-------------------------------",
  ...[0, 1, 2, 3].map(
    (k) => `|${String(first + k).padStart(6, "0")}  |Item ${String(first + k).padEnd(5)}|Hall ${number}  |`,
  ),
  "-------------------------------",
  "",
];

export const headerCases: CorpusCase[] = [
  linesCase("row-names.csv", "a header with one name fewer than its rows have cells, as R writes it", {
    lines: [
      '"name","city","zip"',
      '"1","Anna Berg","Paris","75001"',
      '"2","Bo Carlsson","Lyon","69001"',
      '"3","Cia Dahl","Lille","59000"',
    ],
    columns: ["Column 1", "name", "city", "zip"],
    rows: [[2, 4]],
    findings: { header_shifted: 1 },
  }),
  linesCase("row-names-of-words.tsv", "row names that are words, between tabs", {
    lines: ['"mpg"\t"cyl"\t"disp"', '"Mazda RX4"\t21\t6\t160', '"Datsun 710"\t22.8\t4\t108', '"Valiant"\t18.1\t6\t225'],
    delimiter: "\t",
    columns: ["Column 1", "mpg", "cyl", "disp"],
    rows: [[2, 4]],
    findings: { header_shifted: 1 },
  }),
  linesCase("row-names-before-a-name.tsv", "row names of words before names, which the e-mails tell from those", {
    lines: ["name\temail", "row_a\tAnna\ta@x.se", "row_b\tBo\tb@x.se", "row_c\tCy\tc@x.se"],
    delimiter: "\t",
    columns: ["Column 1", "name", "email"],
    rows: [[2, 4]],
    findings: { header_shifted: 1 },
  }),
  linesCase("second-address-without-name.csv", "a second e-mail without a name behind the first", {
    lines: ["name,email", "Anna,a@x.se,anna@y.se", "Bo,b@x.se,bo@y.se", "Cy,c@x.se,cy@y.se"],
    columns: ["name", "email", "Column 3"],
    rows: [[2, 4]],
  }),
  linesCase("note-without-name.csv", "a last column without a name behind a header that names the first", {
    lines: ["id,name,amount", "1,Anna,12,x", "2,Bo,13,y", "3,Cia,14,z"],
    columns: ["id", "name", "amount", "Column 4"],
    rows: [[2, 4]],
  }),
  linesCase("datev.csv", "a line of metadata above a header that is narrower", {
    lines: [
      '"EXTF";700;21;"Buchungsstapel";12;20240830140440439;;"RK";"";"";1001;1;20240101;4;20240101;20240831;"Buchungsstapel";"WD";1;0;0;"EUR";;"";;;"03";;;"";""',
      "Umsatz;Soll/Haben;WKZ;Konto;Gegenkonto;Datum;Belegfeld 1;Payee",
      '24,95;"H";"EUR";1200;4930;01.02.2024;"RE-001";"Büromaterial"',
      '1190,00;"S";"EUR";10001;8400;15.03.2024;"RE-002";"Beratung März"',
      '3,50;"H";"EUR";1200;4910;31.08.2024;"RE-003";"Porto"',
    ],
    delimiter: ";",
    columns: ["Umsatz", "Soll/Haben", "WKZ", "Konto", "Gegenkonto", "Datum", "Belegfeld 1", "Payee"],
    rows: [[3, 5]],
    findings: { titles_above_header: 1 },
  }),
  linesCase("wide-metadata.csv", "a line of metadata that is wider than the table", {
    lines: [
      "HDR,ACME,2024-05-01,export,v3,user,anna,zone,EU,lang,fr",
      "Name,Date,Amount",
      "Anna,2024-05-01,10.50",
      "Bo,2024-05-02,20.00",
      "Cia,2024-05-03,7.25",
    ],
    columns: ["Name", "Date", "Amount"],
    rows: [[3, 5]],
    findings: { titles_above_header: 1 },
  }),
  linesCase("wide-metadata-and-blank.csv", "a wide line of metadata and an empty one above a small table", {
    lines: [
      "HDR,ACME,2024-05-01,export,v3,user,anna,zone,EU,lang,fr",
      "",
      "Name,Date,Amount",
      "Anna,2024-05-01,10.50",
      "Bo,2024-05-02,20.00",
    ],
    columns: ["Name", "Date", "Amount"],
    rows: [[4, 5]],
    findings: { titles_above_header: 1 },
  }),
  linesCase("title-with-commas.csv", "a title with commas in it", {
    lines: ["Crown Supplies, 12 High Street, Leeds", "code,amount", "A1,5", "A2,6", "A3,7", "A4,8"],
    columns: ["code", "amount"],
    rows: [[3, 6]],
    findings: { titles_above_header: 1 },
  }),
  linesCase("title-with-commas-of-texts.csv", "a title with commas above words alone", {
    lines: ["Dupont et Fils, 12 rue Haute, Paris", "code,nom", "A1,Vis", "A2,Écrou", "A3,Clou"],
    columns: ["code", "nom"],
    rows: [[3, 5]],
    findings: { titles_above_header: 1 },
  }),
  linesCase("comments.csv", "comments with commas above the header", {
    lines: [
      "# this is an export of the team",
      "# name: full name, code: like identity card no, mobile: telephone",
      "# the header follows",
      "name,code,mobile",
      "Eric,a001,0612345678",
      "Anna,a002,0612345679",
      "Bo,a003,0612345680",
    ],
    columns: ["name", "code", "mobile"],
    rows: [[5, 7]],
    findings: { titles_above_header: 3 },
  }),
  linesCase("hash-header.csv", "a header that begins with a hash", {
    lines: ["#id,name,city", "1,Anna,Paris", "2,Bo,Lyon"],
    columns: ["#id", "name", "city"],
    rows: [[2, 3]],
  }),
  linesCase("sizes.csv", "sizes as names", {
    lines: ["SKU,Name,36,37,38,39,40", "S1,Shoe,3,0,2,1,5", "S2,Boot,0,1,4,2,2", "S3,Clog,1,1,1,0,0"],
    columns: ["SKU", "Name", "36", "37", "38", "39", "40"],
    rows: [[2, 4]],
  }),
  linesCase("sizes-without-header.csv", "no header in numbers that happen to run on", {
    lines: ["A1,Shoe,1,2,3,4", "A2,Boot,0,1,4,2", "A3,Clog,1,1,1,0"],
    columns: ["Column 1", "Column 2", "Column 3", "Column 4", "Column 5", "Column 6"],
    rows: [[1, 3]],
  }),
  linesCase("months.csv", "months as names", {
    lines: ["Konto;2024-01;2024-02;2024-03", "1000;12,5;13;14", "1200;1;2;3"],
    delimiter: ";",
    columns: ["Konto", "2024-01", "2024-02", "2024-03"],
    rows: [[2, 3]],
  }),
  linesCase("balance-days.csv", "days of a balance as names", {
    lines: ["Konto;31.12.2023;31.12.2024", "1000;1.234,56;2.345,00", "1200;1;2"],
    delimiter: ";",
    columns: ["Konto", "31.12.2023", "31.12.2024"],
    rows: [[2, 3]],
  }),
  linesCase("one-number-among-words.csv", "no header where the first row has a number where the others have one", {
    lines: ["Anna,Berg,Paris,75001", "Bo,Carlsson,Lyon,69001", "Cia,Dahl,Lille,59000"],
    columns: ["Column 1", "Column 2", "Column 3", "Column 4"],
    rows: [[1, 3]],
  }),
  linesCase("qualtrics.csv", "names above questions and ids for machines", {
    lines: [
      "StartDate,ResponseId,RecipientEmail,Q1",
      "Date de début,Identifiant,E-mail du destinataire,How old are you?",
      '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""recipientEmail""}","{""ImportId"":""QID1""}"',
      "2024-07-01 08:28:09,R_001,u1@example.com,21",
      "2024-07-02 08:28:09,R_002,u2@example.com,22",
    ],
    columns: ["StartDate", "ResponseId", "RecipientEmail", "Q1"],
    rows: [[4, 5]],
  }),
  linesCase("labels.csv", "names for machines above those for people", {
    lines: [
      "KUNNR;NAME1;ERDAT;UMSATZ",
      "Kunde;Name des Kunden;Angelegt am;Umsatz gesamt",
      "10001;Meyer;01.02.2024;12,50",
      "10002;Schulz;02.02.2024;13,50",
      "10003;Kunz;03.02.2024;14,50",
    ],
    delimiter: ";",
    columns: ["KUNNR", "NAME1", "ERDAT", "UMSATZ"],
    rows: [[3, 5]],
  }),
  linesCase("units.csv", "a row of units below the header", {
    lines: ["Name;Weight;Price", ";kg;EUR", "A;12;3.5", "B;13;4.5"],
    delimiter: ";",
    columns: ["Name", "Weight", "Price"],
    rows: [[3, 4]],
  }),
  linesCase("types.csv", "a row of types below the header", {
    lines: ["id,name,born", "int,string,date", "1,Anna,2000-01-01", "2,Bo,2001-01-01"],
    columns: ["id", "name", "born"],
    rows: [[3, 4]],
  }),
  linesCase("missing-in-first-record.csv", "a first record of missing values as a record", {
    lines: ["Name,Phone,Age,Zip", "Bob,n/a,unknown,-", "Ana,0612,12,75001", "Eva,0613,13,69001", "Ida,0614,14,69002"],
    columns: ["Name", "Phone", "Age", "Zip"],
    rows: [[2, 5]],
  }),
  linesCase("three-header-rows.csv", "groups over groups over names", {
    lines: [
      "Office,Staff,,,",
      ",Clerks,,Managers,",
      ",Count,Cost,Count,Cost",
      "Leeds,5,100,1,80",
      "York,7,140,2,160",
      "Bath,3,60,1,80",
    ],
    columns: ["Office", "Staff Clerks Count", "Staff Clerks Cost", "Staff Managers Count", "Staff Managers Cost"],
    rows: [[4, 6]],
  }),
  linesCase("groups-of-years.csv", "groups over the same years", {
    lines: ["Konto;Umsatz;;Kosten;", "Nr;2023;2024;2023;2024", "1000;5;6;7;8", "1200;1;2;3;4"],
    delimiter: ";",
    columns: ["Konto Nr", "Umsatz 2023", "Umsatz 2024", "Kosten 2023", "Kosten 2024"],
    rows: [[3, 4]],
  }),
  linesCase("pages.txt", "pages of a print, each with its title, its header and its rules", {
    lines: [...page(1, 1), ...page(2, 5), ...page(3, 9)],
    columns: ["Column 1", "code", "name", "place"],
    rows: [
      [5, 8],
      [15, 18],
      [25, 28],
    ],
    cells: (line) => line.split("|"),
    findings: { titles_above_header: 2, rules_between: 8, page_titles: 2, header_repeated: 2 },
  }),
  linesCase("page-footers.csv", "pages with a stamp above and a number below", {
    lines: [
      "Édité le 14/05/2024 par MARTIN",
      "code;nom;ville",
      "1;A;Paris",
      "2;B;Lyon",
      "Page 1/2",
      "Édité le 14/05/2024 par MARTIN",
      "code;nom;ville",
      "3;C;Nice",
      "Page 2/2",
    ],
    delimiter: ";",
    columns: ["code", "nom", "ville"],
    rows: [
      [3, 4],
      [8, 8],
    ],
    findings: { titles_above_header: 1, page_titles: 3, header_repeated: 1 },
  }),
  linesCase(
    "page-footers-in-words.csv",
    "numbers of pages with blanks that do not break around them, and in a cell of their own",
    {
      lines: [
        "code;nom;ville",
        "1;A;Paris",
        "2;B;Lyon",
        "Société\u00a0Martin\u00a0Page\u00a01\u00a0/\u00a03",
        "3;C;Nice",
        ";page 2/3;",
        "4;page;",
        "Martin\u202fFeuille 3 sur 3",
      ],
      delimiter: ";",
      columns: ["code", "nom", "ville"],
      rows: [
        [2, 3],
        [5, 5],
        [7, 7],
      ],
      findings: { page_titles: 3 },
    },
  ),
  linesCase("page-titles-in-cells.csv", "titles of pages in cells of their own, behind empty lines", {
    lines: [
      "Lagerliste;;Seite 1",
      "Nr;Name;Ort",
      "1;A;H1",
      "2;B;H1",
      "",
      "Lagerliste;;Seite 2",
      "Nr;Name;Ort",
      "3;C;H2",
      "4;D;H2",
    ],
    delimiter: ";",
    columns: ["Nr", "Name", "Ort"],
    rows: [
      [3, 4],
      [8, 9],
    ],
    findings: { titles_above_header: 1, page_titles: 1, header_repeated: 1 },
  }),
  linesCase("put-together.csv", "files put together, with their byte order marks", {
    lines: [
      "\ufeffcode;name;city",
      "KA0;Name A0;Paris",
      "KA1;Name A1;Paris",
      "\ufeffcode;name;city",
      "KB0;Name B0;Paris",
      "code;name;city",
      "KC0;Name C0;Paris",
    ],
    delimiter: ";",
    columns: ["code", "name", "city"],
    rows: [
      [2, 3],
      [5, 5],
      [7, 7],
    ],
    findings: { header_repeated: 2 },
  }),
  linesCase("header-in-part.csv", "rows that have some words of the header as rows", {
    lines: ["code;name;city;amount", "name;code;city;1", "code;name;Paris;2", "code;;;3", "-;-;-;-", "K1;x;y;4"],
    delimiter: ";",
    columns: ["code", "name", "city", "amount"],
    rows: [[2, 6]],
  }),
  linesCase("mysql.txt", "a table drawn of signs", {
    lines: [
      "+----+------+-------+",
      "| id | name | city  |",
      "+----+------+-------+",
      "|  1 | Anna | Paris |",
      "|  2 | Bo   | Lyon  |",
      "+----+------+-------+",
    ],
    columns: ["Column 1", "id", "name", "city"],
    rows: [[4, 5]],
    cells: (line) => line.split("|"),
    findings: { titles_above_header: 1, rules_between: 2 },
  }),
  linesCase("two-columns-of-a-print.txt", "a print of two columns between borders", {
    lines: [
      "Stock list   1",
      "|code  |name   |",
      "----------------",
      "|A1    |Bolt   |",
      "",
      "Stock list   2",
      "|code  |name   |",
      "----------------",
      "|A2    |Nut    |",
    ],
    columns: ["Column 1", "code", "name"],
    rows: [
      [4, 4],
      [9, 9],
    ],
    cells: (line) => line.split("|"),
    findings: { titles_above_header: 1, rules_between: 2, page_titles: 1, header_repeated: 1 },
  }),
];
