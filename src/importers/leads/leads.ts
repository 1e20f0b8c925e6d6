/** The leads importer of a French CRM: shipped, and the worked example of defineImporter. */

import { defineImporter } from "../../core/definition/define-importer.ts";
import { field } from "../../core/field.ts";
import { atLeastOne } from "../../core/importer.ts";
import { leadTables } from "./tables.ts";

export const leads = defineImporter({
  name: "leads",
  label: { en: "Leads", fr: "Prospects", sv: "Leads" },
  fields: {
    external_id: field.text({
      maxLength: 100,
      label: { en: "Reference", fr: "Référence", sv: "Referens" },
      aliases: {
        en: ["External ID", "ID", "Lead ID", "CRM ID", "Customer number", "Ref"],
        fr: ["Réf", "Identifiant", "Id externe", "Code client", "Numéro client", "N° client", "Réf client"],
        sv: ["Externt ID", "Kundnummer", "Ref"],
      },
    }),
    first_name: field.text({
      maxLength: 200,
      label: { en: "First name", fr: "Prénom", sv: "Förnamn" },
      aliases: {
        en: ["Given name", "Forename", "Firstname"],
        fr: ["Prenom du contact", "Prénoms"],
        sv: ["Tilltalsnamn"],
      },
    }),
    last_name: field.text({
      maxLength: 200,
      label: { en: "Last name", fr: "Nom", sv: "Efternamn" },
      aliases: {
        en: ["Surname", "Family name", "Lastname", "Name"],
        fr: ["Nom de famille", "Nom du contact", "Nom patronymique"],
        sv: ["Släktnamn", "Namn"],
      },
    }),
    email: field.email({
      label: { en: "E-mail", fr: "E-mail", sv: "E-post" },
      aliases: {
        en: ["Email", "Mail", "Email address", "E-mail address"],
        fr: ["Courriel", "Adresse e-mail", "Adresse mail", "Adresse électronique", "Mél"],
        sv: ["E-postadress", "Epost", "Mejl"],
      },
    }),
    phone: field.phone({
      country: "FR",
      label: { en: "Phone", fr: "Téléphone", sv: "Telefon" },
      aliases: {
        en: ["Phone number", "Telephone", "Mobile", "Mobile phone", "Cell phone", "Tel"],
        fr: [
          "Tél",
          "Tél. portable",
          "Portable",
          "Mobile",
          "Numéro de téléphone",
          "N° de téléphone",
          "GSM",
          "Tél. mobile",
          "Tél fixe",
        ],
        sv: ["Telefonnummer", "Mobil", "Mobiltelefon", "Tel"],
      },
    }),
    company: field.text({
      maxLength: 300,
      label: { en: "Company", fr: "Société", sv: "Företag" },
      aliases: {
        en: ["Company name", "Organisation", "Organization", "Account", "Employer"],
        fr: ["Raison sociale", "Entreprise", "Nom de l'entreprise", "Organisation", "Établissement"],
        sv: ["Företagsnamn", "Bolag", "Organisation"],
      },
    }),
    address: field.text({
      maxLength: 500,
      label: { en: "Address", fr: "Adresse", sv: "Adress" },
      aliases: {
        en: ["Street", "Street address", "Address line 1"],
        fr: ["Rue", "Adresse postale", "Adresse 1", "Voie"],
        sv: ["Gatuadress", "Gata"],
      },
    }),
    city: field.text({
      maxLength: 200,
      label: { en: "City", fr: "Ville", sv: "Ort" },
      aliases: { en: ["Town", "Locality"], fr: ["Commune", "Localité"], sv: ["Stad", "Postort"] },
    }),
    postal_code: field.text({
      maxLength: 20,
      label: { en: "Postal code", fr: "Code postal", sv: "Postnummer" },
      aliases: { en: ["Zip", "Zip code", "Postcode"], fr: ["CP", "Code Postal (CP)"], sv: ["Postnr"] },
    }),
    country: field.text({
      maxLength: 100,
      label: { en: "Country", fr: "Pays", sv: "Land" },
      aliases: { en: ["Country name"], fr: ["Nom du pays"] },
    }),
    source: field.text({
      maxLength: 200,
      label: { en: "Source", fr: "Source", sv: "Källa" },
      aliases: {
        en: ["Lead source", "Origin", "Channel"],
        fr: ["Origine", "Provenance", "Canal"],
        sv: ["Ursprung", "Kanal"],
      },
    }),
    status: field.choice(
      {
        new: { label: { en: "New", fr: "Nouveau", sv: "Ny" }, words: ["Nouvelle", "À contacter"] },
        contacted: {
          label: { en: "Contacted", fr: "Contacté", sv: "Kontaktad" },
          words: ["Contactée", "En cours", "In progress"],
        },
        qualified: { label: { en: "Qualified", fr: "Qualifié", sv: "Kvalificerad" }, words: ["Qualifiée"] },
        converted: {
          label: { en: "Converted", fr: "Converti", sv: "Konverterad" },
          words: ["Convertie", "Client", "Gagné", "Won", "Customer", "Kund"],
        },
        lost: { label: { en: "Lost", fr: "Perdu", sv: "Förlorad" }, words: ["Perdue", "Sans suite"] },
      },
      {
        label: { en: "Status", fr: "Statut", sv: "Status" },
        aliases: { en: ["Lead status", "Stage", "State"], fr: ["État", "Étape"], sv: ["Läge"] },
      },
    ),
    notes: field.text({
      label: { en: "Notes", fr: "Notes", sv: "Anteckningar" },
      aliases: {
        en: ["Note", "Comment", "Comments", "Remarks"],
        fr: ["Commentaire", "Commentaires", "Remarque", "Remarques"],
        sv: ["Kommentar"],
      },
    }),
  },
  checks: [atLeastOne("email", "phone", "external_id")],
  match: { keys: ["external_id", "email", "phone"], onDuplicate: "skip" },
  target: { table: "leads", id: "id", job: "import_job_id", updatedAt: "updated_at" },
  history: { table: "lead_history", record: "lead_id", job: "import_job_id", actor: "actor" },
  assign: { column: "assigned_to", table: "profiles", id: "id", by: ["email", "full_name"] },
  tables: leadTables,
});
