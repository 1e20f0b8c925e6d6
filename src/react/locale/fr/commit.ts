/** Writing the records, and the summary, in French. */
import type { Texts } from "../texts.ts";

export const commit: Texts["commit"] = {
  title: "Import",
};
