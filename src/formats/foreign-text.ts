/**
 * Texts of other programs that look like lines of a table and are none: bank statements, bookkeeping, dumps, messages,
 * settings, logs. Each is recognised by what is in it, and refused by its name with what to do instead.
 */
import { type Telling, told } from "../core/errors.ts";
import { filledLines, isCode, isLog, isMail, isMarkdownTable, isSettings, isYaml } from "./text-lines.ts";

/** What a text begins with: itself, without blanks before it, and its filled lines. */
interface Beginning {
  text: string;
  lines: readonly string[];
}

interface ForeignText {
  is(beginning: Beginning): boolean;
  what(name: string): Telling;
}

/** A text that starts so. */
const starts =
  (pattern: RegExp) =>
  ({ text }: Beginning): boolean =>
    pattern.test(text);

/** A text that starts so and has, among its first lines, one of each of these. */
const hasLines =
  (...patterns: RegExp[]) =>
  ({ lines }: Beginning): boolean => {
    const first = lines.slice(0, 40);
    return patterns.every((pattern) => first.some((line) => pattern.test(line)));
  };

const bankStatement = (format: string): ForeignText["what"] => {
  return (name) => told`${name} is a bank's file (${format}). Download the transactions from the bank as CSV or XLSX.`;
};
const message = (format: string): ForeignText["what"] => {
  return (name) =>
    told`${name} is a message between programs (${format}). Export the table as CSV from the program that receives such messages.`;
};
const bibliography = (format: string): ForeignText["what"] => {
  return (name) => told`${name} is a bibliography (${format}). Export it as CSV from the program it came from.`;
};
const documentIn = (format: string): ForeignText["what"] => {
  return (name) =>
    told`${name} is a document (${format}). Copy its table into a spreadsheet and save that as XLSX or CSV.`;
};

/** The statements that dumps and scripts begin with, behind their comments. */
const sqlComments =
  /^(?:\s+|--[^\r\n]*|\/\*[\s\S]*?\*\/\s*;?|REM\b[^\r\n]*|\\(?:un)?restrict\b[^\r\n]*|\\connect\b[^\r\n]*)*/i;
