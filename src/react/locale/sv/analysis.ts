/** The step in which the file is read, in Swedish. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Filen kontrolleras",
  hint: "Varje rad i {file} läses och kontrolleras. Inget har skrivits än.",
  hintTrial: "Varje rad i {file} läses och kontrolleras. Det är en provkörning: inget kommer att skrivas.",
  matchTitle: "Letar efter dubbletter…",
  matchHint: {
    one: "Raden är giltig. Inget har skrivits än.",
    other: "Alla {count} rader är giltiga. Inget har skrivits än.",
  },
  lookNow: "Visa raderna nu",
  failedTitle: "Filen behöver ses över",
  cancelledTitle: "Avbruten",
  cancelledNothing: "Inget har skrivits",
  cancelledHint: "Importen avbröts innan något hade importerats. Ladda upp filen igen när du vill.",
  otherFile: "Ladda upp en annan fil",
  whatToDo: "Vad du kan göra",
  tryFormat: "Kontrollera kolumnerna, teckenkodningen och avgränsaren, och starta igen.",
  tryFile: "Öppna filen i ditt kalkylprogram, spara den på nytt och ladda upp den.",
  tryAgainHint: "Om servern tillfälligt inte var tillgänglig räcker det att försöka igen.",
};
