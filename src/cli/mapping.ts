/** The mapping as a person settles it: `--map`, questions about doubtful columns, and the table that shows it. */
import type { Config } from "../config.ts";
import {
  type BlankOffer,
  type ColumnMapping,
  doubtsOf,
  feedsNothing,
  type MadeField,
  type Mapping,
  type MappingDoubt,
  type Repair,
} from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { textsOf } from "../locale/locale.ts";
import { headerZone } from "../mapping/header-zone.ts";
import { missingFields } from "../mapping/map.ts";
import { NeedsDecision } from "./decision.ts";
import { nameOfSeparator, parseMapping, separatorNames, writtenSource } from "./given-mapping.ts";
import type { ImportFlags } from "./import-flags.ts";
import type { Terminal } from "./terminal.ts";

/** Asks about doubtful columns where someone can answer; elsewhere says what to pass. */
export async function settle(
  suggested: Mapping,
  importer: Importer,
  flags: ImportFlags,
  config: Config,
  terminal: Terminal,
): Promise<Mapping> {
  let mapping = suggested;
  if (doubtsOf(mapping).length > 0 && !flags.yes) {
    if (!terminal.interactive || flags.json)
      throw new NeedsDecision(`${mappingTable(mapping, config.language)}\n${doubtText(mapping)}`);
    terminal.err(mappingTable(mapping, config.language));
    const columns: ColumnMapping[] = [];
    for (const column of mapping.columns)
      columns.push(column.doubt === undefined ? column : await askColumn(column, importer));
    const fields: MadeField[] = [];
    for (const field of mapping.fields ?? [])
      if (field.doubt === undefined) fields.push(field);
      else if (await askField(field, mapping)) fields.push(accepted(field));
    mapping = fields.length === 0 ? { columns } : { columns, fields };
  }
  const missing = missingFields(importer, mapping);
  if (missing.length === 0 && feedsNothing(mapping)) {
    throw new NeedsDecision(
      `${mappingTable(mapping, config.language)}\nNo column feeds any field, so there is nothing to import.\n${waysText(Object.keys(importer.fields)[0])}`,
    );
  }
  if (missing.length > 0) {
    throw new NeedsDecision(
      `${mappingTable(mapping, config.language)}\nNo column feeds: ${missing.join("; ")}.\n${waysText(missing[0])}`,
    );
  }
  return mapping;
}

/** What there is to pass for a field that nothing feeds. */
function waysText(missing: string): string {
  const [field] = missing.split(" | ");
  return [
    `Pass one of these, repeated for each field:`,
    `  --map "Column=${field}"               from a column; "Column|'text'=${field}" where blank cells count as text`,
    `  --map "'text'=${field}"               the same text in every row`,
    `  --map "Column+' '+Other=${field}"     several columns, with what goes between them`,
    `  --map "Column[first]=${field}"        a part: [first], [last] of a name, [street], [postal_code], [city] of an address, [;2] of a list`,
  ].join("\n");
}

function doubtText(mapping: Mapping): string {
  const suggested = (mapping.fields ?? [])
    .filter(({ doubt }) => doubt !== undefined)
    .map((field) => {
      const written = `${writtenSource(field, mapping)}=${field.field}`;
      return `  is ${field.field} a part of a column? Pass --map "${written}"`;
    });
  const doubtful = mapping.columns.filter(({ doubt }) => doubt !== undefined);
  const lines = doubtful.map(({ header, field, doubt, transform }) => {
    if (doubt === "date_order")
      return `  "${header}": day or month first? Pass --map "${header}=${field}:dmy" or --map "${header}=${field}:mdy"`;
    if (doubt === "date_serial")
      return `  "${header}": are its numbers a spreadsheet's days (45292 is 2024-01-01)? Pass --map "${header}=${field}:serial", or --map "${header}=" to leave it out`;
    if (doubt === "decimal_mark")
      return `  "${header}": is the ${transform?.decimalMark === "," ? "comma" : "point"} a decimal mark? Pass --map "${header}=${field}:comma" or --map "${header}=${field}:point"`;
    if (doubt === "time_zone")
      return `  "${header}": which time zone? Its letters mean several. Pass --map "${header}=${field}:${transform?.timeZone}", or another offset, or a name such as Europe/Paris`;
    if (doubt === "separator")
      return `  "${header}": what separates its values? Pass --map "${header}=${field}:${nameOfSeparator(transform)}", or another of ${separatorNames.join(", ")}`;
    if (doubt === "ambiguous_field")
      return `  "${header}": another column could feed ${field} too. Pass --map "${header}=${field}", or the other column's name`;
    return `  "${header}": is it ${field}? Pass --map "${header}=${field}", or --map "${header}=" to leave it out`;
  });
  return `The mapping is doubtful:\n${[...lines, ...suggested].join("\n")}\nOr pass --yes to take it as it stands above.`;
}

function accepted({ doubt: _, ...field }: MadeField): MadeField {
  return field;
}

async function askField(field: MadeField, mapping: Mapping): Promise<boolean> {
  const answer = await chosen(`Does ${field.field} come from ${writtenSource(field, mapping)}?`, [
    { value: "yes", label: "yes" },
    { value: "no", label: "no" },
  ]);
  return answer === "yes";
}

