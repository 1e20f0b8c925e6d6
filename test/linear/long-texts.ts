/** Long runs of every class of characters that some pattern or loop of Sluice has an opinion on. */

/** What is repeated. */
const pieces = [
  ...[
    " ",
    "\t",
    "\u00a0",
    "\u202f",
    "\u200b",
    "\ufeff",
    "\n",
    "\r",
    "\r\n",
    "0",
    "1",
    "9",
    "a",
    "A",
    "Z",
    "é",
    "ß",
    "İ",
  ],
  ...["\u0301", "\u0301\u0323", "\uff9e", "ﷺ", "Σ", "한", "😀", ".", ",", "'", "’", "-", "−", "+", "(", ")", "/", "\\"],
  ...[
    ":",
    "@",
    ";",
    "|",
    '"',
    '""',
    "=",
    "%",
    "€",
    "kr",
    "&",
    "#",
    "<",
    "[",
    "{",
    "}",
    "]",
    "!",
    "_",
    "~",
    "^",
    "$",
    "?",
  ],
  ...[
    "a.",
    "a@",
    "a@b.fr ",
    "1 ",
    "1,",
    "1.",
    "1-",
    "1/",
    "T1",
    " 1",
    ", 1",
    "0612345678 ",
    "0612345678/",
    "jan ",
    "ou ",
    "e-1",
  ],
  ...['","', '";"', '"\n', '\n"', "\n\n", "a\n\n", "a,b\n\n", ',"', "<!--", "<?x", '{"a":', "[[", '"a",', "=+", "(1)"],
];

/** What stands around it. */
const frames: readonly (readonly [before: string, after: string])[] = [
  ["", ""],
  ["1", "x"],
  ["x", "1"],
];

export interface LongText {
  name: string;
  text: string;
}

/** One after the other, so that one of them is in memory. Over 100,000 characters what takes quadratic time takes many seconds. */
export function* longTexts(chars: number): Generator<LongText> {
  for (const piece of pieces) {
    const run = piece.repeat(Math.ceil(chars / piece.length));
    for (const [before, after] of frames) {
      yield {
        name: `${JSON.stringify(before)} ${JSON.stringify(piece)}… ${JSON.stringify(after)}`,
        text: before + run + after,
      };
    }
  }
}
