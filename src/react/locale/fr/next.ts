/** What can be done about an error, in French. */
import type { Texts } from "../texts.ts";

export const next: Texts["next"] = {
  listImports: "« {button} » affiche ceux qui existent.",
  chooseSheet: "Vous pouvez choisir une autre feuille sous « {button} ».",
  chooseEntry: "Choisissez-le sous « Quel fichier du zip souhaitez-vous importer ? ».",
  chooseEncoding: "Vous pouvez choisir un autre encodage sous « {button} ».",
  chooseHeaderRow: "Vous pouvez indiquer la ligne d’en-tête sous « {button} ».",
  mapColumn: "Choisissez une colonne pour cela.",
  settleDoubts: "Répondez aux questions en suspens, ou cliquez sur « {button} ».",
  chooseImporter: "Choisissez ce que vous voulez importer.",
  giveContext: "Renseignez « {name} ».",
  importAgain: "Pour l’importer une nouvelle fois, cliquez sur « {button} ».",
  uploadAgain: "Envoyez de nouveau le fichier.",
  resumeImport: "Cliquez sur « {button} » pour continuer.",
  rejectFailures: "« {button} » écarte ces lignes et importe les autres.",
  findReason: "Indiquez-lui l’import {importId}.",
  askOperator: "Adressez-vous à la personne qui exploite le serveur.",
};
