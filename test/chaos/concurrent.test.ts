/** Two imports into the same table at the same time, by two processes, with overlapping files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generateLeads } from "../../src/importers/leads/generate.ts";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { sampled } from "../sampled.ts";
import { type Mishap, reached } from "./mishap.ts";
import { startChaos } from "./run-chaos.ts";

/** Two files whose rows are the same for the most part, in another order in the second. */
async function twoFiles(folder: string, seed: number, duplicateShare: number): Promise<[string, string]> {
  const text = [...generateLeads({ rows: 3000, seed, invalidShare: 0.01, duplicateShare })].join("");
  const [header, ...lines] = text.split("\r\n").slice(0, -1);
  const files: [string, string] = [join(folder, "first.csv"), join(folder, "second.csv")];
  const half = lines.slice(600);
  await writeFile(files[0], `${[header, ...lines.slice(0, 2400)].join("\r\n")}\r\n`);
  await writeFile(files[1], `${[header, ...half.slice(1000), ...half.slice(0, 1000)].join("\r\n")}\r\n`);
  return files;
}

async function doubledKeys(database: Database): Promise<Record<string, number>> {
  const [doubled] = await database.query<Record<string, number>>(sql`
    select (select count(*)::int from (select from leads where email is not null group by lower(email) having count(*) > 1) d) as email,
      (select count(*)::int from (select from leads where phone is not null group by phone having count(*) > 1) d) as phone,
      (select count(*)::int from (select from leads where external_id is not null group by lower(external_id) having count(*) > 1) d) as reference
  `);
  return doubled;
}

/** The second import starts when the first one is there. */
const starts: [Mishap["event"] | null, number][] = [
  [null, 0],
  ["match.started", 1],
  ["match.finished", 1],
  ["chunk.claimed", 2],
  ["chunk.loaded", 3],
];

describe.each([
  ["skip", 0.03],
  // Rows that share one key and bring another each make a person of two: there even two imports in a row may double a key.
  ["update", 0],
] as const)("two imports at once (%s)", (strategy, duplicateShare) => {
  it.each(sampled(starts, 3))("make no duplicate when the second starts at %s (number %i)", async (event, nth) => {
    const { url, database } = await freshDatabase();
    const cwd = await freshFolder();
    const files = await twoFiles(cwd, 11 + nth, duplicateShare);
    const place = { url, cwd, env: { SLUICE_CHUNK_ROWS: "400" } };
    const args = (file: string): string[] => ["import", "leads", file, "--yes", "--json", "--on-duplicate", strategy];
    const first = startChaos(args(files[0]), place, event ? { event, nth, act: "ask" } : null);
    if (event) await first.shows(reached(event));
    const second = startChaos(args(files[1]), place, { event: "import.created", nth: 1, act: "ask" });
    await second.shows(reached("import.created"));
    second.answer();
    first.answer();
    const results = await Promise.all([first.ended, second.ended]);
    const summaries = results.map(({ exitCode, stdout, stderr }) => {
      expect(exitCode, stderr).toBe(0);
      return JSON.parse(stdout);
    });
    for (const { rows, created, updated, unchanged, skipped, invalid, failed } of summaries) {
      expect(created + updated + unchanged + skipped + invalid + failed).toBe(rows);
      expect({ rows, failed }).toEqual({ rows: 2400, failed: 0 });
    }
    const [{ leads }] = await database.query<{ leads: number }>(sql`select count(*)::int as leads from leads`);
    expect(leads).toBe(summaries[0].created + summaries[1].created);
    const [{ histories }] = await database.query<{ histories: number }>(
      sql`select count(*)::int as histories from lead_history where event = 'imported'`,
    );
    expect(histories).toBe(leads);
    expect(await doubledKeys(database)).toEqual({ email: 0, phone: 0, reference: 0 });
  });
});
