/** The frame of the wizard, in French. */
import type { Texts } from "../texts.ts";

export const wizard: Texts["wizard"] = {
  steps: "Étapes de l’import",
  upload: "Fichier",
  map: "Colonnes",
  analysis: "Analyse",
  review: "Corrections",
  options: "Options",
  commit: "Import",
  gone: "Cet import n’existe plus",
  goneHint: "Quelqu’un l’a supprimé, ou il n’était pas à vous. Les enregistrements qu’il a écrits sont toujours là.",
};
