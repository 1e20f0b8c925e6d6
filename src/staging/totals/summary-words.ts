/**
 * The words by which people and programs name a line that sums up others: totals, subtotals, taxes below them, averages, counts. As
 * Excel's subtotals and pivot tables write them, SAP, DATEV and shops; in the languages of the importers' people and their neighbours'.
 */

export interface SummaryWord {
  kind: "total" | "average" | "count" | "tax";
  /** Nothing else stands in the cell but the word, and what marks it. */
  isBare: boolean;
  /** What follows the word or precedes it: `Paris` of "Total Paris". */
  rest: string;
  /** The number of a count: 3 of "3 records". */
  count: number | null;
}

/** Whole phrases before single words: the first that fits is taken. */
const totals = [
  "(?:grand|general|overall|running|net|gross|order|invoice|report|page|sub)[ -]?totals?",
  "totals?",
  "total (?:général|generale|general|ht|ttc|tva comprise|net|brut)",
  "totaux",
  "sous[ -]totaux",
  "sous[ -]total",
  "montant total",
  "somme totale",
  "sommes?",
  "sums?",
  "(?:gesamt|zwischen|end|teil|netto|brutto|monats|jahres|perioden)-?summen?",
  "summen?",
  "gesamt(?:ergebnis|betrag|wert|saldo)?",
  "(?:zwischen)?ergebnis",
  "insgesamt",
  "(?:total|del|slut|netto|brutto)summa",
  "summa(?: totalt?| totalsumma)?",
  "totalt",
  "totale(?: generale| complessivo)?",
  "subtotale",
  "(?:sub|eind)?totaal",
  "suma(?: total| razem)?",
  "razem",
  "importe total",
  "yhteensä",
  "i alt",
  "sum(?:mary)? total",
  "[Σ∑]",
];
const averages = [
  "averages?",
  "avg",
  "mean",
  "(?:valeur )?moyennes?",
  "mittelwert",
  "durchschnitt",
  "genomsnitt",
  "medel(?:värde)?",
  "media",
  "promedio",
  "gemiddelde?",
];
const counts = [
  "(?:record|row|line|item|entry|total)? ?counts?",
  "(?:total )?(?:number|no\\.?|nr\\.?) of (?:rows|records|lines|entries|items|customers|contacts)",
  "nombre (?:de|d['’]) ?(?:lignes|enregistrements|clients|contacts|fiches)",
  "nombre",
  "anzahl(?: der)?(?: zeilen| datensätze| einträge| kunden)?",
  "antal(?: rader| poster| kunder)?",
];
const taxes = [
  "net(?:to|t)?(?: amount)?",
  "gross(?: amount)?",
  "brutto",
  "brut",
  "(?:sales )?tax(?:es)?",
  "vat",
  "tva",
  "ht",
  "ttc",
  "(?:inkl\\.? |zzgl\\.? )?(?:mwst|ust|mehrwertsteuer|umsatzsteuer)\\.?",
  "moms",
  "iva",
  "btw",
  "shipping",
  "discount",
  "remise",
  "rabatt",
  "skonto",
  "(?:balance|amount) due",
  "net à payer",
  "att betala",
  "öresavrundning",
  "min(?:imum)?",
  "max(?:imum)?",
  "median",
  "médiane",
  "std\\.? ?dev(?:iation)?",
];

/** Of "3 records", "12 rows selected". */
const counted =
  /^\W{0,3}\(?(\d[\d., ]{0,12}) (?:rows?|records?|lines|entries|items|results?|lignes?|enregistrements?|résultats?|zeilen|datensätze|einträge|rader|poster)(?: \p{L}+)?\)?[.:]?$/iu;

const decorated = "[\\s*=#>|–—:-]{0,8}";
const list = [
  ["total", totals],
  ["average", averages],
  ["count", counts],
  ["tax", taxes],
] as const;
const patterns = list.map(([kind, words]) => ({
  kind,
  first: new RegExp(`^${decorated}(?:${words.join("|")})(?![\\p{L}\\d_])`, "iu"),
  last: kind === "total" ? new RegExp(`(?<![\\p{L}\\d_])(?:${words.join("|")})${decorated}$`, "iu") : null,
}));

/** Longer texts are sentences. */
const maxChars = 60;

