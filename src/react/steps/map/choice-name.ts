/** What a way of reading a file is called in the page. */
import type { ReadingChoice } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { delimiterNames, encodingName } from "./dialect-names.ts";

/** @example useChoiceName()("delimiter", ";") // Semicolons */
export function useChoiceName(): (of: ReadingChoice["of"], value: string | number) => string {
  const t = useTexts("map");
  return (of, value) => {
    const text = String(value);
    switch (of) {
      case "delimiter": {
        const name = delimiterNames.get(text);
        return name === undefined ? t("delimiterName_other", { mark: text }) : t(`delimiterName_${name}`);
      }
      case "encoding":
        return encodingName(text);
      case "quote":
        return t(`quote_${quoteNames[text as keyof typeof quoteNames] ?? "none"}`);
      case "headerRow":
        return value === 0 ? t("headerNone") : t("headerIn", { row: Number(value) });
      case "sheet":
        return t("sheetIs", { sheet: text });
      default:
        return text;
    }
  };
}

/** Quote → the key of its name. */
const quoteNames = { '"': "double", "'": "single", none: "none" } as const;
