/** What can be done about an error, in Swedish. */
import type { Texts } from "../texts.ts";

export const next: Texts["next"] = {
  listImports: "”{button}” visar vilka som finns.",
  chooseSheet: "Du kan välja ett annat blad under ”{button}”.",
  chooseEntry: "Välj den under ”Vilken fil i zip-filen vill du importera?”.",
  chooseEncoding: "Du kan välja en annan teckenkodning under ”{button}”.",
  chooseHeaderRow: "Du kan ange rubrikraden under ”{button}”.",
  mapColumn: "Välj en kolumn för det.",
  settleDoubts: "Svara på de öppna frågorna eller klicka på ”{button}”.",
  chooseImporter: "Välj vad du vill importera.",
  giveContext: "Fyll i ”{name}”.",
  importAgain: "Klicka på ”{button}” för att importera den en gång till.",
  uploadAgain: "Ladda upp filen igen.",
  resumeImport: "Klicka på ”{button}” för att fortsätta.",
  rejectFailures: "”{button}” utelämnar de här raderna och importerar resten.",
  findReason: "Ange import {importId} när du frågar.",
  askOperator: "Kontakta den som driver servern.",
};
