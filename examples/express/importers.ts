/** What this application imports, for its server and its worker. */
import { defineImporter, field } from "sluice";

export const people = defineImporter({
  name: "people",
  fields: { email: field.email({ required: true }), name: field.text({ aliases: { fr: ["Nom"] } }) },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});
