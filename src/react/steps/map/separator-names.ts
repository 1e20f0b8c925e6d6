/** What separates the values in a list's cell, by name. */

/** Marks that a person can choose. */
export const separators = [";", ",", "|", "/", "\n", "\t"] as const;

const names: Readonly<Record<string, `separator_${"semicolon" | "comma" | "pipe" | "slash" | "line" | "tab"}`>> = {
  ";": "separator_semicolon",
  ",": "separator_comma",
  "|": "separator_pipe",
  "/": "separator_slash",
  "\n": "separator_line",
  "\t": "separator_tab",
};

/** The word for a mark, with what stands in its place. */
export function separatorWord(mark: string | undefined): {
  word: (typeof names)[string] | "separator_other" | "separator_any";
  mark: string;
} {
  if (mark === undefined) return { word: "separator_any", mark: "" };
  return { word: names[mark] ?? names[mark.trim()] ?? "separator_other", mark };
}