/** The word that a cell begins or ends with; null: it has none. */
export function summaryWord(text: string): SummaryWord | null {
  const cell = text.trim();
  if (cell === "" || cell.length > maxChars) return null;
  const found = counted.exec(cell);
  if (found !== null)
    return { kind: "count", isBare: true, rest: "", count: Number(found[1].replaceAll(/[., ]/g, "")) };
  // The longest word is meant: "Total général" rather than "Total".
  const rests = patterns.flatMap(({ kind, first, last }) => {
    const before = first.exec(cell);
    if (before !== null) return [{ kind, rest: cell.slice(before[0].length) }];
    const after = last?.exec(cell) ?? null;
    return after === null ? [] : [{ kind, rest: cell.slice(0, after.index) }];
  });
  if (rests.length === 0) return null;
  const { kind, rest } = rests.reduce((best, each) => (each.rest.length < best.rest.length ? each : best));
  const left = rest.replace(/^[\s:=.*#|–—-]+/, "").replace(/[\s:=*#|]+$/, "");
  const isNumber =
    /^[(]?[-+]?[\d.,'’\s%\u00a0\u202f]*\d[\d.,'’\s%\u00a0\u202f]*[)]?\s*(?:[€$£%]|eur|usd|gbp|chf|sek|kr)?$/i.test(
      left,
    );
  return {
    kind,
    isBare: left === "" || isNumber,
    rest: left,
    count: isNumber && kind === "count" ? Number(left.replaceAll(/\D/g, "")) : null,
  };
}

/** What qualifies a total rather than names somebody: "Total for Paris", "Total (EUR)", "Total 2024". */
const qualified =
  /^(?:[([\d]|(?:for|pour|für|för|per|par|de|du|des|of|av|excl|incl|inkl|exkl|zzgl|general|général|net|netto|brut|brutto|gross|ht|ttc|eur|usd|gbp|chf|sek)(?![\p{L}])|[€$£])/iu;

export function isQualified({ rest }: SummaryWord): boolean {
  return qualified.test(rest);
}

/** Notes that programs put below a table. */
export const noteWords =
  /^\W{0,3}(generated|exported|created|produced|printed|downloaded|report|source|note|end of|page|copyright|©|généré|exporté|édité|imprimé|créé|fin d|genererad|exporterad|skapad|utskriven|källa|sida|erstellt|exportiert|gedruckt|quelle|seite|stand)(?![\p{L}])/iu;

// Three letters, of any case, that a word of a summary begins or ends with: most cells have neither.
/** By the first three letters, which fourth ones may follow, as bits. */
const beginnings = new Uint32Array(1 << 15);
const endings = new Uint8Array(1 << 15);
const place = (a: number, b: number, c: number): number => ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
const begin =
  "grand gene gros over runn net order invo repo page subt sub- sub. tota tote totu sous mont somm sum summ gesa zwis endsu teil brut mona jahr peri erge insg dels slut eind suma raz impo yhte aver avg mean vale vala moye mitt durc mede prom gemi reco row line item entr coun numb no. nomb nr. anza anta sale tax vat tva ttc zzgl mwst ust. mehr umsa moms iva btw ship disc remi raba skon bala amou att min max medi std inkl";
const after = " :=.(*-0123456789".split("");
for (const word of begin.split(" ")) {
  const [x, y, z, fourth] = [...word].map((letter) => letter.charCodeAt(0));
  const next = fourth === undefined ? after.map((sign) => sign.charCodeAt(0)) : [fourth];
  // Words that are whole after three letters may have one more: "sums", "nett".
  if (fourth === undefined) next.push(0x73, 0x65, 0x74);
  for (const each of next) beginnings[place(x, y, z)] |= 1 << (each & 31);
}
for (const word of "tal als mme ums mma nis aux ale aal umm".split(" "))
  endings[place(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2))] = 1;

const nouns = new Uint8Array(1 << 15);
for (const word of "row rec lin ent ite res lig enr zei dat ein rad pos".split(" "))
  nouns[place(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2))] = 1;
/** What decorates a word in front: blanks, and * # = > -. */
const decorations = new Uint8Array(256);
for (const sign of " *#=>-([") decorations[sign.charCodeAt(0)] = 1;

/** Whether the cell may have such a word: a table's answer for its first bytes and its last. */
export function mayHaveWord(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && decorations[bytes[at]] === 1) at++;
  const first = bytes[at];
  const length = end - at;
  if (length < 2) return false;
  if (first < 0x41) return first >= 0x30 && first <= 0x39 && isCounted(bytes, at, end);
  if (length < 4) return first !== 0xc3;
  const follows = first <= 0x7a ? beginnings[place(first, bytes[at + 1], bytes[at + 2])] : 0;
  if (follows !== 0 && (follows & (1 << (bytes[at + 3] & 31))) !== 0) return true;
  if (first === 0xc3) return bytes[at + 1] === 0xb6 || bytes[at + 1] === 0x96;
  if (first === 0xce || first === 0xe2) return bytes[at + 1] === 0xa3 || bytes[at + 2] === 0x91;
  return endings[place(bytes[end - 3], bytes[end - 2], bytes[end - 1])] === 1;
}

/** "3 rec…" */
function isCounted(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && ((bytes[at] >= 0x30 && bytes[at] <= 0x39) || bytes[at] === 0x2c || bytes[at] === 0x2e)) at++;
  return at + 3 < end && bytes[at] === 0x20 && nouns[place(bytes[at + 1], bytes[at + 2], bytes[at + 3])] === 1;
}
