/** What mails about imports say, in each language. `{file}` is the file's name, `{rows}` a number. */
import type { Language } from "../core/fields/language.ts";

export const letterKinds = ["completed", "rejected", "nothing", "failed", "ready", "paused", "undone"] as const;
/** `completed`: no row was rejected, though some may have been skipped. `rejected`: some were; `nothing`: all were. */
export type LetterKind = (typeof letterKinds)[number];

export interface LetterTexts {
  subject: Readonly<Record<LetterKind, string>>;
  title: Readonly<Record<LetterKind, string>>;
  lead: Readonly<Record<LetterKind, string>>;
  /** On the button. */
  open: Readonly<Record<LetterKind, string>>;
  /** Names of numbers. */
  facts: Readonly<
    Record<
      "rows" | "created" | "updated" | "unchanged" | "skipped" | "rejected" | "valid" | "deleted" | "restored" | "kept",
      string
    >
  >;
  /** Above the reasons why rows were rejected. */
  reasons: string;
  /** Between a name and what is said of it: with a space before it in French. */
  colon: string;
  /** Of reasons that are not listed: one of them, or `{rows}`. */
  moreReasons: { one: string; other: string };
  downloadRejected: string;
  /** Why the person gets the mail. */
  why: string;
  /** The same of what a source has fetched. */
  whySource: string;
  settings: string;
}

