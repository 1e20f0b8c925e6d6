/** Finding a table among a file's first rows: what is its header, its width and its end, and what stands around it. */
import { describe, expect, it } from "vitest";
import { type FoundTable, findTable, type SampleRow } from "../../src/formats/table/table.ts";

/** Rows from lines of cells between semicolons; empty lines have a number and no row. */
function rowsOf(text: string): SampleRow[] {
  return text
    .split("\n")
    .map((line, k) => ({ number: k + 1, cells: line.split(";") }))
    .filter(({ cells }) => cells.join("") !== "");
}

function find(text: string, headerRow?: number, whole = true): FoundTable {
  return findTable("people.csv", rowsOf(text), headerRow, { whole });
}

const people = "Nom;Ville;Montant\nA;X;12\nB;Y;13";

describe("the header", () => {
  it.each<[what: string, text: string, headerRow: number]>([
    ["names", people, 1],
    ["names above names", "Nom;Ville\nDupont;Paris\nMartin;Lyon", 1],
    ["names below empty rows", `\n\n${people}`, 3],
    ["names below a title", `Rapport des ventes\n${people}`, 2],
    ["names below a title and an empty row", `Rapport des ventes\n\n${people}`, 3],
    ["names below a title that is as wide as the table", `Rapport des ventes;;\n;;\n${people}`, 3],
    ["names below pairs of words", `Compte;123\nTitulaire;M. Dupont\n\nNom;Ville;Montant\nA;X;12\nB;Y;13`, 4],
    ["years below a name", "Produit;2022;2023\nStylo;12;13\nGomme;4;5", 1],
    ["one year beside a name", "Produit;2024\nStylo;12\nGomme;4", 1],
    ["names with one empty cell", "Nom;;Montant\nA;X;12\nB;Y;13", 1],
    ["names of two columns with one empty cell", "Nom;\nA;12\nB;13", 1],
    ["names that stand again further down", `${people}\n${people}`, 1],
    ["one name", "Nom\nDupont\nMartin", 1],
    ["names whose own objects have them", "__proto__;constructor\n1;2", 1],
  ])("is %s", (_, text, headerRow) => {
    expect(find(text).headerRow).toBe(headerRow);
  });

  it.each<[what: string, text: string]>([
    ["numbers", "1;2;3\n4;5;6"],
    ["an e-mail", "Zoé;a@b.fr\nLéo;c@d.fr"],
    ["more numbers than names", "Dupont;75001;3.5\nMartin;69001;4"],
    ["years above years", "2022;2023\n2023;2024"],
    ["a value that comes again", "Dupont;Paris;FR\nMartin;Lyon;FR\nDurand;Lille;FR"],
  ])("is none where the first row has %s", (_, text) => {
    const { headerRow, columns } = find(text);
    expect([headerRow, columns[0]]).toEqual([0, "Column 1"]);
  });

  it("is where a person says", () => {
    expect(find(`a;b;c\n${people}`, 2)).toMatchObject({ headerRow: 2, columns: ["Nom", "Ville", "Montant"] });
    expect(find(people, 0)).toMatchObject({ headerRow: 0, columns: ["Column 1", "Column 2", "Column 3"] });
  });

  it.each([
    ["has no row", "\n \n;;", undefined, "only empty lines"],
    ["has no such row", people, 7, "no row 7"],
    ["has an empty row there", `${people}\n\nC;Z;14`, 4, "no row 4"],
    ["is too wide", Array.from({ length: 16_385 }, (_, c) => `c${c}`).join(";"), undefined, "more than 16384 columns"],
  ])("is refused when the file %s", (_, text, headerRow, message) => {
    expect(() => find(text, headerRow)).toThrow(message);
  });
});

describe("a header of two rows", () => {
  const data = "A;a@b.fr;r;X;75001\nB;c@d.fr;s;Y;69001";
  it.each<[what: string, header: string, names: string[], headerRow: number]>([
    [
      "groups over names",
      "Contact;;Adresse;;\nNom;Mail;Rue;Ville;CP",
      ["Contact Nom", "Contact Mail", "Adresse Rue", "Adresse Ville", "Adresse CP"],
      2,
    ],
    [
      "groups that are repeated",
      "Contact;Contact;Adresse;Adresse;Adresse\nNom;Mail;Rue;Ville;CP",
      ["Contact Nom", "Contact Mail", "Adresse Rue", "Adresse Ville", "Adresse CP"],
      2,
    ],
    [
      "names that stand over both rows",
      "Nom;Mail;Adresse;;\n;;Rue;Ville;CP",
      ["Nom", "Mail", "Adresse Rue", "Adresse Ville", "Adresse CP"],
      2,
    ],
    [
      "groups below a title",
      "Annuaire;;;;\nContact;;Adresse;;\nNom;Mail;Rue;Ville;CP",
      ["Contact Nom", "Contact Mail", "Adresse Rue", "Adresse Ville", "Adresse CP"],
      3,
    ],
  ])("is joined: %s", (_, header, columns, headerRow) => {
    expect(find(`${header}\n${data}`)).toMatchObject({ headerRow, headerRows: 2, columns });
  });

  it.each<[what: string, text: string]>([
    ["a name is missing above values", "Nom;;Ville;Âge\nBob;Lee;Paris;12\nAna;Li;Lyon;13"],
    ["nothing below tells names from values", "Nom;;Ville\nBob;Lee;Paris\nAna;Li;Lyon\nZoé;Lou;Lille"],
    ["a word of it is a value below", "Sexe;;Âge\nF;Ana;trente\nM;Bob;12\nF;Zoé;13"],
    ["there are no rows below", "Contact;;Adresse\nNom;Mail;CP"],
  ])("is not seen where %s", (_, text) => {
    expect(find(text)).toMatchObject({ headerRow: 1, headerRows: 1 });
  });
});

