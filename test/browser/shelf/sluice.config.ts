/** An importer of fields that hold several values; as a config, so that the worker's thread finds it too. */
import { type ConfigFile, defineImporter, field } from "../../../src/index.ts";

export const shelf = defineImporter({
  name: "shelf",
  fields: {
    code: field.text({ required: true, label: { en: "Code" } }),
    tags: field.list(field.text(), { merge: "append", label: { en: "Tags" } }),
    stock: field.columns(/^Stock (.+)$/, field.integer({ min: 0 }), { label: { en: "Stock" } }),
    state: field.choice(
      { new: { label: { en: "Brand new", fr: "Neuf", sv: "Ny" } }, used: { label: { en: "Second hand" } } },
      { label: { en: "State" } },
    ),
    custom: field.json({ size: field.integer() }, { rest: true, label: { en: "Details" } }),
  },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "shelf" },
  tables: [
    {
      name: "shelf",
      columns: { code: "text" },
      create: [
        `create table shelf (id bigint generated always as identity primary key, code text, tags text[], stock jsonb,
           state text, custom jsonb)`,
      ],
    },
  ],
});

export const config: ConfigFile = { importers: [shelf] };
