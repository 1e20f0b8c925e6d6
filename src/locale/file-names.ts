/** What a file that is taken away of an import is called: after the import's own file, in the reader's language. */
import type { Language } from "../core/fields/language.ts";

/** What it holds: rows by how they ended, those left out altogether, all of them as corrected, or records. */
export type Contents = "left_out" | "invalid" | "failed" | "skipped" | "updated" | "corrected" | "records";

const words: Readonly<Record<Language, Readonly<Record<Contents, string>>>> = {
  en: {
    left_out: "rows left out",
    invalid: "rows with errors",
    failed: "rows refused",
    skipped: "rows skipped",
    updated: "rows updated",
    corrected: "corrected",
    records: "imported records",
  },
  fr: {
    left_out: "lignes laissées de côté",
    invalid: "lignes en erreur",
    failed: "lignes refusées",
    skipped: "lignes ignorées",
    updated: "lignes mises à jour",
    corrected: "corrigé",
    records: "enregistrements importés",
  },
  sv: {
    left_out: "utelämnade rader",
    invalid: "rader med fel",
    failed: "nekade rader",
    skipped: "överhoppade rader",
    updated: "uppdaterade rader",
    corrected: "rättad",
    records: "importerade poster",
  },
};

/** Longer names are cut: systems take 255 bytes. */
const mostChars = 80;

/**
 * The name of a download, without its ending.
 *
 * @param fileName of the import
 * @param contents what it holds, or what a record is called
 * @example downloadName("leads.csv.gz", "left_out", "en") // "leads - rows left out"
 */
export function downloadName(fileName: string, contents: Contents | { record: string }, language: Language): string {
  const named = typeof contents === "string" ? words[language][contents] : contents.record;
  const stem = [...fileName.replace(/\.(gz|zip)$/i, "").replace(/\.[a-z][a-z0-9]{1,4}$/i, "")];
  // Sheets are told by a slash, and no system takes these signs in a name.
  const kept = stem.length > mostChars ? `${stem.slice(0, mostChars).join("").trim()}…` : stem.join("").trim();
  return (kept === "" ? named : `${kept} - ${named}`).replaceAll(/[\\/:*?"<>|]/g, "_");
}