/** The ways to read a column, as `--map` has them after the colon. */
const readings: Readonly<Partial<Record<MappingDoubt, Choice[]>>> = {
  date_order: [
    { value: "dmy", label: "day/month/year" },
    { value: "mdy", label: "month/day/year" },
  ],
  decimal_mark: [
    { value: "comma", label: "1,5 is one and a half" },
    { value: "point", label: "1.5 is one and a half" },
  ],
  separator: separatorNames.map((name) => ({ value: name, label: `separated ${name.replace("-", " ")}` })),
};

async function askColumn(column: ColumnMapping, importer: Importer): Promise<ColumnMapping> {
  const { header, field, doubt } = column;
  const settled = { ...column };
  delete settled.doubt;
  if (doubt === "date_serial") {
    const answer = await chosen(
      `Are the numbers of the column "${header}" a spreadsheet's days (45292 is 2024-01-01)?`,
      [
        { value: "yes", label: "yes" },
        { value: "no", label: "no: leave the column out" },
      ],
    );
    return answer === "yes" ? settled : { ...settled, field: null, reason: "given", score: 1 };
  }
  if (doubt === "time_zone") {
    const zones = zonesOf(header);
    const answer = await chosen(
      `Which time zone are the times of the column "${header}" in?`,
      zones.map((zone) => ({ value: zone, label: zone })),
    );
    return { ...settled, transform: { ...column.transform, timeZone: answer } };
  }
  const ways = doubt && readings[doubt];
  if (ways !== undefined) {
    const answer = await chosen(`How is the column "${header}" to be read?`, ways);
    return { ...settled, transform: { ...column.transform, ...parseMapping(`x=y:${answer}`).transform } };
  }
  const fields = Object.keys(importer.fields).map((name) => ({ value: name, label: name }));
  const answer = await chosen(
    `Which field does the column "${header}" feed?`,
    [...fields, { value: "", label: "(left out)" }],
    field ?? "",
  );
  return { ...settled, field: answer === "" ? null : answer, reason: "given", score: 1 };
}

/** What the letters in a header may mean. */
function zonesOf(header: string): readonly string[] {
  const zone = headerZone(header)?.zone ?? null;
  return zone === null ? ["UTC"] : "zone" in zone ? [zone.zone] : zone.oneOf;
}

interface Choice {
  value: string;
  label: string;
}

/** @throws NeedsDecision where the person gives up */
async function chosen(message: string, options: Choice[], initialValue?: string): Promise<string> {
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select({ message, options, initialValue });
  if (isCancel(answer)) throw new NeedsDecision("Nothing was imported.");
  return answer;
}

/** `12 zeros lost: --map "CP=postal_code:pad5"` */
function repairOffer(header: string, field: string | null, { width, cells }: Repair, zerosLost: string): string {
  return `${cells} ${zerosLost}: --map "${header}=${field}:pad${width}"`;
}

/** `40 cells are a word for nothing: --null NULL` */
function blankOffer({ words, cells }: BlankOffer, said: string): string {
  return `${cells} ${said}: ${words.map((word) => `--null "${word}"`).join(" ")}`;
}

/** How the cells are read where they alone do not say, as `--map` has it after the colon, and why. */
function readingWords({ transform, readBy }: Pick<ColumnMapping, "transform" | "readBy">): string[] {
  const { dateOrder, decimalMark, timeZone } = transform ?? {};
  const mark = decimalMark === undefined ? undefined : decimalMark === "," ? "comma" : "point";
  const read = dateOrder ?? mark;
  const isTold = read !== undefined && readBy !== undefined && readBy !== "cells" && readBy !== "usual";
  return [...(isTold ? [`${read} (${readBy})`] : []), ...(timeZone === undefined ? [] : [timeZone])];
}

/** The mapping as a table for people. */
export function mappingTable(mapping: Mapping, language: string): string {
  const { words } = textsOf(language);
  const rows = mapping.columns
    .slice(0, 60)
    .map(({ header, field, reason, score, doubt, repair, blanks, default: fallback, ...reading }) => [
      `${header.slice(0, 40)}${fallback === undefined ? "" : `|'${fallback.slice(0, 20)}'`}`,
      field ?? `(${words.leftOut})`,
      [
        `${words.reasons[reason]}${field === null || reason === "given" ? "" : ` ${Math.round(score * 100)} %`}`,
        ...readingWords(reading),
        ...(doubt === undefined ? [] : [`? ${doubt}`]),
        ...(repair === undefined || repair.cells === 0
          ? []
          : [`! ${repairOffer(header, field, repair, words.zerosLost)}`]),
        ...(blanks === undefined ? [] : [`! ${blankOffer(blanks, words.wordsForNothing)}`]),
      ].join(" "),
    ]);
  const made = (mapping.fields ?? []).map((field) => [
    writtenSource(field, mapping).slice(0, 40),
    field.field,
    `${words.reasons[field.reason]}${field.doubt === undefined ? "" : ` ? ${field.doubt}`}`,
  ]);
  const table = [[words.column, words.field, words.why], ...rows, ...made];
  const widths = [0, 1].map((k) => Math.max(...table.map((row) => row[k].length)));
  const more = mapping.columns.length > 60 ? `  … ${mapping.columns.length - 60} more columns\n` : "";
  return `${table.map((row) => `  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`.trimEnd()).join("\n")}\n${more}`;
}
