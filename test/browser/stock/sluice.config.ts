/** A server with a stock list that can be mirrored and replaced, for the worker's thread too. */
import { type ConfigFile, defineImporter, field } from "../../../src/index.ts";

export const stock = defineImporter({
  name: "stock",
  label: { en: "Stock" },
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "stock", absent: "delete" },
  modes: ["upsert", "mirror", "replace"],
});

export const config: ConfigFile = { importers: [stock] };
