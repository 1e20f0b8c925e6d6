/** `sluice inspect`: how a file is understood, without importing it. It needs no database. */

import { importersOf } from "../app.ts";
import { SluiceError } from "../core/errors.ts";
import { fileFormats, shapeOf } from "../core/file-formats.ts";
import { unknownImporter } from "../core/importer.ts";
import { knownNames } from "../core/known-names.ts";
import type { Source } from "../core/ports.ts";
import type { Dialect, FileFinding } from "../core/row.ts";
import { columnChoices, fileChoices } from "../engine/reading-choices.ts";
import { formats } from "../formats/formats.ts";
import { shownName } from "../formats/shown-name.ts";
import { textsOf } from "../locale/locale.ts";
import { choiceIn } from "../locale/told-choice.ts";
import { analyse } from "../mapping/analyse.ts";
import { ColumnStatistics } from "../mapping/column-statistics.ts";
import { mapColumns } from "../mapping/map.ts";
import { type ColumnProfile, Profiler } from "../mapping/profile.ts";
import { type CommonFlags, loadConfig } from "../server/config-file.ts";
import { analysisText } from "./analysis-text.ts";
import { choicesText, closeChoicesText } from "./choices-text.ts";
import { type DialectFlags, dialectHints, refuseUnusedFlags } from "./dialect-flags.ts";
import { mappingTable } from "./mapping.ts";
import { issueFlag } from "./next-step.ts";
import { withSource } from "./open-source.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export async function inspectCommand(
  terminal: Terminal,
  path: string,
  flags: DialectFlags & CommonFlags & { json?: boolean; importer?: string; whole?: boolean; choices?: boolean },
): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const importers = importersOf(config);
  const name = flags.importer ?? [...importers.keys()][0];
  if (name === undefined) {
    throw new SluiceError(
      "invalid",
      "sluice.config.ts lists no importer to map the columns to. Write one from your table: sluice init --table NAME",
    );
  }
  const importer = importers.get(name);
  if (importer === undefined) throw unknownImporter(name, importers);
  const hints = dialectHints(flags);
  return withSource(terminal, path, flags, async (source) => {
    const dialect = await formats.detect(
      source,
      flags.importer === undefined ? hints : { ...hints, names: knownNames(importer) },
      terminal.signal,
    );
    refuseUnusedFlags(hints, dialect);
    const profiler = new Profiler(dialect.columns);
    const findings = dialect.findings.map((finding) => ({ ...finding }));
    const onFinding = (finding: FileFinding): void => addFinding(findings, finding);
    const statistics = flags.whole ? new ColumnStatistics(dialect.columns, { all: true }) : null;
    for await (const batch of formats.read(source, dialect, { onFinding, signal: terminal.signal })) {
      for (const code of batch.notes.values()) addFinding(findings, { code, count: 1 });
      profiler.add(batch, dialect.headerRow, dialect.lastRow);
      statistics?.add(batch, dialect);
      if (profiler.full && statistics === null) break;
    }
    const sampled = profiler.profile();
    // The statistics of a very wide file end before its last columns; the sample has them all.
    const known = statistics?.profiles() ?? [];
    const profiles = sampled.map((profile, c) => known[c] ?? profile);
    const mapping = mapColumns(importer, profiles, [], { dialect });
    const analysis = analyse(importer, profiles, mapping, statistics !== null);
    const choices = [
      ...(await fileChoices(formats, source, dialect, terminal.signal)),
      ...columnChoices(mapping, profiles),
    ];
    if (flags.json) {
      const { name: file, sizeBytes } = source;
      const shown = choices.map((choice) => choiceIn(config.language, choice));
      const found = { file, sizeBytes, dialect, findings, choices: shown, columns: profiles };
      await terminal.out(`${JSON.stringify({ ...found, mapping: mapping.columns, analysis }, null, 2)}\n`);
    } else {
      const choicesShown = (flags.choices ? choicesText : closeChoicesText)(choices, mapping, config.language);
      await terminal.out(
        `${dialectText(source, dialect)}${findingsText(findings, config.language)}${choicesShown}\n${profileText(profiles)}\n${mappingTable(mapping, config.language)}${analysisText(analysis, config.language)}`,
      );
    }
    return exitCodes.done;
  });
}

function dialectText(source: Source, dialect: Dialect): string {
  const words = [
    ...formatWords(dialect),
    headerWords(dialect),
    dialect.columns.length === 1 ? "1 column" : `${dialect.columns.length} columns`,
  ];
  return `${source.name}  ${source.sizeBytes} bytes\n  ${words.join(", ")}\n`;
}

function formatWords(dialect: Dialect): string[] {
  const packing = dialect.packing === "none" ? [] : [`compressed with ${dialect.packing}`];
  if (dialect.entry !== undefined) packing.push(`file ${JSON.stringify(shownName(dialect.entry))}`);
  const format = fileFormats[dialect.format].shortName;
  if ("sheet" in dialect)
    return [...packing, `${format} workbook`, `sheet ${dialect.sheetIndex} ${JSON.stringify(dialect.sheet)}`];
  const encoding = `encoding ${dialect.encoding}${dialect.bomBytes > 0 ? " (BOM)" : ""}`;
  if (dialect.format !== "csv") return [...packing, format, encoding];
  const lineEnding = { "\r\n": "CRLF", "\n": "LF", "\r": "CR" }[dialect.lineEnding];
  return [...packing, format, encoding, `delimiter ${JSON.stringify(dialect.delimiter)}`, `lines end in ${lineEnding}`];
}

function headerWords({ format, headerRow, headerRows, lastRow }: Dialect): string {
  const end = lastRow === null ? "" : `, table to row ${lastRow}`;
  if (headerRow === 0) return `${shapeOf(format) === "records" ? "names in the records" : "no header"}${end}`;
  return `header in ${headerRows > 1 ? `rows ${headerRow - headerRows + 1} to` : "row"} ${headerRow}${end}`;
}

/** What is noticed while a sample of the rows is read adds to what was noticed before. */
function addFinding(findings: FileFinding[], { code, count, params }: FileFinding): void {
  const before = findings.find((each) => each.code === code);
  if (before === undefined) findings.push({ code, count, params });
  else before.count += count;
}

/** What was noticed about the file as a whole, and the names of the sheets or files that could be chosen instead. */
function findingsText(findings: readonly FileFinding[], language: string): string {
  const { titles } = textsOf(language);
  const count = new Intl.NumberFormat(language);
  return findings
    .map(({ code, count: times, params }) => {
      const others = params?.sheets ?? params?.files;
      const names = others === undefined ? "" : `: ${others}`;
      return `  ${count.format(times).padStart(11)}  ${titles[code]}${names}${issueFlag(code)}  [${code}]\n`;
    })
    .join("");
}

function profileText(profiles: readonly ColumnProfile[]): string {
  const lines = profiles.slice(0, 60).map(({ header, rows, filled, distinct, top, kind }) => {
    const share = rows === 0 ? 0 : Math.round((100 * filled) / rows);
    const examples = top.slice(0, 3).map(({ value }) => value.replaceAll(/\s+/g, " ").slice(0, 24));
    return `  ${header.slice(0, 30).padEnd(30)} ${`${share} %`.padStart(5)} filled  ${String(distinct).padStart(5)} distinct  ${kind.padEnd(8)} ${examples.join(" · ")}`;
  });
  return `${lines.join("\n")}\n`;
}
