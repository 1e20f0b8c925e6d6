/** Delimited text and JSON written by hand: encodings, delimiters, quoting, and what people and old programs put around a table. */
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { CorpusCase } from "./corpus-case.ts";
import { encodingCases } from "./encoding-cases.ts";
import { jsonCases } from "./json-cases.ts";
import { zipOf } from "./zip-bytes.ts";

/** Enough French, Swedish and punctuation that an encoding can be told from the next. */
const western = [
  "Prénom;Nom;Ville;Montant",
  "Zoé;Lefèvre;Besançon;12,50 €",
  "François;Müller;Nîmes;1 234,00 €",
  "Åsa;Öberg;Växjö;7,00 €",
  "Noël;D’Arcy;Évreux;0,99 €",
  "Élodie;Cœur;Mâcon;“15”",
];
const westernColumns = ["Prénom", "Nom", "Ville", "Montant"];
const westernRows = table(western);
/** Mac Roman had another sign in the place of the euro's until 1998. */
const withoutEuro = western.map((line) => line.replace(" €", ""));

const central = [
  "Imię;Nazwisko;Miasto",
  "Łukasz;Wiśniewski;Łódź",
  "Zażółć;Gęślą;Jaźń",
  "Jiří;Dvořák;Plzeň",
  "Šárka;Nováková;Třebíč",
  "Győző;Kőszegi;Szőny",
  "Małgorzata;Żółkiewska;Kraków",
];
const japanese = [
  "名前,会社,都市",
  "山田太郎,株式会社テスト,東京都",
  "佐藤花子,有限会社サンプル,大阪市",
  "鈴木一郎,データ工業,名古屋市",
  "高橋美咲,さくら商店,京都市",
];
const chinese = [
  "姓名,公司,城市",
  "王小明,测试有限公司,北京市",
  "李晓红,数据科技公司,上海市",
  "张伟,电子商务公司,广州市",
  "刘洋,软件开发公司,深圳市",
];

/** Rows of lines without quotes, the header left out. */
function table(lines: readonly string[], delimiter = ";", first = 2): (string | number)[][] {
  return lines.slice(1).map((line, k) => [first + k, ...line.split(delimiter)]);
}

function encoded(lines: readonly string[], encoding: string, addBOM = false): Buffer {
  return iconv.encode(`${lines.join("\r\n")}\r\n`, encoding, { addBOM });
}

const endsEarly = Array.from({ length: 21 }, (_, k) => `N${k},Lyon${k < 16 ? "," : k === 18 ? ",vip" : ""}`);
const people = ["name,city", "Zoé,Lyon", "Bo,Umeå"];
const peopleColumns = ["name", "city"];
const peopleRows = table(people, ",");
const lines =
  (...all: string[]): (() => Buffer) =>
  () =>
    Buffer.from(all.join("\r\n"));

