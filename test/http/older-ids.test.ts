/** Imports by their second id, and those that came from a table of before Sluice. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { openServer } from "../client/open-server.ts";

it("answers to an import's uuid as to its number, to who may see it", async () => {
  const { call, client, database, upload, url } = await openServer();
  const uploadId = await upload("email\nann@example.com\n", "people.csv", "anna");
  const { json } = await call("POST", "/imports", { uploadId, importer: "leads" }, { as: "anna" });
  const [{ uuid }] = await database.query<{ uuid: string }>(sql`select uuid from sluice.import_jobs`);
  for (const id of [uuid, uuid.toUpperCase()])
    expect((await call("GET", `/imports/${id}`, undefined, { as: "anna" })).json).toMatchObject({
      id: json.id,
      fileName: "people.csv",
    });
  expect((await call("GET", `/imports/${uuid}/mapping`)).json.columns).toHaveLength(1);
  expect((await call("GET", `/import/status/${uuid}`)).json.data.jobId).toBe(String(json.id));
  // However the path is written: what is not there is asked for once.
  expect((await call("GET", `/imports/%${uuid.charCodeAt(0).toString(16)}${uuid.slice(1)}`)).json.id).toBe(json.id);
  for (const rest of ["%C3%A9", "x/%20", "a%2Fb", "%5C..%5C..%5Cusers"])
    expect([rest, (await call("GET", `/imports/${uuid}/${rest}`)).status]).toEqual([rest, 404]);
  expect((await call("GET", `/imports/${uuid}`, undefined, { as: "bo" })).status).toBe(404);
  expect((await call("GET", `/imports/${uuid}`, undefined, { as: "" })).status).toBe(401);
  const unknown = await call("GET", `/imports/${randomUUID()}`);
  expect([unknown.status, unknown.json.code]).toEqual([404, "not_found"]);
  // A body goes along, over a socket too.
  const headers = { authorization: "Bearer anna", "content-type": "application/json" };
  const started = await fetch(`${url}/api/v1/imports/${uuid}/start`, {
    method: "POST",
    headers,
    body: '{"acceptDoubts":true}',
  });
  expect([started.status, ((await started.json()) as { id: number }).id]).toEqual([202, json.id]);
  await client.imports.waitFor(json.id, { status: "ready" });
});

it("shows an import of before Sluice, and lets nobody do more with it than delete it", async () => {
  const { call, database } = await openServer();
  await database.query(sql`
    insert into sluice.import_jobs (earlier, importer, file_name, file_hash, file_size, storage_path, status, phase, dialect, column_mapping,
      assignment_config, duplicate_config, target, total_rows, invalid_rows, imported_rows, completed_at)
    values ('{"id": "x"}', 'leads', 'old.csv', '', 0, '', 'completed', 'commit',
      '{"format": "csv", "packing": "none", "encoding": "utf-8", "delimiter": ",", "headerRow": 1, "columns": ["Nom"], "findings": []}',
      '{"columns": [{"column": 0, "header": "Nom", "field": "last_name", "score": 1, "reason": "given"}]}', '{"mode": "none"}', '{"strategy": "skip", "keys": []}', '', 3, 1, 2, now())
  `);
  await database.query(
    sql`insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row, done_at, created) values (1, 0, 1, 3, now(), 2)`,
  );
  await database.query(sql`
    insert into sluice.import_rows (job_id, row_no, outcome, issues, cells)
    values (1, 3, 'invalid', '[{"c": "row_rejected", "p": {"message": "no name"}}]', array['Bo'])
  `);
  expect((await call("GET", "/imports/1")).json).toMatchObject({
    ...{ status: "completed", actions: ["delete"], hasFile: false },
    counts: { created: 2, updated: 0, unchanged: 0, skipped: 0, invalid: 1, failed: 0 },
  });
  expect((await call("GET", "/imports")).json.items).toHaveLength(1);
  expect((await call("GET", "/imports/1/rejected.csv")).text).toContain("Bo");
  expect((await call("GET", "/imports/1/report")).status).toBe(200);
  for (const action of ["undo", "retry", "resume", "cancel", "reopen", "commit", "pause"])
    expect([action, (await call("POST", `/imports/1/${action}`)).status]).toEqual([action, 409]);
  expect((await call("POST", "/imports/1/undo")).json.detail).toContain("made before Sluice");
  expect((await call("GET", "/imports/1/original")).status).toBeGreaterThanOrEqual(400);
  expect((await call("DELETE", "/imports/1")).status).toBe(204);
});
