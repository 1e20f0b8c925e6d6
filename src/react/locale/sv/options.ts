/** The step of duplicates and owners, in Swedish. */
import type { Texts } from "../texts.ts";

export const options: Texts["options"] = {
  title: "Val",
};
