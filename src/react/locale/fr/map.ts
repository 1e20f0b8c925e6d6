/** The step of columns and fields, in French. */
import type { Texts } from "../texts.ts";

export const map: Texts["map"] = {
  title: "Colonnes et champs",
};
