/**
 * Text that was garbled before the file was written: UTF-8 that a program took for Windows-1252 and wrote as UTF-8 once
 * more, so that `é` is `Ã©` and `’` is `â€™`.
 */
import type { FileFinding } from "../../core/row.ts";

/** What Windows-1252 has for the bytes that continue a sequence of UTF-8 (0x80 to 0xbf). */
const continuation = "€\\u0081‚ƒ„…†‡ˆ‰Š‹Œ\\u008dŽ\\u008f\\u0090‘’“”•–—˜™š›œ\\u009džŸ\\u00a0-¿";
/** A capital before `Ã` makes it a letter of a word in capitals (`MAÇÃ”`). */
const garbled = new RegExp(`(?=[ÃÂâ])(?<!\\p{Lu})(?:Ã[${continuation}]|Â[\\u00a0-¿]|â€[${continuation}])`, "u");
const shownLength = 40;

/** The finding that says so, with the first such word. */
export function garbledText(rows: readonly (readonly string[])[]): FileFinding[] {
  let count = 0;
  let value = "";
  for (const cells of rows) {
    for (const cell of cells) {
      if (!garbled.test(cell)) continue;
      count++;
      value ||= cell.split(/[ \t\r\n]+/).find((word) => garbled.test(word)) ?? cell;
    }
  }
  return count === 0 ? [] : [{ code: "text_garbled", count, params: { value: value.slice(0, shownLength) } }];
}
