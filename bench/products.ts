/** The importer of the benchmark's workbook: ten fields, one of each kind that a cell can be typed as. */
import { defineImporter, field } from "../dist/index.js";

export const products = defineImporter({
  name: "products",
  fields: {
    reference: field.text({ required: true, maxLength: 40 }),
    product: field.text({ maxLength: 200 }),
    category: field.text({ maxLength: 100 }),
    remark: field.text({ maxLength: 500 }),
    listed: field.date(),
    updated: field.datetime({ timeZone: "UTC" }),
    stock: field.integer({ min: 0 }),
    price: field.decimal({ scale: 2 }),
    weight: field.decimal({}),
    active: field.boolean(),
  },
  match: { keys: ["reference"], onDuplicate: "update" },
  target: { table: "products" },
});