describe("the columns", () => {
  it.each<[what: string, text: string, columns: string[]]>([
    ["leave out what is empty at the end of every row", "a;b;;\n1;2;;\n3;4;;", ["a", "b"]],
    ["keep what has values without a name", "a;b;\n1;2;x\n3;4;", ["a", "b", "Column 3"]],
    ["leave out what one row has too many", "a;b\n1;2\n3;4;x\n5;6", ["a", "b"]],
    ["grow to what nearly every row has", "a;b\n1;x;2\n3;y;4\n5;z;6", ["a", "b", "Column 3"]],
    ["keep what a header has more than its rows", "a;b;c\n1;2\n3;4", ["a", "b", "c"]],
  ])("%s", (_, text, columns) => {
    expect(find(text).columns).toEqual(columns);
  });

  it("are as many as most rows of a file without a header have", () => {
    expect(find("1;2;3\n4;5;6\n7;8;9;10\n1;2").columns).toHaveLength(3);
  });
});

describe("the end of the table", () => {
  it.each<[what: string, below: string]>([
    ["a total behind an empty row", "\nTotal;;25"],
    ["a total in another language", "\nSomme;;25"],
    ["a line behind an empty row", "\nGénéré par Sluice"],
    ["a signature right below", "Generated by a tool on 2024-01-01"],
    ["a number of rows", "(2 rows)"],
    ["several notes", "\n\nSource: us\n\nNote: none"],
  ])("is above %s", (_, below) => {
    expect(find(`${people}\n${below}`).lastRow).toBe(3);
  });

  it.each<[what: string, below: string]>([
    ["nothing", ""],
    ["rows behind an empty one", "\nC;Z;14"],
    ["rows behind several empty ones and a heading", "\n\nParis\n\nC;Z;14\nD;Q;15"],
    ["a row with little in it between empty ones, and more rows", "\nC;;\n\nD;Q;15"],
    ["rows with little in them between empty ones, and more rows", "\nC;;\nE;;\n\nD;Q;15"],
    ["a total that is right below", "Total;;25"],
    ["a row cut short", "C"],
    ["the header once more", "\nNom;Ville;Montant\nC;Z;14"],
  ])("is the file's where there comes %s", (_, below) => {
    expect(find(`${people}\n${below}`)).toMatchObject({ headerRow: 1, lastRow: null, findings: [] });
  });

  it("is not known of a file that goes on, but for another table", () => {
    expect(find(`${people}\n\nTotal;;25`, undefined, false).lastRow).toBeNull();
    expect(find(`${people}\nC;Z;14\n\nProduit;Prix\nStylo;1`, undefined, false).lastRow).toBe(4);
  });
});

describe("several tables", () => {
  const products = "Produit;Prix\nStylo;1\nGomme;2";
  it.each<[what: string, text: string, headerRow: number, lastRow: number | null]>([
    ["the first is the largest", `${people}\nC;Z;14\n\n${products}`, 1, 4],
    ["the last is the largest", `${products}\n\n${people}\nC;Z;14`, 5, null],
    ["they are as wide", `${products}\nRègle;3\n\nNom;Âge\nA;12`, 1, 4],
  ])("leave the largest: %s", (_, text, headerRow, lastRow) => {
    expect(find(text)).toMatchObject({
      headerRow,
      lastRow,
      findings: [{ code: "other_tables", count: 1 }],
    });
  });

  it("go on behind empty rows where numbers stand above numbers", () => {
    const { headerRow, lastRow, findings } = find(
      "Region;Code;City;Count\nnorth;x;Umeå;1\nnorth;y;Kiruna;2\n\nsouth;10;Åsa;3\nsouth;11;Lund;4\nsouth;12;Ystad;5\nwest;13;Göteborg;6",
    );
    expect({ headerRow, lastRow, findings }).toEqual({ headerRow: 1, lastRow: null, findings: [] });
  });

  it("do not go on behind a wider one", () => {
    const table = "Nom;Rue;Ville;Montant\nA;R;X;12\nB;S;Y;13";
    const text = `Région;Tous\nSexe;Tous\n\n${table}\n\n1.;Une note\n2.;Une autre`;
    expect(find(text)).toMatchObject({ headerRow: 4, lastRow: 6 });
  });

  it("are told apart from titles", () => {
    expect(find(`Export de 2024\nSolde;1 234,56\n\n${people}`).findings).toEqual([
      { code: "titles_above_header", count: 2 },
    ]);
    expect(find(`Export\n\n${products}\n\n${people}\nC;Z;14`).findings).toEqual([
      { code: "titles_above_header", count: 1 },
      { code: "other_tables", count: 1 },
    ]);
  });
});
