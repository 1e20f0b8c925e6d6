/** Delimited text whose quotes, delimiters or rows are not those of RFC 4180: stray ones, blanks before them, rows inside one cell. */
import type { CorpusCase } from "./corpus-case.ts";

const text =
  (...all: string[]): (() => Buffer) =>
  () =>
    Buffer.from(`${all.join("\n")}\n`);

const shelf = Array.from({ length: 12 }, (_, k) => `A${10 + k}\tItem ${k}\t${k}.00\t${k}`);
shelf[3] = 'A13\t"Half open\t3.00\t3';
shelf[8] = 'A18\tMonitor 24"\t8.00\t8';

export const quoteCases: CorpusCase[] = [
  {
    file: "quotes-behind-blanks.csv",
    about: "quotes behind the blanks that follow a delimiter",
    make: text('name, "city", note', 'Ann, "Rome, IT", ok', 'Bob, "Oslo" , "call, then mail"', 'Cy, "Bonn", ""'),
    columns: ["name", "city", "note"],
    rows: [
      [2, "Ann", "Rome, IT", " ok"],
      [3, "Bob", "Oslo", "call, then mail"],
      [4, "Cy", "Bonn"],
    ],
  },
  {
    file: "quotes-inside-quotes.csv",
    about: "quotes inside a quoted cell that nothing escapes",
    make: text(
      "sku,product,stock",
      '1,"Screen 24" wide, black",7',
      '2,"The "quiet" fan",3',
      '3,"Cable, 2 m",12',
      '4,"He wrote "ask, then buy" here",1',
      "5,Plug,4",
    ),
    columns: ["sku", "product", "stock"],
    rows: [
      [2, "1", 'Screen 24" wide, black', "7"],
      [3, "2", 'The "quiet" fan', "3"],
      [4, "3", "Cable, 2 m", "12"],
      [5, "4", 'He wrote "ask, then buy" here', "1"],
      [6, "5", "Plug", "4"],
    ],
  },
  {
    file: "apostrophes-inside.csv",
    about: "apostrophes around cells and within them",
    make: text(
      "id,remark,city",
      "1,'won't fit, sent back',Leeds",
      "2,'fine, thanks',York",
      "3,'it's late',Bath",
      "4,'ok',Hull",
    ),
    columns: ["id", "remark", "city"],
    rows: [
      [2, "1", "won't fit, sent back", "Leeds"],
      [3, "2", "fine, thanks", "York"],
      [4, "3", "it's late", "Bath"],
      [5, "4", "ok", "Hull"],
    ],
  },
  {
    file: "quote-opens-nothing.csv",
    about: "quotes that open a cell and close nowhere in its row, as text",
    make: text(
      "id,name,city,note",
      '1,Ann,Rome,"first, new"',
      '2,"Bob,Oslo,"second, old"',
      '3,Cy,Bonn,"third"',
      '4,"Di,Kiel,x',
      '5,Ed,Ulm,"fifth, new"',
    ),
    columns: ["id", "name", "city", "note"],
    rows: [
      [2, "1", "Ann", "Rome", "first, new"],
      [3, "2", '"Bob', "Oslo", "second, old"],
      [4, "3", "Cy", "Bonn", "third"],
      [5, "4", '"Di', "Kiel", "x"],
      [6, "5", "Ed", "Ulm", "fifth, new"],
    ],
    findings: { quote_as_text: 2 },
  },
  {
    file: "quotes-around-rows.txt",
    about: "every row between two stray quotes",
    make: text("code\tname\tamount\tqty", ...shelf),
    columns: ["code", "name", "amount", "qty"],
    rows: shelf.map((line, k) => [k + 2, ...line.split("\t")]),
    findings: { quote_as_text: 1 },
  },
  {
    file: "cells-over-lines.csv",
    about: "addresses, letters and CSV in a cell as one cell each",
    make: text(
      "id,text,city",
      '1,"12, rue X',
      'Bât. 3, 2e étage",Lyon',
      '2,"Dear Ann,',
      "",
      "the blue one, please.",
      'Bo",Oslo',
      '3,"a,b',
      '1,2",Bath',
      '4,"say ""hi"",',
      '5,6",Ulm',
    ),
    columns: ["id", "text", "city"],
    rows: [
      [2, "1", "12, rue X\nBât. 3, 2e étage", "Lyon"],
      [3, "2", "Dear Ann,\n\nthe blue one, please.\nBo", "Oslo"],
      [4, "3", "a,b\n1,2", "Bath"],
      [5, "4", 'say "hi",\n5,6', "Ulm"],
    ],
    findings: { lines_in_quotes: 1 },
  },
  {
    file: "tags-in-a-column.csv",
    about: "the delimiter that cuts the header, though another cuts the rest into more",
    make: text("email,tags", "ann@example.com,red;blue;green", "bob@example.com,red;black;white"),
    columns: ["email", "tags"],
    rows: [
      [2, "ann@example.com", "red;blue;green"],
      [3, "bob@example.com", "red;black;white"],
    ],
  },
  {
    file: "names-with-commas.csv",
    about: "semicolons between names with commas",
    make: text("person;place", "Lee,Ann;Rome,Italy", "Ray,Bob;Oslo,Norway", "Poe,Cy;Bonn,Germany"),
    columns: ["person", "place"],
    rows: [
      [2, "Lee,Ann", "Rome,Italy"],
      [3, "Ray,Bob", "Oslo,Norway"],
      [4, "Poe,Cy", "Bonn,Germany"],
    ],
  },
  {
    file: "blanks.txt",
    about: "cells between blanks, some in quotes",
    make: text(
      'host user seconds "last page"',
      'alpha ann 12 "home page"',
      'beta bob 7 "price list"',
      "gamma cy 31 start",
    ),
    columns: ["host", "user", "seconds", "last page"],
    rows: [
      [2, "alpha", "ann", "12", "home page"],
      [3, "beta", "bob", "7", "price list"],
      [4, "gamma", "cy", "31", "start"],
    ],
  },
  {
    file: "aligned.txt",
    about: "columns that blanks align",
    make: text("Name         City      Seats", "Anna Berg    Paris         3", "Bo Carlsson  Le Havre     12"),
    columns: ["Name", "City", "Seats"],
    rows: [
      [2, "Anna Berg", "Paris", "3"],
      [3, "Bo Carlsson", "Le Havre", "12"],
    ],
  },
  {
    file: "several-characters.csv",
    about: "delimiters of several characters",
    make: text("id|~|name|~|note", "1|~|Ann|~|a|b", "2|~|Bo|~|", "3|~|Cy|~|c~d"),
    columns: ["id", "name", "note"],
    rows: [
      [2, "1", "Ann", "a|b"],
      [3, "2", "Bo"],
      [4, "3", "Cy", "c~d"],
    ],
  },
  {
    file: "rows-in-quotes.csv",
    about: "rows that are CSV inside one quoted cell",
    make: text(
      '"Name,Email,Phone,City"',
      '"Anna Berg,anna@example.com,0612345678,""Paris, 1er"""',
      '"Bo Carlsson,bo@example.com,0612345679,Lyon"',
      '"Cia Dahl,cia@example.com,0612345680,""Lille, """"Nord"""""""',
    ),
    columns: ["Name", "Email", "Phone", "City"],
    rows: [
      [2, "Anna Berg", "anna@example.com", "0612345678", "Paris, 1er"],
      [3, "Bo Carlsson", "bo@example.com", "0612345679", "Lyon"],
      [4, "Cia Dahl", "cia@example.com", "0612345680", 'Lille, "Nord"'],
    ],
    findings: { rows_unwrapped: 4 },
  },
  {
    file: "some-rows-in-quotes.csv",
    about: "such rows beside others, with the delimiters of blank cells behind them",
    make: text(
      "Name,City,Visits;;;",
      '"Anna Berg,""Paris, 1er"",3";;;',
      "Bo Carlsson,Lyon,4;;;",
      '"Cia Dahl,""Lille, Nord"",5";;;',
    ),
    columns: ["Name", "City", "Visits"],
    rows: [
      [2, "Anna Berg", "Paris, 1er", "3"],
      [3, "Bo Carlsson", "Lyon", "4"],
      [4, "Cia Dahl", "Lille, Nord", "5"],
    ],
    findings: { rows_unwrapped: 2 },
  },
  {
    file: "names-in-quotes.csv",
    about: "names in quotes in a file of one column, which are no rows",
    make: text('"Name, first name"', '"Dupont, Jean"', '"Martin, Zoé"', '"Berg, Anna"'),
    columns: ["Name, first name"],
    rows: [
      [2, "Dupont, Jean"],
      [3, "Martin, Zoé"],
      [4, "Berg, Anna"],
    ],
  },
  {
    file: "no-quotes.csv",
    about: "no quotes at all, as a person says",
    make: text("article,size", '"Table" top,24"', '"Shelf,36"'),
    hints: { quote: "none" },
    columns: ["article", "size"],
    rows: [
      [2, '"Table" top', '24"'],
      [3, '"Shelf', '36"'],
    ],
  },
];
