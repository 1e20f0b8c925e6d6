/** What people call the marks and encodings of a text file. */

/** Delimiter → the key of its name. */
export const delimiterNames: ReadonlyMap<string, "comma" | "semicolon" | "tab" | "pipe"> = new Map([
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "pipe"],
] as const);

/** Names as programs show them when they save a file; they are the same in every language. */
const encodings: readonly (readonly [string, string])[] = [
  ["utf-8", "UTF-8"],
  ["windows-1252", "Windows-1252 (Europe, ANSI)"],
  ["iso-8859-15", "ISO-8859-15 (Latin 9)"],
  ["macintosh", "Mac Roman"],
  ["cp850", "CP850 (DOS)"],
  ["utf-16le", "UTF-16 LE (Unicode)"],
  ["utf-16be", "UTF-16 BE"],
  ["windows-1250", "Windows-1250 (Polski, Čeština, Magyar)"],
  ["windows-1251", "Windows-1251 (Кириллица)"],
  ["windows-1253", "Windows-1253 (Ελληνικά)"],
  ["windows-1254", "Windows-1254 (Türkçe)"],
  ["windows-1255", "Windows-1255 (עברית)"],
  ["windows-1256", "Windows-1256 (العربية)"],
  ["windows-1257", "Windows-1257 (Baltic)"],
  ["shift_jis", "Shift_JIS (日本語)"],
  ["euc-jp", "EUC-JP (日本語)"],
  ["gb18030", "GB18030 (简体中文)"],
  ["big5", "Big5 (繁體中文)"],
  ["euc-kr", "EUC-KR (한국어)"],
];

/** `Windows-1252` */
export function encodingName(encoding: string): string {
  const known = encodings.find(([label]) => label === encoding);
  return known === undefined ? encoding.toUpperCase() : known[1].replace(/ \(.*$/, "");
}

/** Those that can be chosen, the present one among them. */
export function encodingChoices(present: string): (readonly [string, string])[] {
  const isKnown = encodings.some(([label]) => label === present);
  return isKnown ? [...encodings] : [[present, encodingName(present)], ...encodings];
}
