/** From a file to a job that is ready to run: kept, recognised, understood, mapped, with every doubt settled. */
import { basename } from "node:path";
import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { SluiceError } from "../errors.ts";
import type { Assignment, ColumnMapping, DuplicateOptions, ImportJob, Mapping, Transform } from "../import.ts";
import { duplicateStrategies } from "../import.ts";
import type { Importer } from "../importer.ts";
import { textsOf } from "../locale/locale.ts";
import { type GivenMapping, missingFields } from "../pipeline/map.ts";
import type { DialectHints, Files } from "../ports.ts";
import type { Encoding } from "../row.ts";
import type { Terminal } from "./terminal.ts";

export interface ImportFlags {
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
  onDuplicate?: string;
  match?: string;
  assign?: string;
  map?: string[];
  context?: string[];
  again?: boolean;
  encoding?: string;
  delimiter?: string;
  headerRow?: string;
  lang?: string;
  databaseUrl?: string;
  dataDir?: string;
}

/** A decision that only a person can take; the message says what to pass. Exit code 2. */
export class NeedsDecision extends SluiceError {
  constructor(message: string) {
    super("invalid", message);
    this.name = "NeedsDecision";
  }
}

/** The file has been imported before, by this importer for this person. Exit code 4. */
export class AlreadyImported extends SluiceError {
  constructor({ id, completedAt, createdBy, importedRows }: ImportJob) {
    const when = completedAt?.toISOString().slice(0, 16).replace("T", " ");
    super(
      "conflict",
      `This file has been imported already: import ${id} by ${createdBy ?? "?"} on ${when} UTC, ${importedRows} records. Pass --again to import it once more.`,
    );
    this.name = "AlreadyImported";
  }
}

/** The job to run: a new one, or the unfinished one of the same file. */
export type Opened = { kind: "new"; job: ImportJob } | { kind: "unfinished"; job: ImportJob };

export async function openImport(
  { app, files, config, terminal }: { app: App; files: Files; config: Config; terminal: Terminal },
  importerName: string,
  path: string,
  flags: ImportFlags,
): Promise<Opened> {
  const { engine } = app;
  const importer = engine.importer(importerName);
  const duplicates = duplicateOptions(importer, flags);
  const given = (flags.map ?? []).map(parseMapping);
  const hints = dialectHints(flags);
  const context = parsePairs(flags.context ?? []);
  const name = path === "-" ? "stdin" : basename(path);
  const kept = await files.keep(path === "-" ? terminal.stdin : path, { name, signal: terminal.signal });
  let wanted = false;
  try {
    if (!flags.again && !flags.dryRun) {
      const same = await engine.store.findSameFile({
        importer: importer.name,
        fileHash: kept.hash,
        createdBy: terminal.user,
      });
      const unfinished = same.find(({ status }) => status !== "completed");
      if (unfinished !== undefined) return { kind: "unfinished", job: unfinished };
      if (same.length > 0) throw new AlreadyImported(same[0]);
    }
    const source = await files.open(kept.storagePath);
    const { dialect, profiles } = await engine
      .inspect({ ...source, name }, hints, terminal.signal)
      .finally(() => source.close());
    const suggested = asDecision(() => engine.map(importer, profiles, given));
    const mapping = await settle(suggested, importer, flags, config, terminal);
    const unfed =
      flags.match === undefined
        ? undefined
        : duplicates.keys.find((key) => !mapping.columns.some(({ field }) => field === key));
    if (unfed !== undefined)
      throw new NeedsDecision(
        `--match "${unfed}": no column feeds it, so no duplicate would be found by it. Pass --map "Column=${unfed}", or leave it away.`,
      );
    const assignment = await parseAssignment(flags.assign ?? "none", importer, mapping, app);
    const job = await engine.createImport({
      importer: importer.name,
      file: { ...kept, name },
      dialect,
      mapping,
      assignment,
      duplicates,
      context,
      language: config.language,
      createdBy: terminal.user,
      dryRun: flags.dryRun ?? false,
    });
    wanted = true;
    return { kind: "new", job };
  } finally {
    if (!wanted) await files.remove(kept.storagePath);
  }
}

/** What is wrong with an option is for the person to decide. */
function asDecision<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") throw new NeedsDecision(error.message);
    throw error;
  }
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
  const transforms: Record<string, Transform> = {
    dmy: { dateOrder: "dmy" },
    mdy: { dateOrder: "mdy" },
    ymd: { dateOrder: "ymd" },
    comma: { decimalMark: "," },
    point: { decimalMark: "." },
  };
  if (how !== undefined && transforms[how] === undefined) {
    throw new NeedsDecision(`--map "${text}": after the colon stands one of ${Object.keys(transforms).join(", ")}.`);
  }
  return {
    column: text.slice(0, at).trim(),
    field: field === "" ? null : field,
    ...(how && { transform: transforms[how] }),
  };
}

function parsePairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0) throw new NeedsDecision(`--context "${pair}" must have the form name=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export function dialectHints(flags: { encoding?: string; delimiter?: string; headerRow?: string }): DialectHints {
  const hints: DialectHints = {};
  if (flags.encoding !== undefined) {
    const encodings: readonly Encoding[] = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];
    const encoding = encodings.find((each) => each === flags.encoding?.toLowerCase());
    if (encoding === undefined)
      throw new NeedsDecision(`--encoding "${flags.encoding}" is not one of: ${encodings.join(", ")}.`);
    hints.encoding = encoding;
  }
  if (flags.delimiter !== undefined) {
    const delimiter = flags.delimiter === "\\t" || flags.delimiter === "tab" ? "\t" : flags.delimiter;
    if (!/^[\t !#-~]$/.test(delimiter))
      throw new NeedsDecision("--delimiter must be one ASCII character (or `tab`), and no quote.");
    hints.delimiter = delimiter;
  }
  if (flags.headerRow !== undefined) {
    const headerRow = Number(flags.headerRow);
    if (!Number.isInteger(headerRow) || headerRow < 0)
      throw new NeedsDecision("--header-row must be a row number, or 0 for a file without a header.");
    hints.headerRow = headerRow;
  }
  return hints;
}

function duplicateOptions(importer: Importer, flags: ImportFlags): DuplicateOptions {
  const strategy = duplicateStrategies.find((each) => each === (flags.onDuplicate ?? importer.match.onDuplicate));
  if (strategy === undefined)
    throw new NeedsDecision(`--on-duplicate "${flags.onDuplicate}" is not one of: ${duplicateStrategies.join(", ")}.`);
  const keys = flags.match === undefined ? [...importer.match.keys] : flags.match.split(",").map((key) => key.trim());
  for (const key of keys) {
    if (!Object.hasOwn(importer.fields, key)) {
      throw new NeedsDecision(
        `--match "${key}" is not a field. The fields are: ${Object.keys(importer.fields).join(", ")}.`,
      );
    }
  }
  return { strategy, keys };
}

/** Asks about doubtful columns where someone can answer; elsewhere says what to pass. */
async function settle(
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

/** The mapping as a table for people. */
export function mappingTable(mapping: Mapping, language: string): string {
  const { words } = textsOf(language);
  const rows = mapping.columns
    .slice(0, 60)
    .map(({ header, field, reason, score, doubt }) => [
      header.slice(0, 40),
      field ?? `(${words.leftOut})`,
      `${words.reasons[reason]}${field === null || reason === "given" ? "" : ` ${Math.round(score * 100)} %`}${doubt === undefined ? "" : ` ? ${doubt}`}`,
    ]);
  const table = [[words.column, words.field, words.why], ...rows];
  const widths = [0, 1].map((k) => Math.max(...table.map((row) => row[k].length)));
  const more = mapping.columns.length > 60 ? `  … ${mapping.columns.length - 60} more columns\n` : "";
  return `${table.map((row) => `  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`.trimEnd()).join("\n")}\n${more}`;
}

/** `none`, `single:WHO`, `round-robin:A,B:2`, `column:NAME` or `column:NAME|FALLBACK`; people by id, e-mail or name. */
async function parseAssignment(text: string, importer: Importer, mapping: Mapping, app: App): Promise<Assignment> {
  const at = text.indexOf(":");
  const mode = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? "" : text.slice(at + 1).trim();
  if (mode === "none" && rest === "") return { mode: "none" };
  if (importer.assign === undefined)
    throw new NeedsDecision(`The importer "${importer.name}" assigns no owners. Leave --assign away.`);
  if (rest === "" || !["single", "round-robin", "column"].includes(mode)) {
    throw new NeedsDecision(`--assign "${text}" must be none, single:WHO, round-robin:A,B:2 or column:NAME.`);
  }
  await app.engine.store.prepareTarget(importer);
  const ownersOf = async (names: string[]): Promise<string[]> => {
    const ids = await app.engine.store.findOwners(importer, names);
    const unknown = names.filter((_, k) => ids[k] === null);
    if (unknown.length > 0)
      throw new NeedsDecision(
        `--assign: nobody in ${importer.assign?.table} is called ${unknown.map((name) => `"${name}"`).join(", ")}.`,
      );
    return ids as string[];
  };
  if (mode === "single") return { mode, owner: (await ownersOf([rest]))[0] };
  if (mode === "round-robin") {
    const turns = rest.split(",").map((part) => {
      const [, name, weight] = /^(.*?)(?::(\d+))?$/.exec(part.trim()) as RegExpExecArray;
      return { name, weight: weight === undefined ? 1 : Number(weight) };
    });
    if (turns.some(({ name, weight }) => name === "" || weight < 1 || weight > 100)) {
      throw new NeedsDecision(
        `--assign "${text}": each owner is a name with an optional weight from 1 to 100, as in round-robin:anna@x.fr,bo@x.fr:2.`,
      );
    }
    const owners = await ownersOf(turns.map(({ name }) => name));
    return { mode, owners: turns.map(({ weight }, k) => ({ owner: owners[k], weight })) };
  }
  const [column, fallback] = rest.split("|").map((part) => part.trim());
  const found = mapping.columns.find(({ header }) => header.toLowerCase() === column.toLowerCase());
  if (found === undefined)
    throw new NeedsDecision(
      `--assign column: the file has no column "${column}". Its columns are: ${mapping.columns.map(({ header }) => header).join(", ")}.`,
    );
  return { mode: "column", column: found.header, ...(fallback && { fallback: (await ownersOf([fallback]))[0] }) };
}
