/** The step in which the file is read, in Swedish. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Filen kontrolleras",
};
