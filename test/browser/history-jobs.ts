/** Imports for the tests of the history: made by the API, copied in the database where many are wanted or a status is. */
import type { Status } from "../../src/client/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import type { OpenPage } from "./open-page.ts";

export const people = "email,company\nann@example.com,Acme\nbo@example.com,Beta\nnope,Gamma\n";

/** As many copies of an import, with names of their own, each made a minute before the other. */
export async function copies({ database }: OpenPage, id: number, count: number, name = "list"): Promise<void> {
  await database.query(sql`
    insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, status, phase, dialect, column_mapping,
      assignment_config, duplicate_config, target, created_by, created_by_name, total_rows, processed_rows, valid_rows, invalid_rows,
      imported_rows, created_at, parse_started_at, parsed_at, commit_started_at, completed_at)
    select importer, ${name}::text || '-' || lpad(n::text, 3, '0') || '.csv', file_hash, file_size, '/nowhere/' || n, 'completed', 'commit',
      dialect, column_mapping, assignment_config, duplicate_config, target, created_by, created_by_name, n * 1000, n * 1000, n * 990,
      n * 10, n * 990, now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '2 s',
      now() - n * interval '1 minute' + interval '3 s', now() - n * interval '1 minute' + interval '8 s'
    from sluice.import_jobs, generate_series(${count}::int, 1, -1) as n where id = ${id}
  `);
}

/** Puts an import where a test wants it, as if a worker or a person had. `later`: no worker takes it for now. */
export async function put(
  { database }: OpenPage,
  id: number,
  status: Status,
  { phase = "parse", message = null, later = false }: { phase?: string; message?: string | null; later?: boolean } = {},
): Promise<void> {
  await database.query(sql`
    update sluice.import_jobs set status = ${status}, phase = ${phase}, error_message = ${message},
      retry_at = ${later ? sql`now() + interval '1 hour'` : sql`null`}, failures = ${later ? 1 : 0}
    where id = ${id}
  `);
}

/** Everything in, committed. */
export async function completed(opened: OpenPage, content = people, name = "leads.csv"): Promise<number> {
  const { client, bring } = opened;
  const id = await bring(content, { name, start: true });
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  return id;
}
