/**
 * The activities of a year planner: a row is an activity on a wheel, in a ring, a group and under a label, which are found by their names
 * or made. One that goes on over New Year is an item on the page of each year.
 */
import type { ContextDatabase, ContextField, NamedValue } from "../../core/context.ts";
import { defineImporter } from "../../core/definition/define-importer.ts";
import { field } from "../../core/field.ts";
import { ref } from "../../core/records.ts";
import { yearWheelTables } from "./tables.ts";
import { endsOf, maxYears, type Span, startsOf, yearsOf } from "./years.ts";

/** The wheels are their owners' alone, administrators or not. */
const wheel: ContextField = {
  type: "bigint",
  label: { en: "Year wheel", fr: "Roue annuelle", sv: "Årshjul" },
  async from({ id }, { context }, db) {
    const owned = await wheelsOf(db, id);
    const asked = context.wheel_id;
    return asked === undefined ? owned : owned.filter(({ value }) => value === asked);
  },
};

async function wheelsOf(db: ContextDatabase, userId: string): Promise<NamedValue[]> {
  try {
    const { rows } = await db.query<NamedValue>(
      "select id::text as value, name as label from year_wheels where owner_id = $1 order by year_wheels.id",
      [userId],
    );
    return rows;
  } catch (error) {
    // The table comes with the first migration.
    if ((error as { code?: unknown }).code === "42P01") return [];
    throw error;
  }
}

export const activities = defineImporter({
  name: "activities",
  label: { en: "Activities", fr: "Activités", sv: "Aktiviteter" },
  context: { wheel_id: wheel },
  fields: {
    activity: field.text({
      required: true,
      maxLength: 500,
      label: { en: "Activity", fr: "Activité", sv: "Aktivitet" },
      aliases: {
        en: ["Name", "Title", "Event"],
        fr: ["Nom", "Intitulé", "Titre", "Événement"],
        sv: ["Namn", "Titel", "Händelse", "Benämning"],
      },
    }),
    start: field.date({
      required: true,
      label: { en: "Start", fr: "Début", sv: "Startdatum" },
      aliases: {
        en: ["Start date", "From", "Begins", "Date"],
        fr: ["Date de début", "Du", "Commence le", "Date"],
        sv: ["Start", "Från", "Från och med", "Fr.o.m.", "Börjar", "Datum"],
      },
    }),
    end: field.date({
      default: (row: Span) => row.start,
      label: { en: "End", fr: "Fin", sv: "Slutdatum" },
      aliases: {
        en: ["End date", "To", "Until", "Ends"],
        fr: ["Date de fin", "Au", "Jusqu'au", "Finit le"],
        sv: ["Slut", "Till", "Till och med", "T.o.m.", "Slutar"],
      },
    }),
    ring: field.text({
      maxLength: 200,
      label: { en: "Ring", fr: "Anneau", sv: "Ring" },
      aliases: { en: ["Circle", "Track"], fr: ["Cercle", "Couronne"], sv: ["Cirkel", "Spår"] },
    }),
    group: field.text({
      maxLength: 200,
      label: { en: "Group", fr: "Groupe", sv: "Grupp" },
      aliases: { en: ["Activity group", "Category"], fr: ["Catégorie"], sv: ["Aktivitetsgrupp", "Kategori"] },
    }),
    label: field.text({
      maxLength: 200,
      label: { en: "Label", fr: "Étiquette", sv: "Etikett" },
      aliases: { en: ["Tag"], fr: ["Libellé", "Tag"], sv: ["Märkning", "Tagg"] },
    }),
    description: field.text({
      label: { en: "Description", fr: "Description", sv: "Beskrivning" },
      aliases: { en: ["Notes", "Comment"], fr: ["Commentaire", "Remarques"], sv: ["Kommentar", "Anteckningar"] },
    }),
    page: field.integer({
      min: 1,
      max: 9999,
      column: null,
      label: { en: "Page", fr: "Page", sv: "Sida" },
      aliases: { en: ["Year"], fr: ["Année"], sv: ["År"] },
    }),
    years: field.list(field.integer(), {
      column: null,
      label: { en: "Years", fr: "Années", sv: "År" },
      derive: (row: Span) => yearsOf(row),
    }),
    starts: field.list(field.date(), {
      column: null,
      label: { en: "Start in each year", fr: "Début dans chaque année", sv: "Startdatum för varje år" },
      derive: (row: Span) => startsOf(row),
    }),
    ends: field.list(field.date(), {
      column: null,
      label: { en: "End in each year", fr: "Fin dans chaque année", sv: "Slutdatum för varje år" },
      derive: (row: Span) => endsOf(row),
    }),
  },
  checks: [
    ({ start, end }) =>
      start !== null && end !== null && end < start ? { field: "end", message: "The end is before the start." } : null,
    (row) =>
      row.start !== null && row.end !== null && row.end >= row.start && yearsOf(row as Span).length === 0
        ? { field: "end", message: `The activity is longer than ${maxYears} years.` }
        : null,
  ],
  modes: ["append", "replace"],
  // Their names are those of the counts: `created_rings`.
  records: {
    pages: {
      table: "wheel_pages",
      each: "years",
      key: ["years"],
      set: { year: "years" },
      onMatch: "use",
      label: { en: "pages", fr: "pages", sv: "sidor" },
      step: {
        en: "Processing page {n}/{of}…",
        fr: "Traitement de la page {n}/{of}…",
        sv: "Bearbetar sida {n}/{of}…",
      },
    },
    rings: {
      table: "rings",
      key: ["ring"],
      set: { name: "ring" },
      onMatch: "use",
      label: { en: "rings", fr: "anneaux", sv: "ringar" },
    },
    groups: {
      table: "activity_groups",
      key: ["group"],
      set: { name: "group" },
      onMatch: "use",
      label: { en: "groups", fr: "groupes", sv: "grupper" },
    },
    labels: {
      table: "labels",
      key: ["label"],
      set: { name: "label" },
      onMatch: "use",
      label: { en: "labels", fr: "étiquettes", sv: "etiketter" },
    },
    items: {
      table: "items",
      each: ["years", "starts", "ends"],
      set: {
        name: "activity",
        start_date: "starts",
        end_date: "ends",
        description: "description",
        page_id: ref("pages"),
        ring_id: ref("rings"),
        group_id: ref("groups"),
        label_id: ref("labels"),
      },
      label: { en: "items", fr: "éléments", sv: "poster" },
    },
  },
  tables: yearWheelTables,
  batch: {
    path: "batch-import-activities",
    rows: "activities",
    context: { wheelId: "wheel_id" },
    options: { importMode: "mode", confirmRemovals: "confirmRemovals" },
    fileName: "fileName",
    fields: {
      name: "activity",
      startDate: "start",
      endDate: "end",
      ring: "ring",
      group: "group",
      label: "label",
      description: "description",
      page: "page",
    },
  },
});
