/** The imported records, in French. */
import type { Texts } from "../texts.ts";

export const records: Texts["records"] = {
  title: "Enregistrements importés",
};
