/** An importer with every kind of question a mapping can have; as a config, so that the worker's thread finds it too. */
import { type ConfigFile, defineImporter, field } from "../../../src/index.ts";

export const guests = defineImporter({
  name: "guests",
  fields: {
    email: field.email({
      required: true,
      label: { en: "E-mail", fr: "E-mail", sv: "E-post" },
      aliases: { en: ["Mail"], fr: ["Courriel"] },
    }),
    name: field.text({ required: true, label: { en: "Name", fr: "Nom", sv: "Namn" } }),
    born: field.date({ label: { en: "Birthday", fr: "Date de naissance", sv: "Födelsedag" } }),
    spent: field.decimal({ scale: 2, label: { en: "Amount spent", fr: "Montant dépensé", sv: "Belopp" } }),
    status: field.choice(
      { new: ["Nouveau"], regular: ["Habitué"], lost: ["Perdu"] },
      { label: { en: "Status", fr: "Statut", sv: "Status" } },
    ),
    postal_code: field.text({ label: { en: "Postal code", fr: "Code postal", sv: "Postnummer" } }),
    city: field.text({ merge: "fill", label: { en: "City", fr: "Ville", sv: "Ort" } }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "guests" },
  tables: [
    {
      name: "guests",
      columns: { email: "text" },
      create: [
        `create table guests (id bigint generated always as identity primary key, email text, name text, born date,
           spent numeric(12, 2), status text, postal_code text, city text)`,
      ],
    },
  ],
});

export const config: ConfigFile = { importers: [guests] };