const sqlStatements: readonly RegExp[] = [
  /^insert\s+(?:ignore\s+)?into\s+[^\s(]+\s*(?:\([^)]*\)\s*)?(?:values\s*\(|values[ \t]*[\r\n]|select\s)/i,
  /^replace\s+into\s+[^\s(]+\s*(?:\([^)]*\)\s*)?values(?:\s*\(|[ \t]*[\r\n])/i,
  /^create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|global\s+|unlogged\s+|unique\s+)?(?:table|view|index|database|schema|type|sequence|extension|role|user)\s[^;]{1,2000}[(;]/i,
  /^drop\s+(?:table|database|schema|view|sequence|type)\s+(?:if\s+exists\s+)?[^\s;]+[^;\r\n]{0,60};/i,
  /^alter\s+(?:table|database|role)\s+(?:only\s+)?\S+\s[^;]{1,500};/i,
  /^set\s+(?:session\s+|local\s+|@@?)?[\w.@]+\s*(?:=|\sto\s|:=)[^;\r\n]{0,200};/i,
  /^set\s+(?:names\s+'?\w+'?\s*;|define\s+o|(?:ansi_nulls|quoted_identifier|identity_insert|nocount)\s+\S+)/i,
  /^(?:begin(?:\s+transaction|\s+work)?|start\s+transaction|commit)\s*;/i,
  /^pragma\s+\w+\s*=\s*\w+\s*;/i,
  /^use\s+(?:`\w+`|"\w+"|\[\w+\]|\w+)\s*(?:;|[\r\n]+go\b)/i,
  /^copy\s+\S+\s*(?:\([^)]*\)\s*)?from\s+stdin\b/i,
  /^lock\s+tables\s+\S+\s+(?:write|read)\s*;/i,
  /^select\s[^;]{1,1000}\sfrom\s[^;]{1,1000};\s*(?:$|[\r\n])/i,
  /^select\s+pg_catalog\./i,
];

function isSql({ text }: Beginning): boolean {
  const comments = sqlComments.exec(text)?.[0] ?? "";
  if (
    /^[ \t]*--[ \t]*(?:MySQL dump|MariaDB dump|PostgreSQL database|phpMyAdmin SQL Dump|Adminer|HeidiSQL|Host:)/im.test(
      comments,
    )
  )
    return true;
  const statement = text.slice(comments.length);
  return sqlStatements.some((pattern) => pattern.test(statement));
}

/** Fixed lines of the French banks: every one of 120 or 240 characters, by the kind of record it is. */
function isCfonb({ lines }: Beginning): boolean {
  return (
    lines.length >= 2 &&
    lines.every((line) => (line.length === 120 || line.length === 240) && /^(?:0[1-9]|3[149])\d{3}/.test(line))
  );
}

const foreignTexts: readonly ForeignText[] = [
  { is: starts(/^!(?:Type:|Account\s*[\r\n]|Option:|Clear:)/i), what: bankStatement("QIF") },
  { is: starts(/^(?:OFXHEADER:\s*\d|<\?OFX\s|<OFX>)/i), what: bankStatement("OFX") },
  { is: starts(/^\{1:F\d\d[A-Z0-9]{8}/), what: bankStatement("MT940") },
  { is: hasLines(/^:20:/, /^:25[A-Z]?:/, /^:(?:28C?|60[FM]|61):/), what: bankStatement("MT940") },
  { is: starts(/^01,[^,\r\n]*,[^,\r\n]*,\d{6},\d{0,4},[^\r\n]*\/[ \t]*\r?\n02,/), what: bankStatement("BAI2") },
  { is: starts(/^101 .{90}[\r\n]+5\d{3}/), what: bankStatement("NACHA") },
  { is: starts(/^01.{0,40}(?:BGMAX|AUTOGIRO)/), what: bankStatement("Bankgirot") },
  { is: isCfonb, what: bankStatement("CFONB") },
  {
    is: hasLines(/^#(?:FLAGGA|SIETYP|PROGRAM|FORMAT)\s/, /^#(?:GEN|SIETYP|FNAMN|ORGNR|RAR|KONTO|VER|IB)\s/),
    what: (name) =>
      told`${name} is a bookkeeping file (SIE). Export the accounts or vouchers as CSV or XLSX from the accounting program.`,
  },
  {
    is: hasLines(
      /^dn:(?: ?\S+=|: ?[A-Za-z\d+/]+=*$)/i,
      /^(?:objectClass|changetype|cn|uid|mail|sn|ou|dc|version)::? ?\S/i,
    ),
    what: (name) => told`${name} is an export of a directory (LDIF). Export its entries as CSV, as csvde does.`,
  },
  {
    is: isSql,
    what: (name) =>
      told`${name} is a dump or a script of a database (SQL). Load it into a database and export the table as CSV.`,
  },
  { is: starts(/^(?:UNA[^\r\n]{6}\s*)?UNB\+UN[A-Z]{2}/), what: message("EDIFACT") },
  { is: starts(/^ISA([^\w\s])\d\d\1/), what: message("X12") },
  { is: starts(/^MSH\|\^~\\&/), what: message("HL7") },
  { is: starts(/^EDI_DC40/), what: message("IDoc") },
  {
    is: starts(
      /^@(?:article|book|booklet|comment|conference|in(?:book|collection|proceedings)|manual|mastersthesis|misc|online|phdthesis|preamble|proceedings|string|techreport|unpublished|thesis|report|software|dataset)\s*[{(]/i,
    ),
    what: bibliography("BibTeX"),
  },
  { is: starts(/^TY {2}- [A-Z]{3,5}\s*[\r\n]/), what: bibliography("RIS") },
  { is: starts(/^%0 [A-Z][\w ]+[\r\n]+%[A-Z0-9@] /), what: bibliography("EndNote") },
  { is: starts(/^\\(?:documentclass|begin\{|input\{|usepackage)/), what: documentIn("LaTeX") },
  { is: ({ lines }) => isMarkdownTable(lines), what: documentIn("Markdown") },
  {
    is: ({ text }) => isMail(text),
    what: (name) =>
      told`${name} contains e-mails. Save the table that is attached to one, or copy it into a spreadsheet.`,
  },
  {
    is: starts(/^-----BEGIN [A-Z0-9 ]{3,40}-----\s*[\r\n]/),
    what: (name) => told`${name} holds a key or a certificate, not a table.`,
  },
  {
    is: ({ lines }) => isYaml(lines),
    what: (name) => told`${name} is YAML. Write its records as a JSON array, as JSON Lines or as CSV.`,
  },
  {
    is: ({ lines }) => isSettings(lines),
    what: (name) =>
      told`${name} contains settings, not a table. Write the records as CSV, as a JSON array or as JSON Lines.`,
  },
  {
    is: ({ lines }) => isLog(lines),
    what: (name) => told`${name} is a log. Convert its lines to CSV or to JSON Lines first.`,
  },
  {
    is: ({ text, lines }) => /^(?:#!\s*\/|<\?php\b|<%@|diff --git |--- a\/)/.test(text) || isCode(lines),
    what: (name) => told`${name} is the source of a program, not a table. Save the data itself as CSV, XLSX or JSON.`,
  },
];

/** What to say of a text that is another program's; null when it may be a table. `whole`: `text` is all there is. */
export function foreignText(name: string, text: string, whole: boolean): Telling | null {
  const beginning: Beginning = { text, lines: filledLines(text, whole) };
  return foreignTexts.find((each) => each.is(beginning))?.what(name) ?? null;
}