export const textCases: CorpusCase[] = [
  {
    file: "utf-8.csv",
    about: "UTF-8",
    make: () => encoded(western, "utf8"),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "utf-8-bom.csv",
    about: "UTF-8 with a byte order mark, as Excel's “CSV UTF-8”",
    make: () => encoded(western, "utf8", true),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "utf-16le-bom.txt",
    about: "UTF-16 with tabs, as Excel's “Unicode text”",
    make: () =>
      encoded(
        western.map((line) => line.replaceAll(";", "\t")),
        "utf-16le",
        true,
      ),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "utf-16be-bom.csv",
    about: "UTF-16, big end first",
    make: () => encoded(western, "utf-16be", true),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "utf-16le.csv",
    about: "UTF-16 without a byte order mark",
    make: () => encoded(western, "utf-16le"),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "utf-16be.csv",
    about: "UTF-16, big end first, without a byte order mark",
    make: () => encoded(western, "utf-16be"),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "windows-1252.csv",
    about: "Windows-1252, with what the C1 range holds there: € ’ “ œ",
    make: () => encoded(western, "windows-1252"),
    columns: westernColumns,
    rows: westernRows,
  },
  {
    file: "mac-roman.csv",
    about: "Mac Roman, with the line ends of that time",
    make: () => iconv.encode(withoutEuro.join("\r"), "macintosh"),
    columns: westernColumns,
    rows: table(withoutEuro),
    findings: { encoding_guessed: 1 },
  },
  {
    file: "windows-1250.csv",
    about: "Windows-1250: Polish, Czech, Hungarian",
    make: () => encoded(central, "windows-1250"),
    columns: ["Imię", "Nazwisko", "Miasto"],
    rows: table(central),
    findings: { encoding_guessed: 1 },
  },
  {
    file: "iso-8859-2.csv",
    about: "ISO 8859-2: Polish, Czech, Hungarian",
    make: () => encoded(central, "iso-8859-2"),
    columns: ["Imię", "Nazwisko", "Miasto"],
    rows: table(central),
    findings: { encoding_guessed: 1 },
  },
  {
    file: "shift-jis.csv",
    about: "Shift_JIS, whose second bytes can be a backslash or a bar",
    make: () => encoded(japanese, "shift_jis"),
    columns: japanese[0].split(","),
    rows: table(japanese, ","),
    findings: { encoding_guessed: 1 },
  },
  {
    file: "gb18030.csv",
    about: "GB18030",
    make: () => encoded(chinese, "gb18030"),
    columns: chinese[0].split(","),
    rows: table(chinese, ","),
    findings: { encoding_guessed: 1 },
  },
  {
    file: "tabs.tsv",
    about: "tabs",
    make: lines("name\tcity", "Zoé\tLyon, Rhône", "Bo\tUmeå"),
    columns: peopleColumns,
    rows: [
      [2, "Zoé", "Lyon, Rhône"],
      [3, "Bo", "Umeå"],
    ],
  },
  {
    file: "bars.csv",
    about: "bars",
    make: lines("name|city", "Zoé|Lyon, Rhône", "Bo|Umeå; Norr"),
    columns: peopleColumns,
    rows: [
      [2, "Zoé", "Lyon, Rhône"],
      [3, "Bo", "Umeå; Norr"],
    ],
  },
  {
    file: "sep.csv",
    about: "Excel's own line that names the delimiter",
    make: lines("sep=;", "name;city", "Zoé;Lyon, Rhône", "Bo;Umeå"),
    columns: peopleColumns,
    rows: [
      [3, "Zoé", "Lyon, Rhône"],
      [4, "Bo", "Umeå"],
    ],
  },
  {
    file: "quotes.csv",
    about: "quoted cells with delimiters, line breaks and doubled quotes (RFC 4180, section 2)",
    make: lines('name,"city, land"', '"Zoé ""Z"" L","Lyon', 'Rhône"', '"","Umeå"', 'Bo,""""'),
    columns: ["name", "city, land"],
    rows: [
      [2, 'Zoé "Z" L', "Lyon\r\nRhône"],
      [3, "", "Umeå"],
      [4, "Bo", '"'],
    ],
  },
  {
    file: "backslashes.csv",
    about: "quotes behind a backslash, as MySQL writes them",
    make: lines(
      "name,note",
      '"Zoé","says \\"hi\\", often"',
      '"Bo","a \\"b\\" c"',
      '"Ann","plain"',
      '"Eva","ends with \\"quote\\""',
    ),
    columns: ["name", "note"],
    rows: [
      [2, "Zoé", 'says "hi", often'],
      [3, "Bo", 'a "b" c'],
      [4, "Ann", "plain"],
      [5, "Eva", 'ends with "quote"'],
    ],
  },
  {
    file: "stray-quotes.csv",
    about: "quotes in the middle of a cell, which are text",
    make: lines("name,size", 'shelf 30",2', 'O\'Neil "Bo" X,3', "desk 5'6\",4"),
    columns: ["name", "size"],
    rows: [
      [2, 'shelf 30"', "2"],
      [3, 'O\'Neil "Bo" X', "3"],
      [4, "desk 5'6\"", "4"],
    ],
  },
  {
    file: "mixed-line-ends.csv",
    about: "lines that end in CRLF, LF and CR in one file",
    make: () => Buffer.from("name,city\r\nZoé,Lyon\nBo,Umeå\rAnn,Bath\r\n"),
    columns: peopleColumns,
    rows: [
      [2, "Zoé", "Lyon"],
      [3, "Bo", "Umeå"],
      [4, "Ann", "Bath"],
    ],
  },
  {
    file: "preamble.csv",
    about: "titles above the header",
    make: lines(
      "Export of customers",
      "Made on 2024-05-01 by Zoé",
      "",
      "name;city;since;amount",
      "Zoé;Lyon;2019;12,50",
      "Bo;Umeå;2021;7,00",
      "Ann;Bath;2020;1,25",
      "Eva;Gävle;2018;3,40",
    ),
    columns: ["name", "city", "since", "amount"],
    rows: [
      [5, "Zoé", "Lyon", "2019", "12,50"],
      [6, "Bo", "Umeå", "2021", "7,00"],
      [7, "Ann", "Bath", "2020", "1,25"],
      [8, "Eva", "Gävle", "2018", "3,40"],
    ],
    findings: { titles_above_header: 2 },
  },
  {
    file: "trailing-delimiters.csv",
    about: "a delimiter at the end of every line",
    make: lines("name;city;", "Zoé;Lyon;", "Bo;Umeå;", "Ann;Bath;"),
    columns: peopleColumns,
    rows: [
      [2, "Zoé", "Lyon"],
      [3, "Bo", "Umeå"],
      [4, "Ann", "Bath"],
    ],
  },
  {
    file: "ragged.csv",
    about: "rows with a cell too few and too many",
    make: lines("name,city,since", "Zoé,Lyon", "Bo,Umeå,2021,x", "Ann,Bath,2020", "Eva,Gävle,2018"),
    columns: ["name", "city", "since"],
    rows: [
      [2, "Zoé", "Lyon"],
      [3, "Bo", "Umeå", "2021", "x"],
      [4, "Ann", "Bath", "2020"],
      [5, "Eva", "Gävle", "2018"],
    ],
  },
  {
    file: "no-line-end.csv",
    about: "one row, without a line end",
    make: () => Buffer.from("name,city\nZoé,Lyon"),
    columns: peopleColumns,
    rows: [[2, "Zoé", "Lyon"]],
  },
  { file: "empty.csv", about: "an empty file", make: () => Buffer.alloc(0), error: /empty/ },
  { file: "blank-lines.csv", about: "nothing but line ends", make: () => Buffer.from("\r\n\r\n\n"), error: /empty/ },
  {
    file: "prototype.csv",
    about: "columns called __proto__ and constructor",
    make: lines("__proto__,constructor,toString", "a,b,c"),
    columns: ["__proto__", "constructor", "toString"],
    rows: [[2, "a", "b", "c"]],
  },
  {
    file: "packed.csv.gz",
    about: "gzip",
    make: () => gzipSync(people.join("\n")),
    columns: peopleColumns,
    rows: peopleRows,
  },
  {
    file: "ends-early.csv",
    about: "what Excel wrote: after sixteen lines, blank cells at the end of lines are left out",
    make: () => Buffer.from(["name,city,notes", ...endsEarly].map((line) => `${line}\r\n`).join("")),
    columns: ["name", "city", "notes"],
    rows: endsEarly.map((line, k) => [2 + k, ...line.replace(/,$/, "").split(",")]),
    findings: { rows_padded: 4 },
  },
  {
    file: "packed.zip",
    about: "a CSV file alone in a zip archive, beside what macOS adds",
    make: () =>
      zipOf([
        { name: "export/", content: "" },
        { name: "export/people.csv", content: people.join("\n") },
        { name: "__MACOSX/export/._people.csv", content: "\0\x05\x16\x07" },
        { name: ".DS_Store", content: "\0\0\0\x01Bud1" },
      ]),
    columns: peopleColumns,
    rows: peopleRows,
  },
  {
    file: "two-in-one.zip",
    about: "the first of two tables that are as large, and tells of the other",
    make: () =>
      zipOf([
        { name: "a.csv", content: people.join("\n") },
        { name: "b.csv", content: people.join("\n") },
      ]),
    columns: peopleColumns,
    rows: peopleRows,
    findings: { other_files: 1 },
  },
  {
    file: "objects.json",
    about: "an array of objects, keys in any order, some absent",
    make: () =>
      Buffer.from(
        '[\n {"name":"Zoé","city":"Lyon","since":2019,"active":true},\n {"city":"Ume\\u00e5","name":"Bo","since":null},\n {"name":"😀 \\ud83d\\ude00","city":"","active":false,"since":0.10}\n]',
      ),
    columns: ["name", "city", "since", "active"],
    rows: [
      [1, "Zoé", "Lyon", "=2019", "=true"],
      [2, "Bo", "Umeå"],
      [3, "😀 😀", "", "=0.1", "=false"],
    ],
  },
  {
    file: "lines.jsonl",
    about: "an object a line, with an empty line between",
    make: () =>
      Buffer.from('{"name":"Zoé","big":9007199254740993}\n\n{"name":"a\\nb","big":1e3}\r\n{"name":"c","big":-0}'),
    columns: ["name", "big"],
    rows: [
      [1, "Zoé", "=9007199254740993"],
      [3, "a\nb", "=1000"],
      [4, "c", "=0"],
    ],
  },
  {
    file: "prototype.json",
    about: "keys called __proto__ and constructor",
    make: () => Buffer.from('[{"__proto__":"a","constructor":"b"},{"constructor":"d","__proto__":"c"}]'),
    columns: ["__proto__", "constructor"],
    rows: [
      [1, "a", "b"],
      [2, "c", "d"],
    ],
  },
  ...encodingCases,
  ...jsonCases,
];
