/** Imports files into the table customers. Written by `sluice init`; it is yours now. */
import { defineImporter, field } from "sluice";

export const customers = defineImporter({
  name: "customers",
  fields: {
    // Headers that mean a field are its `aliases`: field.text({ aliases: { en: ["Surname"], fr: ["Nom"] } }).
    email: field.email(),
    // The country (ISO 3166-1) of numbers that are written without one.
    phone: field.phone({ country: "FR" }),
    full_name: field.text({ required: true }),
    balance: field.decimal({ scale: 2, min: -9_999_999_999.99, max: 9_999_999_999.99 }),
    born: field.date(),
    newsletter: field.boolean(),
    // A cell is looked up in companies by code.
    company_id: field.reference({ table: "companies", by: ["code"] }),
    // Left out: id (Postgres fills it).
  },
  // A row is a duplicate when any of these is the same, the strongest first. skip, update or create?
  match: { keys: ["email"], onDuplicate: "skip" },
  target: { table: "customers", updatedAt: "updated_at" },
});
