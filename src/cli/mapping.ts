/** The mapping as a person settles it: `--map`, questions about doubtful columns, and the table that shows it. */
import type { Config } from "../config.ts";
import type { ColumnMapping, Mapping, Repair, Transform } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { textsOf } from "../locale/locale.ts";
import { type GivenMapping, missingFields } from "../mapping/map.ts";
import { NeedsDecision } from "./decision.ts";
import type { ImportFlags } from "./import-flags.ts";
import type { Terminal } from "./terminal.ts";

/** How a column can be read, as written after the colon of `--map`. */
const transforms: Readonly<Record<string, Transform>> = {
  dmy: { dateOrder: "dmy" },
  mdy: { dateOrder: "mdy" },
  ymd: { dateOrder: "ymd" },
  serial: { dateOrder: "serial" },
  comma: { decimalMark: "," },
  point: { decimalMark: "." },
};
/** `pad5`: codes of five digits. */
const maxPadTo = 30;

function transformOf(how: string): Transform | undefined {
  const width = Number(/^pad(\d{1,2})$/.exec(how)?.[1] ?? Number.NaN);
  if (width >= 2 && width <= maxPadTo) return { padTo: width };
  return Object.hasOwn(transforms, how) ? transforms[how] : undefined;
}

/** `Column=field`, `Column=field:dmy`, `Column=` (left out). The column's name may hold `=` itself. */
export function parseMapping(text: string): GivenMapping {
  const at = text.lastIndexOf("=");
  if (at <= 0)
    throw new NeedsDecision(
      `--map "${text}" must have the form "Column=field" (or "Column=" to leave the column out).`,
    );
  const [field, how] = text
    .slice(at + 1)
    .trim()
    .split(":");
  const transform = how === undefined ? undefined : transformOf(how);
  if (how !== undefined && transform === undefined) {
    throw new NeedsDecision(
      `--map "${text}": after the colon stands one of ${Object.keys(transforms).join(", ")}, or pad5 (zeros before codes of five digits).`,
    );
  }
  return {
    column: text.slice(0, at).trim(),
    field: field === "" ? null : field,
    ...(transform && { transform }),
  };
}

/** Asks about doubtful columns where someone can answer; elsewhere says what to pass. */
export async function settle(
  suggested: Mapping,
  importer: Importer,
  flags: ImportFlags,
  config: Config,
  terminal: Terminal,
): Promise<Mapping> {
  let mapping = suggested;
  const doubtful = mapping.columns.filter(({ doubt }) => doubt !== undefined);
  if (doubtful.length > 0 && !flags.yes) {
    if (!terminal.interactive || flags.json)
      throw new NeedsDecision(`${mappingTable(mapping, config.language)}\n${doubtText(doubtful)}`);
    terminal.err(mappingTable(mapping, config.language));
    const settled: ColumnMapping[] = [];
    for (const column of doubtful) settled.push(await askColumn(column, importer));
    mapping = {
      columns: mapping.columns.map((column) => settled.find((each) => each.column === column.column) ?? column),
    };
  }
  const missing = missingFields(importer, mapping);
  if (missing.length > 0) {
    throw new NeedsDecision(
      `${mappingTable(mapping, config.language)}\nNo column feeds: ${missing.join("; ")}. Pass --map "Column=field" for it.`,
    );
  }
  return mapping;
}

function doubtText(doubtful: readonly ColumnMapping[]): string {
  const lines = doubtful.map(({ header, field, doubt, transform }) => {
    if (doubt === "date_order")
      return `  "${header}": day or month first? Pass --map "${header}=${field}:dmy" or --map "${header}=${field}:mdy"`;
    if (doubt === "date_serial")
      return `  "${header}": are its numbers a spreadsheet's days (45292 is 2024-01-01)? Pass --map "${header}=${field}:serial", or --map "${header}=" to leave it out`;
    if (doubt === "decimal_mark")
      return `  "${header}": is the ${transform?.decimalMark === "," ? "comma" : "point"} a decimal mark? Pass --map "${header}=${field}:comma" or --map "${header}=${field}:point"`;
    if (doubt === "ambiguous_field")
      return `  "${header}": another column could feed ${field} too. Pass --map "${header}=${field}", or the other column's name`;
    return `  "${header}": is it ${field}? Pass --map "${header}=${field}", or --map "${header}=" to leave it out`;
  });
  return `The mapping is doubtful:\n${lines.join("\n")}\nOr pass --yes to take it as it stands above.`;
}

async function askColumn(column: ColumnMapping, importer: Importer): Promise<ColumnMapping> {
  const { isCancel, select } = await import("@clack/prompts");
  const { header, field, doubt } = column;
  const settled = { ...column };
  delete settled.doubt;
  if (doubt === "date_serial") {
    const answer = await select({
      message: `Are the numbers of the column "${header}" a spreadsheet's days (45292 is 2024-01-01)?`,
      options: [
        { value: "yes", label: "yes" },
        { value: "no", label: "no: leave the column out" },
      ],
    });
    if (isCancel(answer)) throw new NeedsDecision("Nothing was imported.");
    return answer === "yes" ? settled : { ...settled, field: null, reason: "given", score: 1 };
  }
  if (doubt === "date_order" || doubt === "decimal_mark") {
    const options =
      doubt === "date_order"
        ? [
            { value: "dmy", label: "day/month/year" },
            { value: "mdy", label: "month/day/year" },
          ]
        : [
            { value: "comma", label: "1,5 is one and a half" },
            { value: "point", label: "1.5 is one and a half" },
          ];
    const answer = await select({ message: `How is the column "${header}" to be read?`, options });
    if (isCancel(answer)) throw new NeedsDecision("Nothing was imported.");
    return { ...settled, transform: { ...column.transform, ...parseMapping(`x=y:${answer}`).transform } };
  }
  const answer = await select({
    message: `Which field does the column "${header}" feed?`,
    initialValue: field ?? "",
    options: [
      ...Object.keys(importer.fields).map((name) => ({ value: name, label: name })),
      { value: "", label: "(left out)" },
    ],
  });
  if (isCancel(answer)) throw new NeedsDecision("Nothing was imported.");
  return { ...settled, field: answer === "" ? null : String(answer), reason: "given", score: 1 };
}

/** `12 zeros lost: --map "CP=postal_code:pad5"` */
function repairOffer(header: string, field: string | null, { width, cells }: Repair, zerosLost: string): string {
  return `${cells} ${zerosLost}: --map "${header}=${field}:pad${width}"`;
}

/** The mapping as a table for people. */
export function mappingTable(mapping: Mapping, language: string): string {
  const { words } = textsOf(language);
  const rows = mapping.columns
    .slice(0, 60)
    .map(({ header, field, reason, score, doubt, repair }) => [
      header.slice(0, 40),
      field ?? `(${words.leftOut})`,
      [
        `${words.reasons[reason]}${field === null || reason === "given" ? "" : ` ${Math.round(score * 100)} %`}`,
        ...(doubt === undefined ? [] : [`? ${doubt}`]),
        ...(repair === undefined || repair.cells === 0
          ? []
          : [`! ${repairOffer(header, field, repair, words.zerosLost)}`]),
      ].join(" "),
    ]);
  const table = [[words.column, words.field, words.why], ...rows];
  const widths = [0, 1].map((k) => Math.max(...table.map((row) => row[k].length)));
  const more = mapping.columns.length > 60 ? `  … ${mapping.columns.length - 60} more columns\n` : "";
  return `${table.map((row) => `  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`.trimEnd()).join("\n")}\n${more}`;
}
