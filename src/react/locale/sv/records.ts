/** The imported records, in Swedish. */
import type { Texts } from "../texts.ts";

export const records: Texts["records"] = {
  title: "Importerade poster",
};
