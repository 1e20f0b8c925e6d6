/** Parts of a column that are suggested for required fields which no column feeds. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { Given } from "../../src/core/given-mapping.ts";
import type { Importer } from "../../src/core/importer.ts";
import { mapColumns, missingFields } from "../../src/mapping/map.ts";
import { profilesOf } from "../staging/read-file.ts";

const people = defineImporter({
  name: "people",
  fields: {
    first_name: field.text({ required: true, aliases: { fr: ["Prénom"] } }),
    last_name: field.text({ required: true, aliases: { fr: ["Nom"] } }),
    email: field.email(),
  },
  target: { table: "people" },
});
const places = defineImporter({
  name: "places",
  fields: {
    address: field.text(),
    zip: field.text({ required: true, aliases: { fr: ["Code postal"] } }),
    town: field.text(),
  },
  target: { table: "places" },
});
const optional = defineImporter({
  name: "optional",
  fields: { first_name: field.text(), last_name: field.text() },
  target: { table: "optional" },
});

async function suggested(importer: Importer, text: string, given: Given[] = []): Promise<unknown> {
  const mapping = mapColumns(importer, await profilesOf(text, { headerRow: 1 }), given);
  return {
    columns: mapping.columns.map((column) => column.field),
    fields: (mapping.fields ?? []).map(({ field: name, source, doubt }) => [
      name,
      source.kind === "split" && [source.column, source.by, source.part],
      doubt,
    ]),
    missing: missingFields(importer, mapping),
  };
}

const names = "Nom complet;email\nAnna Berg;a@x.fr\nBERG Bo;b@x.fr\nCy de la Tour;c@x.fr\n";
const ofName = [
  ["first_name", [0, "name", "first"], "suggested_split"],
  ["last_name", [0, "name", "last"], "suggested_split"],
];

describe("a part of a column", () => {
  it("is suggested of a full name, in doubt until somebody agrees", async () => {
    expect(await suggested(people, names)).toEqual({ columns: [null, "email"], fields: ofName, missing: [] });
  });

  it("is suggested of whole addresses, also where their column would be the street", async () => {
    const text = 'Adresse;x\n"12 rue X, 75001 Paris";1\n"3 rue Y, 69001 Lyon";2\n';
    const fields = [
      ["address", [0, "address", "street"], "suggested_split"],
      ["zip", [0, "address", "postal_code"], "suggested_split"],
      ["town", [0, "address", "city"], "suggested_split"],
    ];
    expect(await suggested(places, text)).toEqual({ columns: [null, null], fields, missing: [] });
    const called = text.replace("Adresse", "address");
    expect(await suggested(places, called)).toEqual({ columns: [null, null], fields, missing: [] });
  });

  it.each([
    ["single words", people, "Nom complet;email\nAnna;a@x.fr\nBo;b@x.fr\n", [], [null, "email"]],
    ["a column of another name", people, names.replace("Nom complet", "Remarque"), [], [null, "email"]],
    ["a column that somebody left out", people, names, [{ column: "Nom complet", field: null }], [null, "email"]],
    ["fields that need not be filled", optional, names, [], [null, null]],
    ["addresses without a code", places, "address;x\n12 rue X;1\n3 rue Y;2\n", [], ["address", null]],
  ] as [string, Importer, string, Given[], (string | null)[]][])(
    "is not suggested of %s",
    async (_, importer, text, given, columns) => {
      expect(await suggested(importer, text, given)).toMatchObject({ columns, fields: [] });
    },
  );

  it("is suggested for what is left alone", async () => {
    const given: Given[] = [{ field: "last_name", source: { kind: "constant", value: "Doe" } }];
    expect(await suggested(people, names, given)).toEqual({
      columns: [null, "email"],
      fields: [["last_name", false, undefined], ofName[0]],
      missing: [],
    });
  });
});
