/** Which column feeds which field, and how its cells are read. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { GivenMapping } from "../../src/core/given-mapping.ts";
import type { ColumnMapping } from "../../src/core/import.ts";
import { atLeastOne, type Importer } from "../../src/core/importer.ts";
import { leads as leadsImporter } from "../../src/importers/leads/leads.ts";
import { mapColumns, missingFields } from "../../src/mapping/map.ts";
import { comparedName, NameIndex, similarity } from "../../src/mapping/name-similarity.ts";
import { Profiler } from "../../src/mapping/profile.ts";
import { fc } from "../property.ts";
import { profilesOf } from "../staging/read-file.ts";

const leads = leadsImporter;
const sales = defineImporter({
  name: "sales",
  fields: {
    day: field.date({ required: true }),
    amount: field.decimal(),
    buyer: field.email({ required: true }),
    stage: field.choice({ open: ["Ouvert"], shut: ["Fermé"] }),
    number: field.integer(),
  },
  checks: [atLeastOne("amount", "number"), () => null],
  target: { table: "sales" },
});

async function map(importer: Importer, text: string, given: GivenMapping[] = []): Promise<ColumnMapping[]> {
  return mapColumns(importer, await profilesOf(text, { headerRow: 1 }), given).columns;
}

const fieldsOf = (columns: ColumnMapping[]): (string | null)[] => columns.map(({ field }) => field);
const briefly = (columns: ColumnMapping[]): unknown[] =>
  columns.map(({ field, reason, doubt }) => [field, reason, doubt]);

describe("mapColumns", () => {
  it.each(["(vide)", "(blank)", "(tom)", "(Leer)", "(null)", "NULL"])(
    "offers to count %s as a blank in a text",
    async (word) => {
      const [city] = await map(leads, `City\n${["Lyon", word, "Nice", word, word].join("\n")}\n`);
      expect(city.blanks).toEqual({ words: [word], cells: 3 });
    },
  );

  it.each(["vide", "Tom", "(Lyon)", "(Tom Berg)"])("offers nothing for %s, which may be meant", async (word) => {
    const [city] = await map(leads, `City\n${["Lyon", word, "Nice", word, word].join("\n")}\n`);
    expect(city.blanks).toBeUndefined();
  });

  it.each([
    ["en", "Ref,First name,Last name,E-mail,Phone,Company,Address,City,Zip code,Country,Source,Status,Notes"],
    [
      "en",
      "Lead ID;Given Name;SURNAME;email_address;Mobile phone;Organization;Street;Town;Postcode;Country name;Lead source;Lead status;Comments",
    ],
    [
      "fr",
      "Référence;Prénom;Nom de famille;E-mail;Tél. portable;Raison sociale;Adresse;Ville;CP;Pays;Origine;Statut;Commentaires",
    ],
    [
      "fr",
      "N° client;prenom;NOM;Courriel;N° de téléphone;Société;Rue;Commune;Code Postal;PAYS;Provenance;Étape;Remarque",
    ],
    [
      "sv",
      "Kundnummer;Förnamn;Efternamn;E-post;Telefonnummer;Företag;Gatuadress;Ort;Postnr;Land;Källa;Status;Anteckningar",
    ],
  ])("knows the headers of leads (%s): %s", async (_, header) => {
    const columns = await map(leads, `${header}\n`);
    expect(fieldsOf(columns)).toEqual(Object.keys(leads.fields));
    expect(columns.filter(({ doubt }) => doubt !== undefined)).toEqual([]);
  });

  it("leaves out what it does not know", async () => {
    expect(briefly(await map(leads, "Score,Created at,__proto__,constructor,#\n1,2,3,4,5\n"))).toEqual(
      Array.from({ length: 5 }, () => [null, "none", undefined]),
    );
  });

  it("recognises columns by their values where the header says nothing", async () => {
    const text =
      "a,b,c,d\nx@y.fr,0612345678,Nouveau,Zoé\nz@y.fr,+33 6 12 34 56 79,Perdu,Léo\nw@y.fr,06 12 34 56 70,gagné,Ann\n";
    expect(briefly(await map(leads, text))).toEqual([
      ["email", "values", undefined],
      ["phone", "values", undefined],
      ["status", "values", undefined],
      [null, "none", undefined],
    ]);
  });

  it("trusts a name more than values", async () => {
    expect(fieldsOf(await map(leads, "Contact,E-mail\na@b.fr,c@d.fr\ne@f.fr,g@h.fr\n"))).toEqual([null, "email"]);
  });

  it("doubts a name that is only similar, and is sure of one that nearly is the same", async () => {
    expect(briefly(await map(leads, "Compani,Telephone number\n"))).toEqual([
      ["company", "similar", "similar_name"],
      ["phone", "similar", "similar_name"],
    ]);
    expect(briefly(await map(leads, "Adresse électroniques\n"))).toEqual([["email", "similar", undefined]]);
  });

  it("doubts which of two columns feeds a field", async () => {
    expect(briefly(await map(leads, "Téléphone;Tél. portable;Nom\n"))).toEqual([
      ["phone", "alias", "ambiguous_field"],
      [null, "none", undefined],
      ["last_name", "alias", undefined],
    ]);
    expect(briefly(await map(leads, "Email;Nom;Email\n"))).toEqual([
      ["email", "name", "ambiguous_field"],
      ["last_name", "alias", undefined],
      [null, "none", undefined],
    ]);
  });

  const dates = (...days: string[]): string => `day;x\n${days.map((day) => `${day};1\n`).join("")}`;
  it.each([
    ["day first", ["13/01/2024", "01/02/2024"], "dmy", undefined],
    ["month first", ["01/13/2024", "01/02/2024"], "mdy", undefined],
    ["year first", ["2024-01-02", "2024-03-04"], "ymd", undefined],
    ["two digits for the year that cannot be another order", ["25/12/24"], "dmy", undefined],
    ["either", ["01/02/2024", "03/04/2024"], "dmy", "date_order"],
    ["the same both ways", ["05/05/2024"], "dmy", undefined],
    ["both, as if two files were put together", ["13/01/2024", "01/13/2024"], "dmy", "date_order"],
    ["one slip among many", [...Array.from({ length: 20 }, () => "13/01/2024"), "01/13/2024"], "dmy", undefined],
    ["no date", ["never"], "dmy", undefined],
  ])("reads dates by the column's own order: %s", async (_, days, dateOrder, doubt) => {
    const [column] = await map(sales, dates(...days));
    expect([column.field, column.transform, column.doubt]).toEqual(["day", { dateOrder }, doubt]);
  });

  it.each([
    ["commas", ["1,5", "1,234"], ",", undefined],
    ["points", ["1.5", "1.234"], ".", undefined],
    ["either", ["1,234", "5,678"], ".", "decimal_mark"],
    ["both in one", ["1.234,50"], ",", undefined],
    ["groups that come twice", ["1,234,567", "1,234"], ".", undefined],
    ["points that part groups twice", ["1.234.567", "1.234"], ",", undefined],
    ["three digits behind four", ["1234,567"], ",", undefined],
    ["three digits behind a zero", ["0,125"], ",", undefined],
    ["both, as if two files were put together", ["1,5", "1.5"], ".", "decimal_mark"],
    ["spaces for groups", ["1 234,5"], ",", undefined],
  ])("reads numbers by the column's own mark: %s", async (_, numbers, decimalMark, doubt) => {
    const text = `amount;x\n${numbers.map((number) => `${number};1\n`).join("")}`;
    const [column] = await map(sales, text);
    expect([column.field, column.transform, column.doubt]).toEqual(["amount", { decimalMark }, doubt]);
  });

  const shelf = defineImporter({
    name: "shelf",
    fields: {
      words: field.list(field.text()),
      counts: field.list(field.integer()),
      prices: field.list(field.decimal()),
      days: field.list(field.date()),
      fixed: field.list(field.decimal(), { separator: "|" }),
    },
    target: { table: "shelf" },
  });

  it.each<[string, string, string[], object | undefined, string | undefined]>([
    ["a mark that most cells have", "words", ["a; b", "c", "d;e;f"], { separator: ";" }, undefined],
    ["commas", "words", ["a, b", "c", "d,e"], { separator: "," }, undefined],
    [
      "commas within what semicolons part",
      "words",
      ["Smith, John; Doe, Jane", "Berg, Anna"],
      { separator: ";" },
      "separator",
    ],
    [
      "a slip among many commas",
      "words",
      [...Array.from({ length: 20 }, (_, k) => `a${k}, b`), "a; b"],
      { separator: "," },
      undefined,
    ],
    ["line breaks", "words", ['"a\nb"', "c"], { separator: "\n" }, undefined],
    ["nothing", "words", ["a", "b"], undefined, undefined],
    [
      "slashes that are no part of a date",
      "days",
      ["13/01/2024; 14/01/2024"],
      { separator: ";", dateOrder: "dmy" },
      undefined,
    ],
    ["whole numbers", "counts", ["1,2,3", "4"], { separator: "," }, undefined],
    ["decimals with commas", "prices", ["1,5; 2,5", "3"], { separator: ";", decimalMark: "," }, undefined],
    ["a single decimal", "prices", ["1,5", "2,5"], { decimalMark: "," }, undefined],
    [
      "decimals separated by commas with a space",
      "prices",
      ["1,5, 2,5"],
      { separator: ", ", decimalMark: "," },
      undefined,
    ],
    ["what the field says", "fixed", ["1,5|2", "3"], { decimalMark: "," }, undefined],
  ])("finds what separates a list: %s", async (_, name, cells, transform, doubt) => {
    const text = `${name}\tx\n${cells.map((cell) => `${cell}\t1\n`).join("")}`;
    const [column] = await map(shelf, text);
    expect([column.field, column.transform, column.doubt]).toEqual([name, transform, doubt]);
  });

  it("takes what a person says of a list before what the cells show", async () => {
    const given = [{ column: "words", field: "words", transform: { separator: "/" } }];
    const [column] = await map(shelf, "words;x\na, b/c;1\n", given);
    expect([column.transform, column.doubt]).toEqual([{ separator: "/" }, undefined]);
  });

  it.each([
    ["day numbers", ["45356", "45357.5", "45358"], "serial", "date_serial"],
    ["day numbers among dates", ["45356", "05/03/2024", "13/03/2024"], "dmy", undefined],
    ["years and small numbers", ["2024", "12"], "dmy", undefined],
    ["digits without marks", ["20240131", "20240201"], "dmy", undefined],
    ["months in words", ["3 mars 2024", "1er avril 2024"], "dmy", undefined],
    ["with a time", ["01/13/2024 10:30 PM", "01/02/2024 9:00 AM"], "mdy", undefined],
  ])("knows a spreadsheet's days from dates: %s", async (_, days, dateOrder, doubt) => {
    const [column] = await map(sales, dates(...days), [{ column: "day", field: "day" }]);
    expect([column.transform, column.doubt]).toEqual([{ dateOrder }, doubt]);
  });

  it("takes the person's word for the order", async () => {
    const [column] = await map(sales, dates("45356", "45357"), [
      { column: "day", field: "day", transform: { dateOrder: "dmy" } },
    ]);
    expect([column.transform, column.doubt]).toEqual([{ dateOrder: "dmy" }, undefined]);
  });

  it.each([
    ["amounts with a currency", ["1 234,50 €", "12,00 €"], ","],
    ["amounts in brackets", ["($1,234.50)", "$12.00"], "."],
    ["percentages", ["12,5 %"], ","],
  ])("reads the mark of %s", async (_, numbers, decimalMark) => {
    const [column] = await map(sales, `amount;x\n${numbers.map((number) => `${number};1\n`).join("")}`);
    expect(column.transform).toEqual({ decimalMark });
  });

  const postal = (header: string, codes: string[], transform?: GivenMapping["transform"]): Promise<ColumnMapping[]> =>
    map(leads, `${header};x\n${codes.map((code) => `${code};1\n`).join("")}`, [
      { column: header, field: "postal_code", ...(transform && { transform }) },
    ]);
  it.each<[string, string, string[], number | null]>([
    ["four digits where five are the rule", "CP", ["75001", "13008", "1000", "69001", "501"], 2],
    ["none too short yet", "Code postal", ["75001", "13008"], 0],
    ["codes of four digits", "Postnr", ["1000", "1200", "75001"], null],
    ["codes with letters", "Postcode", ["SW1A 1AA", "EC1A 1BB"], null],
  ])("offers to put a postal code's zeros back: %s", async (_, header, codes, cells) => {
    const [column] = await postal(header, codes);
    expect(column.repair).toEqual(cells === null ? undefined : { kind: "pad_zeros", width: 5, cells });
    expect([column.transform, column.doubt]).toEqual([undefined, undefined]);
  });

  it("offers it no more where it is chosen", async () => {
    const [column] = await postal("CP", ["75001", "13008", "1000"], { padTo: 5 });
    expect([column.repair, column.transform]).toEqual([undefined, { padTo: 5 }]);
  });

  it.each<[string, string[], ColumnMapping["repair"]]>([
    [
      "a rule of four digits, with zeros",
      ["0012", "0345", "1234", "5678", "12"],
      { kind: "pad_zeros", width: 4, cells: 1 },
    ],
    ["numbers that grow", ["98", "99", "100", "101", "102"], undefined],
    ["numbers without zeros", ["10000", "20000", "30000", "40000", "5000"], undefined],
  ])("knows other codes by their width: %s", async (_, codes, repair) => {
    const [column] = await map(leads, `ref;x\n${codes.map((code) => `${code};1\n`).join("")}`);
    expect([column.field, column.repair]).toEqual(["external_id", repair]);
  });

  it.each<[string, string[], ColumnMapping["nature"]]>([
    ["fractions", ["1/2", "3/4", "1-Mar", "5/8", "2"], "fraction"],
    ["ranges", ["10-12", "12-14", "14-16", "02-mars"], "fraction"],
    ["dates", ["01/03/2024", "1-Mar", "02/03/2024"], undefined],
    ["words", ["Mars", "May", "1/2", "none", "some"], undefined],
    ["mostly damage", ["1-Mar", "2-Mar", "3-Mar", "1/2"], undefined],
    ["long numbers", ["3760123456789", "3760123456790", "3,76E+12"], "identifier"],
    ["nothing but damage", ["3.76E+12", "3.77E+12"], "identifier"],
    ["short numbers", ["1", "2", "3E+5"], undefined],
  ])("knows what a text column is made of: %s", async (_, cells, nature) => {
    const [column] = await map(leads, `notes;x\n${cells.map((cell) => `${cell};1\n`).join("")}`);
    expect([column.field, column.nature]).toEqual(["notes", nature]);
  });

  it("asks for no mark where no number has one", async () => {
    expect((await map(sales, "amount;x\n12;1\n1 234;2\n"))[0].transform).toBeUndefined();
  });

  it("does as it is told, and does not doubt it", async () => {
    const given: GivenMapping[] = [
      { column: "Phone 2", field: "phone" },
      { column: "  e-MAIL", field: null },
      { column: "When", field: "first_name" },
    ];
    const columns = await map(leads, "Phone,Phone 2,E-mail,When\n1,2,3,4\n", given);
    expect(briefly(columns)).toEqual([
      [null, "none", undefined],
      ["phone", "given", undefined],
      [null, "given", undefined],
      ["first_name", "given", undefined],
    ]);
  });

  it("tells columns of the same header apart", async () => {
    const columns = await map(leads, "Email,Nom,Email\n", [{ column: "Email (2)", field: "email" }]);
    expect(fieldsOf(columns)).toEqual([null, "last_name", "email"]);
  });

  it("settles a doubt by the given transform", async () => {
    const given: GivenMapping[] = [{ column: "day", field: "day", transform: { dateOrder: "mdy" } }];
    const [column] = await map(sales, dates("01/02/2024"), given);
    expect([column.transform, column.doubt]).toEqual([{ dateOrder: "mdy" }, undefined]);
  });

  describe("a reading that is remembered, and that nobody has said,", () => {
    const remembered = (field: string, transform: GivenMapping["transform"]): GivenMapping[] => [
      { column: field, field, transform, readBy: "cells" },
    ];
    it.each<[string, string, GivenMapping["transform"], unknown[]]>([
      ["gives way to the cells", dates("03/25/2024"), { dateOrder: "dmy" }, ["mdy", "cells", undefined]],
      ["decides where they do not say", dates("03/04/2024"), { dateOrder: "mdy" }, ["mdy", "remembered", undefined]],
      ["decides where there are none", "day,x\n,1\n", { dateOrder: "mdy" }, ["mdy", "remembered", undefined]],
      [
        "gives way to another column, which is asked about",
        "day,paid\n03/04/2024,25/03/2024\n",
        { dateOrder: "mdy" },
        ["dmy", "columns", "date_order"],
      ],
      ["gives way to days of ISO 8601", dates("2024-03-04"), { dateOrder: "mdy" }, ["ymd", "cells", undefined]],
      ["knows day numbers again", dates("45356", "45357"), { dateOrder: "serial" }, ["serial", "cells", undefined]],
      [
        "is no order where it was day numbers",
        dates("03/04/2024"),
        { dateOrder: "serial" },
        ["dmy", "usual", "date_order"],
      ],
    ])("%s", async (_, text, transform, expected) => {
      const [{ transform: read, readBy, doubt }] = await map(sales, text, remembered("day", transform));
      expect([read?.dateOrder, readBy, doubt]).toEqual(expected);
    });

    it.each<[string, string, unknown[]]>([
      ["gives way to the cells", "amount;x\n1.25;1\n", [".", "cells", undefined]],
      ["decides where they do not say", "amount,x\n1.250,1\n", [",", "remembered", undefined]],
      ["waits for numbers with a mark", "amount;x\n12;1\n", [",", "remembered", undefined]],
    ])("%s, as a decimal mark too", async (_, text, expected) => {
      const [{ transform: read, readBy, doubt }] = await map(sales, text, remembered("amount", { decimalMark: "," }));
      expect([read?.decimalMark, readBy, doubt]).toEqual(expected);
    });
  });

  it.each<[string, GivenMapping[], RegExp]>([
    ["an unknown column", [{ column: "Nope", field: "email" }], /no column "Nope".*are: Name, Mail/],
    ["a column of nothing but signs", [{ column: "!", field: "email" }], /no column "!"/],
    ["an unknown field", [{ column: "Mail", field: "nope" }], /no field "nope".*first_name/],
    ["a field of Object's", [{ column: "Mail", field: "constructor" }], /no field "constructor"/],
    [
      "two columns for a field",
      [
        { column: "Mail", field: "email" },
        { column: "Name", field: "email" },
      ],
      /^Two columns.*"email"/,
    ],
  ])("refuses %s", async (_, given, message) => {
    await expect(map(leads, "Name,Mail,?\n", given)).rejects.toThrow(message);
  });
});

describe("missingFields", () => {
  it.each([
    ["nothing", "day,buyer,amount\n", []],
    ["required fields", "amount,stage\n", ["day", "buyer"]],
    ["a group of which one is needed", "day,buyer\n", ["amount | number"]],
  ])("names %s", async (_, header, missing) => {
    expect(missingFields(sales, mapColumns(sales, await profilesOf(header)))).toEqual(missing);
  });
});

describe("similarity", () => {
  it.each([
    ["email", "email", 1],
    ["", "", 1],
    ["ab", "abc", 0],
    ["night", "nacht", 0.25],
    ["aaaa", "aa aa", 4 / 7],
    ["abc", "xyz", 0],
  ])("of %j and %j is %d, either way", (a, b, score) => {
    const [one, other] = [comparedName(a), comparedName(b)];
    expect([similarity(one, other), similarity(other, one)]).toEqual([score, score]);
  });

  it("is the same where many names are looked through at once", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 9 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 12 }),
        fc.array(letters, { maxLength: 5 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (names, asked, least) => {
          const index = new NameIndex(names);
          for (const name of asked) {
            const each = names.map((other) => similarity(comparedName(name), comparedName(other)));
            const expected = each.flatMap((likeness, place) => (likeness >= least ? [[place, likeness]] : []));
            expect([...index.similar(name, least)].sort(([a], [b]) => a - b)).toEqual(expected);
          }
        },
      ),
    );
  });

  it("need not be known below what is asked for", () => {
    expect(similarity(comparedName("night"), comparedName("nacht"), 0.9)).toBeLessThan(0.9);
    expect(similarity(comparedName("telephone"), comparedName("telephones"), 0.9)).toBeCloseTo(16 / 17);
    expect(similarity(comparedName("phone"), comparedName("telephone numbers"), 0.7)).toBe(0);
  });
});

it("maps sixteen thousand columns, each named in another case, without comparing each with each", () => {
  const headers = Array.from({ length: 16_384 }, (_, k) => `Column ${k}`);
  const profiles = new Profiler(headers).profile();
  // With folding each header for each name this takes minutes.
  const given = headers.map((header) => ({ column: header.toUpperCase(), field: null }));
  const { columns } = mapColumns(leads, profiles, given);
  expect(columns.every(({ reason }) => reason === "given")).toBe(true);
});