export const letterTexts: Readonly<Record<Language, LetterTexts>> = {
  en: {
    subject: {
      completed: "Import complete: {file}",
      rejected: "Import complete, some rows rejected: {file}",
      nothing: "No rows imported: {file}",
      failed: "Import failed: {file}",
      ready: "Ready for your review: {file}",
      paused: "Import paused, your decision is needed: {file}",
      undone: "Import undone: {file}",
    },
    title: {
      completed: "Your import is complete",
      rejected: "Your import is complete, but some rows were rejected",
      nothing: "No rows could be imported",
      failed: "Your import failed",
      ready: "Your import is ready for review",
      paused: "Your import is paused",
      undone: "Your import has been undone",
    },
    lead: {
      completed: "{file} has been imported. No rows were rejected.",
      rejected: "{file} has been imported, except for the rejected rows. Correct these and import them again.",
      nothing: "Every row of {file} was rejected. Correct the file and import it again.",
      failed: "{file} could not be imported.",
      ready:
        "{file} has been read and checked. Nothing has been imported yet: look at the rows, then start the import.",
      paused: "The import of {file} needs your decision before it can continue.",
      undone: "What {file} had imported has been taken back.",
    },
    open: {
      completed: "Open the import",
      rejected: "Open the import",
      nothing: "Open the import",
      failed: "See what happened",
      ready: "Review the rows",
      paused: "Decide what to do",
      undone: "Open the import",
    },
    facts: {
      rows: "Rows in the file",
      created: "Created",
      updated: "Updated",
      unchanged: "Unchanged",
      skipped: "Skipped",
      rejected: "Rejected",
      valid: "Valid",
      deleted: "Deleted",
      restored: "Restored",
      kept: "Kept, because they changed since",
    },
    reasons: "Why rows were rejected",
    colon: ": ",
    moreReasons: { one: "and one more reason", other: "and {rows} more reasons" },
    downloadRejected: "Download the rejected rows",
    why: "You receive this because you started the import.",
    whySource: "You receive this because you set up the source.",
    settings: "Choose which emails you get",
  },
  fr: {
    subject: {
      completed: "Import terminé : {file}",
      rejected: "Import terminé, des lignes rejetées : {file}",
      nothing: "Aucune ligne importée : {file}",
      failed: "Échec de l’import : {file}",
      ready: "À vérifier : {file}",
      paused: "Import en pause, votre décision est attendue : {file}",
      undone: "Import annulé : {file}",
    },
    title: {
      completed: "Votre import est terminé",
      rejected: "Votre import est terminé, mais des lignes ont été rejetées",
      nothing: "Aucune ligne n’a pu être importée",
      failed: "Votre import a échoué",
      ready: "Votre import est prêt à être vérifié",
      paused: "Votre import est en pause",
      undone: "Votre import a été annulé",
    },
    lead: {
      completed: "{file} a été importé. Aucune ligne n’a été rejetée.",
      rejected: "{file} a été importé, à l’exception des lignes rejetées. Corrigez-les, puis importez-les à nouveau.",
      nothing: "Toutes les lignes de {file} ont été rejetées. Corrigez le fichier, puis importez-le à nouveau.",
      failed: "{file} n’a pas pu être importé.",
      ready: "{file} a été lu et contrôlé. Rien n’est encore importé : vérifiez les lignes, puis lancez l’import.",
      paused: "L’import de {file} attend votre décision pour continuer.",
      undone: "Ce que {file} avait importé a été retiré.",
    },
    open: {
      completed: "Ouvrir l’import",
      rejected: "Ouvrir l’import",
      nothing: "Ouvrir l’import",
      failed: "Voir ce qui s’est passé",
      ready: "Vérifier les lignes",
      paused: "Choisir la suite",
      undone: "Ouvrir l’import",
    },
    facts: {
      rows: "Lignes du fichier",
      created: "Créées",
      updated: "Mises à jour",
      unchanged: "Inchangées",
      skipped: "Ignorées",
      rejected: "Rejetées",
      valid: "Valides",
      deleted: "Supprimés",
      restored: "Rétablis",
      kept: "Conservés, car modifiés depuis",
    },
    reasons: "Pourquoi des lignes ont été rejetées",
    colon: "\u00a0: ",
    moreReasons: { one: "et une autre raison", other: "et {rows} autres raisons" },
    downloadRejected: "Télécharger les lignes rejetées",
    why: "Vous recevez ce message parce que vous avez lancé cet import.",
    whySource: "Vous recevez ce message parce que vous avez créé cette source.",
    settings: "Choisir les e-mails que vous recevez",
  },
  sv: {
    subject: {
      completed: "Importen är klar: {file}",
      rejected: "Importen är klar, men rader avvisades: {file}",
      nothing: "Inga rader importerade: {file}",
      failed: "Importen misslyckades: {file}",
      ready: "Klar att granska: {file}",
      paused: "Importen är pausad, ditt beslut behövs: {file}",
      undone: "Importen är ångrad: {file}",
    },
    title: {
      completed: "Din import är klar",
      rejected: "Din import är klar, men några rader avvisades",
      nothing: "Inga rader kunde importeras",
      failed: "Din import misslyckades",
      ready: "Din import är klar att granska",
      paused: "Din import är pausad",
      undone: "Din import har ångrats",
    },
    lead: {
      completed: "{file} har importerats. Inga rader avvisades.",
      rejected: "{file} har importerats, utom de avvisade raderna. Rätta dem och importera dem igen.",
      nothing: "Alla rader i {file} avvisades. Rätta filen och importera den igen.",
      failed: "{file} kunde inte importeras.",
      ready:
        "{file} har lästs in och kontrollerats. Inget är importerat än: granska raderna och starta sedan importen.",
      paused: "Importen av {file} behöver ditt beslut för att kunna fortsätta.",
      undone: "Det som {file} hade importerat har tagits tillbaka.",
    },
    open: {
      completed: "Öppna importen",
      rejected: "Öppna importen",
      nothing: "Öppna importen",
      failed: "Se vad som hände",
      ready: "Granska raderna",
      paused: "Välj hur den ska fortsätta",
      undone: "Öppna importen",
    },
    facts: {
      rows: "Rader i filen",
      created: "Skapade",
      updated: "Uppdaterade",
      unchanged: "Oförändrade",
      skipped: "Överhoppade",
      rejected: "Avvisade",
      valid: "Giltiga",
      deleted: "Borttagna",
      restored: "Återställda",
      kept: "Behållna, eftersom de har ändrats sedan dess",
    },
    reasons: "Varför rader avvisades",
    colon: ": ",
    moreReasons: { one: "och ett skäl till", other: "och {rows} skäl till" },
    downloadRejected: "Ladda ner de avvisade raderna",
    why: "Du får det här mejlet eftersom du startade importen.",
    whySource: "Du får det här mejlet eftersom du har lagt upp källan.",
    settings: "Välj vilka mejl du vill få",
  },
};
