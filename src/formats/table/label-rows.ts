/** Rows right below the names that are no records: question texts, names for machines, units, types. */
import { mayName, reads, shareOfData } from "./cell-reading.ts";
import { filledWidth, isFilled, type SampleRow } from "./sample-row.ts";

const maxLabelRows = 3;

/** As Qualtrics and others write the ids of columns. */
const machineName = /^\s*\{\s*"[^"]+"\s*:.*\}\s*$/s;

const units = new Set(
  `kg g mg µg t lb lbs oz m cm mm km m2 m² m3 m³ cm2 cm² cm3 cm³ km2 km² ha in inch ft l dl cl ml hl h hrs min s sec ms d °c °f k c
  % ‰ ppm eur € euro usd $ gbp £ sek nok dkk kr chf jpy ¥ pln zł czk kč huf ft tkr t€ k€ teur keur pcs pc pce st st. stk stk. stck stück
  szt ea each v mv a ma w kw mw kwh mwh wh hz khz mhz ghz pa hpa kpa bar mbar psi n kn nm j kj kcal db rpm km/h m/s mph l/100km g/l mg/l
  kg/m3 kg/m² mol mmol mmhg px byte kb mb gb tb`.split(/\s+/),
);
const types = new Set(
  `string text varchar nvarchar char int int2 int4 int8 integer bigint smallint long short number numeric decimal float float4 float8 double
  real money bool boolean bit date datetime timestamp timestamptz time uuid guid json jsonb array object factor character logical
  categorical texte nombre entier chaîne datum tal heltal sträng zahl ganzzahl`.split(/\s+/),
);
/** In the place of a unit, where there is none. */
const noUnit = /^[[(]?[-–—][\])]?$/;
/** How a date is to be written, as a hint in place of a unit. */
const dateForm = /^[ymdjtah]{1,4}([-/. ][ymdjtah]{1,4}){1,2}([ t][hms:]+)?$/i;

export interface LabelRows {
  count: number;
  /** They might be a record after all. */
  guessed: boolean;
}

/** How many rows below the names at `at` say more of the columns and are no records. */
export function labelsBelow(rows: readonly SampleRow[], at: number, width: number): LabelRows {
  let found: LabelRows = { count: 0, guessed: false };
  for (let count = 1; count <= maxLabelRows && at + count < rows.length; count++) {
    const row = rows[at + count];
    if (row.number !== rows[at].number + count) break;
    const below = rows.slice(at + count + 1).map(({ cells }) => cells);
    const kind = labelKind(row.cells, below, width);
    // Texts may be between the names and what says for certain that they are none.
    if (kind !== null) found = { count, guessed: kind === "guess" };
  }
  return found;
}

function labelKind(cells: readonly string[], below: readonly string[][], width: number): "sure" | "guess" | null {
  const filled = cells.map((cell) => cell.trim()).filter(isFilled);
  if (filled.length === 0 || filledWidth(cells) > width) return null;
  if (filled.length >= 2 && filled.every((cell) => machineName.test(cell))) return "sure";
  const words = filled.map((cell) => cell.toLowerCase());
  if (words.length >= Math.max(2, 0.5 * width) && words.every((word) => types.has(bare(word)))) return "sure";
  if (below.length === 0) return null;
  const isData = (c: number): boolean => (shareOfData(below.map((row) => row[c] ?? "")) ?? 0) >= 0.8;
  const places = [...cells.keys()].filter((c) => isFilled(cells[c]) && !noUnit.test(cells[c].trim()));
  if (places.length > 0 && places.every((c) => isUnit(cells[c].trim()))) return places.every(isData) ? "sure" : null;
  return areLabels(cells, below, width, isData);
}

/** A row of words above data alone: one of them might be missing there, several are labels. */
function areLabels(
  cells: readonly string[],
  below: readonly string[][],
  width: number,
  isData: (c: number) => boolean,
): "sure" | "guess" | null {
  if (below.length < 3) return null;
  const filled = cells.filter(isFilled);
  if (filled.length < 0.6 * width || filled.some((cell) => reads(cell) === "data")) return null;
  const words = filled.map((cell) => cell.trim().toLowerCase());
  if (new Set(words).size < words.length) return null;
  const columns = Array.from({ length: width }, (_, c) => c).filter(isData);
  if (columns.length < 2 || !columns.every((c) => mayName(cells[c] ?? ""))) return null;
  if (below.some((row) => row.some((value, c) => isFilled(value) && value === cells[c]))) return null;
  return columns.length > 2 ? "sure" : "guess";
}

function isUnit(cell: string): boolean {
  return units.has(bare(cell.toLowerCase())) || dateForm.test(cell);
}

/** A longer cell is no name of a type or a unit. */
const maxWord = 100;

/** `[kg]`, `(EUR)` without what encloses it; `varchar(20)` without its length. */
function bare(word: string): string {
  if (word.length > maxWord) return word;
  return word.replace(/^[[(]\s*(.+?)\s*[\])]$/, "$1").replace(/\s*\(\d+(,\s*\d+)?\)$/, "");
}
