/**
 * Realistic French CRM leads as CSV, for the sample file, the tests and the benchmark. Any row follows from (seed,
 * row) alone: the file streams in constant memory, a shorter file is a prefix of a longer one, and what each row is
 * (plain, a duplicate, invalid) is known exactly.
 */
import { SluiceError } from "../../core/errors.ts";
import { MAX_DISTINCT_PHONES } from "./generate-phone.ts";
import {
  duplicatedKey,
  duplicateLead,
  invalidLead,
  type LeadCells,
  type LeadDefect,
  type LeadKey,
  plainLead,
} from "./generate-row.ts";
import { hash } from "./seeded-draw.ts";

export interface GenerateOptions {
  /** Data rows, the header not among them. At most 40 million: the phone numbers of more would repeat. */
  rows: number;
  seed: number;
  /** Share of rows that repeat an earlier plain row's e-mail, phone or reference; default 0.05. */
  duplicateShare?: number;
  /** Share of rows with a defect; default 0.02. */
  invalidShare?: number;
  /**
   * Whether one invalid row in twenty has a cell too many or too few; default true. Postgres' COPY refuses a
   * whole file for one such row, so a file that COPY must also read is made with false (its rows then have other
   * defects).
   */
  ragged?: boolean;
}

/** What a row is. A duplicate's `of` is the plain row that it repeats, and `key` the one key that they share. */
export type LeadTruth =
  | { kind: "plain" }
  | { kind: "duplicate"; of: number; key: LeadKey }
  | { kind: "invalid"; defect: LeadDefect };

export interface LeadCounts {
  plain: number;
  duplicate: number;
  invalid: number;
}

export const LEADS_HEADER =
  "Référence;Prénom;Nom;E-mail;Téléphone;Société;Adresse;Code postal;Ville;Pays;Source;Statut";

/** Excel ends its lines so; a line end inside a cell is a bare "\n", as Alt+Enter leaves it. */
const LINE_END = "\r\n";

/** Big enough that a write costs little per row, small enough to stay in the processor's cache. */
const CHUNK_CHARACTERS = 64 * 1024;

const KIND = 11;
const ORIGINAL = 12;
const DEFECT = 13;

/**
 * The file as text, header first, in chunks of about 64 KB: delimiter `;`, UTF-8 without a byte order mark once
 * encoded.
 *
 * @example await pipeline(Readable.from(generateLeads({ rows: 2000, seed: 1 })), createWriteStream("leads.csv"));
 * @throws SluiceError `invalid` when the options make no file.
 */
export function* generateLeads(options: GenerateOptions): Generator<string> {
  const checked = check(options);
  let chunk = LEADS_HEADER + LINE_END;
  for (let row = 1; row <= checked.rows; row++) {
    chunk += leadLine(checked, row);
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}

/** What data row `row` (from 1) of the file is. */
export function leadTruth(options: GenerateOptions, row: number): LeadTruth {
  const checked = check(options);
  const kind = kindOf(checked, row);
  if (kind === "plain") return { kind };
  if (kind === "invalid") return { kind, defect: defectOf(checked, row) };
  const of = originalOf(checked, row);
  return { kind, of, key: duplicatedKey(checked.seed, row, plainLead(checked.seed, of)) };
}

/**
 * How many rows of each kind the file has; a correct import creates `plain`, skips `duplicate`, rejects `invalid`.
 */
export function countLeads(options: GenerateOptions): LeadCounts {
  const checked = check(options);
  const counts: LeadCounts = { plain: 0, duplicate: 0, invalid: 0 };
  for (let row = 1; row <= checked.rows; row++) counts[kindOf(checked, row)]++;
  return counts;
}

function check(options: GenerateOptions): Required<GenerateOptions> {
  const { rows, seed, duplicateShare = 0.05, invalidShare = 0.02, ragged = true } = options;
  if (!Number.isInteger(rows) || rows < 0 || rows > MAX_DISTINCT_PHONES) {
    throw new SluiceError(
      "invalid",
      `Cannot generate ${rows} rows: give a whole number from 0 to ${MAX_DISTINCT_PHONES}.`,
    );
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new SluiceError("invalid", `Seed ${seed} is no whole number from 0 to ${0xffffffff}.`);
  }
  if (!(duplicateShare >= 0 && invalidShare >= 0 && duplicateShare + invalidShare <= 1)) {
    throw new SluiceError(
      "invalid",
      "The shares of duplicate and invalid rows must be 0 or more and at most 1 together.",
    );
  }
  return { rows, seed, duplicateShare, invalidShare, ragged };
}

/** The first row is always plain, so that every duplicate finds an original. */
function kindOf(options: Required<GenerateOptions>, row: number): LeadTruth["kind"] {
  if (row === 1) return "plain";
  const draw = hash(options.seed, row, KIND) / 0x1_0000_0000;
  if (draw < options.invalidShare) return "invalid";
  return draw < options.invalidShare + options.duplicateShare ? "duplicate" : "plain";
}

function defectOf(options: Required<GenerateOptions>, row: number): LeadDefect {
  const draw = hash(options.seed, row, DEFECT) % 100;
  if (draw < 5 && options.ragged) return "cells";
  if (draw < 10) return "status";
  if (draw < 22) return "keys";
  return draw < 64 ? "email" : "phone";
}

/** An earlier plain row: anywhere above, and from there the nearest plain one upwards. */
function originalOf(options: Required<GenerateOptions>, row: number): number {
  let of = 1 + (hash(options.seed, row, ORIGINAL) % (row - 1));
  while (kindOf(options, of) !== "plain") of--;
  return of;
}

function leadLine(options: Required<GenerateOptions>, row: number): string {
  const { seed } = options;
  const kind = kindOf(options, row);
  if (kind === "plain") return line(plainLead(seed, row));
  if (kind === "duplicate") {
    const original = plainLead(seed, originalOf(options, row));
    return line(duplicateLead(seed, row, original, duplicatedKey(seed, row, original)));
  }
  const defect = defectOf(options, row);
  const written = line(invalidLead(seed, row, defect));
  if (defect !== "cells") return written;
  const cells = written.slice(0, -LINE_END.length);
  return (row % 2 === 0 ? `${cells};vu au salon` : cells.slice(0, cells.lastIndexOf(";"))) + LINE_END;
}

/** Only the company and the address can hold what needs quotes. */
function line(lead: LeadCells): string {
  return (
    `${lead.reference};${lead.firstName};${lead.lastName};${lead.email};${lead.phone};${quoted(lead.company)};` +
    `${quoted(lead.address)};${lead.postalCode};${lead.city};${lead.country};${lead.source};${lead.status}${LINE_END}`
  );
}

/** RFC 4180, section 2, rules 6 and 7. */
function quoted(cell: string): string {
  return /[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
