/** Writing the records, and the summary, in Swedish. */
import type { Texts } from "../texts.ts";

export const commit: Texts["commit"] = {
  title: "Import",
};
