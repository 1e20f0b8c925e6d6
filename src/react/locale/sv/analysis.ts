/** The step in which the file is read, in Swedish. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Filen kontrolleras",
  hint: "Varje rad i {file} läses och kontrolleras. Inget skrivs än.",
  hintTrial: "Varje rad i {file} läses och kontrolleras. Det är ett prov: inget kommer att skrivas.",
  failedTitle: "Filen behöver ses över",
  cancelledTitle: "Avbruten",
  cancelledNothing: "Inget har skrivits",
  cancelledHint: "Importen avbröts innan något kom in. Ta in filen igen när du vill.",
  otherFile: "Ta in en annan fil",
  whatToDo: "Vad du kan göra",
  tryFormat: "Kontrollera kolumnerna, teckenkodningen och avgränsaren, och starta igen.",
  tryFile: "Öppna filen i ditt kalkylprogram, spara den på nytt och ta in den.",
  tryAgainHint: "Om servern hade en dålig stund räcker det att försöka igen.",
};
