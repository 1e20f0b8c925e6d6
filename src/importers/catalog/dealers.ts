/** The dealers of a product catalogue: a short list that is imported while the request waits, each dealer known by its code. */
import { defineImporter } from "../../core/definition/define-importer.ts";
import { field } from "../../core/field.ts";
import { importLogViews } from "./import-log.ts";
import { dealerTables } from "./tables.ts";

export const dealers = defineImporter({
  name: "dealers",
  label: { en: "Dealers", fr: "Revendeurs", sv: "Återförsäljare" },
  fields: {
    code: field.text({
      required: true,
      maxLength: 60,
      label: { en: "Code", fr: "Code", sv: "Kod" },
      aliases: {
        en: ["Dealer code", "Dealer number", "Dealer no", "Dealer ID", "Account number"],
        fr: ["Code revendeur", "N° revendeur", "Numéro revendeur", "Code client", "Code concessionnaire"],
        sv: ["Återförsäljarkod", "Återförsäljarnummer", "Kundnummer", "Kundnr"],
      },
    }),
    name: field.text({
      required: true,
      maxLength: 300,
      label: { en: "Name", fr: "Nom", sv: "Namn" },
      aliases: {
        en: ["Dealer", "Dealer name", "Company", "Company name"],
        fr: ["Revendeur", "Nom du revendeur", "Raison sociale", "Société", "Concessionnaire"],
        sv: ["Återförsäljare", "Företag", "Företagsnamn"],
      },
    }),
    email: field.email({
      label: { en: "E-mail", fr: "E-mail", sv: "E-post" },
      aliases: {
        en: ["Email", "Mail", "E-mail address"],
        fr: ["Courriel", "Adresse e-mail", "Adresse mail", "Mél"],
        sv: ["E-postadress", "Epost", "Mejl"],
      },
    }),
    phone: field.phone({
      country: "FR",
      label: { en: "Phone", fr: "Téléphone", sv: "Telefon" },
      aliases: {
        en: ["Phone number", "Telephone", "Tel"],
        fr: ["Tél", "N° de téléphone", "Numéro de téléphone"],
        sv: ["Telefonnummer", "Tel"],
      },
    }),
    address: field.text({
      maxLength: 500,
      label: { en: "Address", fr: "Adresse", sv: "Adress" },
      aliases: { en: ["Street address"], fr: ["Adresse postale"], sv: ["Gatuadress", "Postadress"] },
    }),
    region: field.text({
      maxLength: 200,
      label: { en: "Region", fr: "Région", sv: "Region" },
      aliases: { en: ["Area", "Territory", "District"], fr: ["Secteur", "Zone"], sv: ["Område", "Distrikt"] },
    }),
    discount: field.decimal({
      scale: 2,
      min: 0,
      max: 100,
      label: { en: "Discount", fr: "Remise", sv: "Rabatt" },
      aliases: {
        en: ["Discount %", "Discount percent", "Rebate"],
        fr: ["Remise %", "Taux de remise", "Rabais"],
        sv: ["Rabatt %", "Rabattsats"],
      },
    }),
  },
  match: { keys: ["code"], onDuplicate: "update" },
  modes: ["upsert", "update_only"],
  target: { table: "dealers", updatedAt: "updated_at" },
  tables: dealerTables,
  views: importLogViews,
  synchronous: true,
});
