/**
 * The usual application code as a peer: Papa Parse, rules in JavaScript, a Set per key against duplicates in the
 * file, a look-up per batch against the table, and multi-row INSERTs of 500 in a transaction each.
 */
import pg from "pg";
import { EMAIL, EXTERNAL_ID, LEAD_COLUMNS, type Lead, PHONE, readLead } from "./lead-rules.ts";
import { eachPieceOfRows } from "./papa-rows.ts";
import { type PeerOutcome, secondsSince } from "./peer-outcome.ts";
import { createPeerTables } from "./peer-tables.ts";

/** 500 leads of 12 values are 6,000 parameters; Postgres' protocol ends at 65,535. */
const BATCH_ROWS = 500;

interface Candidate {
  rowNumber: number;
  cells: string[];
  lead: Lead;
}

/** A row that was left out: number, reason, cells. */
type LeftOut = [rowNumber: number, reason: string, cells: string[]];

/** Empties and makes the tables of schema `bench_app`. */
export async function setUpAppCode(url: string): Promise<void> {
  await createPeerTables(url, "bench_app");
}

/** Imports the leads file at `csvPath` into `bench_app`; a second run finds every row of the first there. */
export async function runAppCode(url: string, csvPath: string): Promise<PeerOutcome> {
  const startedAt = performance.now();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const outcome: PeerOutcome = { rows: 0, created: 0, duplicates: 0, invalid: 0, seconds: 0 };
  try {
    await client.query("set search_path = bench_app");
    // Postgres takes no statistics from a partial index: it expects 500 e-mails to find most of the table and would read
    // all of it for every batch (a million rows: 9 minutes instead of 45 seconds).
    await client.query("set enable_seqscan = off");
    const seen = new SeenKeys();
    let candidates: Candidate[] = [];
    let leftOut: LeftOut[] = [];

    const flush = async () => {
      const known = await findKnown(client, candidates);
      const fresh = candidates.filter((candidate) => !known.has(candidate.rowNumber));
      for (const { rowNumber, cells } of candidates) {
        if (known.has(rowNumber)) leftOut.push([rowNumber, "duplicate_in_table", cells]);
      }
      await insertBatch(client, fresh, leftOut);
      outcome.created += fresh.length;
      outcome.duplicates += known.size;
      candidates = [];
      leftOut = [];
    };

    await eachPieceOfRows(csvPath, async (rows) => {
      for (const cells of rows) {
        const rowNumber = ++outcome.rows;
        const lead = readLead(cells);
        if (typeof lead === "string") {
          outcome.invalid++;
          leftOut.push([rowNumber, lead, cells]);
        } else if (seen.addOf(lead)) {
          outcome.duplicates++;
          leftOut.push([rowNumber, "duplicate_in_file", cells]);
        } else {
          candidates.push({ rowNumber, cells, lead });
        }
        if (candidates.length === BATCH_ROWS || leftOut.length === BATCH_ROWS) await flush();
      }
    });
    await flush();
  } finally {
    await client.end();
  }
  return { ...outcome, seconds: secondsSince(startedAt) };
}

/** The keys of the rows so far. They stay in memory, some 500 bytes per row: what this approach costs. */
class SeenKeys {
  readonly #keys = [EXTERNAL_ID, EMAIL, PHONE].map((place) => ({ place, values: new Set<string>() }));

  /** Adds the lead's keys; true when any of them was there. */
  addOf(lead: Lead): boolean {
    let wasThere = false;
    for (const { place, values } of this.#keys) {
      const value = lead[place];
      if (value === null) continue;
      const sizeBefore = values.size;
      if (values.add(value).size === sizeBefore) wasThere = true;
    }
    return wasThere;
  }
}

/** Numbers of the candidates that have a key in common with a record. */
async function findKnown(client: pg.Client, candidates: Candidate[]): Promise<Set<number>> {
  const known = new Set<number>();
  if (candidates.length === 0) return known;
  const keysAt = (place: number) => candidates.flatMap(({ lead }) => (lead[place] === null ? [] : [lead[place]]));
  const result = await client.query<{ external_id: string | null; email: string | null; phone: string | null }>({
    text: `select external_id, lower(email) as email, phone from leads
           where external_id = any ($1) or (email is not null and lower(email) = any ($2)) or phone = any ($3)`,
    values: [keysAt(EXTERNAL_ID), keysAt(EMAIL), keysAt(PHONE)],
  });
  if (result.rows.length === 0) return known;
  const externalIds = new Set(result.rows.map((row) => row.external_id));
  const emails = new Set(result.rows.map((row) => row.email));
  const phones = new Set(result.rows.map((row) => row.phone));
  for (const { rowNumber, lead } of candidates) {
    const isKnown =
      (lead[EXTERNAL_ID] !== null && externalIds.has(lead[EXTERNAL_ID])) ||
      (lead[EMAIL] !== null && emails.has(lead[EMAIL])) ||
      (lead[PHONE] !== null && phones.has(lead[PHONE]));
    if (isKnown) known.add(rowNumber);
  }
  return known;
}

/** Leads, their history and what was left out, in one transaction. */
async function insertBatch(client: pg.Client, fresh: Candidate[], leftOut: LeftOut[]): Promise<void> {
  if (fresh.length === 0 && leftOut.length === 0) return;
  await client.query("begin");
  try {
    if (fresh.length > 0) {
      const created = await client.query<{ id: string }>({
        ...insertOf("leads", LEAD_COLUMNS, fresh.length, "returning id"),
        values: fresh.flatMap(({ lead }) => lead),
      });
      await client.query({
        ...insertOf("lead_history", ["lead_id", "event", "actor"], fresh.length),
        values: created.rows.flatMap(({ id }) => [id, "created", "app-code"]),
      });
    }
    if (leftOut.length > 0) {
      await client.query({
        ...insertOf("rows_left_out", ["row_number", "reason", "cells"], leftOut.length),
        values: leftOut.flat(1),
      });
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** A multi-row INSERT; full batches, which come again and again, are prepared once under a name. */
function insertOf(table: string, columns: readonly string[], rowCount: number, ending = ""): pg.QueryConfig {
  let parameter = 0;
  const tuples: string[] = [];
  for (let row = 0; row < rowCount; row++) tuples.push(`(${columns.map(() => `$${++parameter}`).join(", ")})`);
  const text = `insert into ${table} (${columns.join(", ")}) values ${tuples.join(", ")} ${ending}`;
  return rowCount === BATCH_ROWS ? { name: `insert_${table}`, text } : { text };
}
