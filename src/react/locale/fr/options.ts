/** The step of duplicates and owners, in French. */
import type { Texts } from "../texts.ts";

export const options: Texts["options"] = {
  title: "Options",
};
