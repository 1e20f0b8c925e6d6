/** What is told to people who may use the API of what others did, of records that others own, and of the server itself. */
import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { withoutPlaces } from "../../src/core/without-places.ts";
import type { OpenApp } from "./open-app.ts";
import { bring, contacts, notes, tenantApp, tenantTables } from "./tenant-app.ts";

async function commit(app: OpenApp, as: string, text: string, importer = "contacts"): Promise<number> {
  const { json } = await bring(app, as, text, { importer, start: true, acceptDoubts: true });
  await app.work(json.id);
  await app.call("POST", `/imports/${json.id}/commit`, undefined, { as });
  await app.work(json.id);
  return json.id;
}

it("tells of other people's imports that wrote to the same records, and not which they are", async () => {
  const app = await tenantApp();
  const mine = await commit(app, "anna", "Email;Name\na@x.fr;A\nb@x.fr;B\nc@x.fr;C\n");
  const own = await commit(app, "anna", "Email;Name\na@x.fr;Again\n");
  const other = await commit(app, "cleo", "Email;Name\nb@x.fr;Others\n");
  const third = await commit(app, "head", "Email;Name\nc@x.fr;More\n");
  const later = async (as: string) =>
    (await app.call("GET", `/imports/${mine}/undo/preview`, undefined, { as })).json.laterImports;
  expect(await later("anna")).toEqual([
    { jobId: own, records: 1 },
    { jobId: null, records: 2 },
  ]);
  expect(await later("head")).toEqual([
    { jobId: third, records: 1 },
    { jobId: other, records: 1 },
    { jobId: own, records: 1 },
  ]);
  await app.call("POST", `/imports/${mine}/undo`, undefined, { as: "anna" });
  await app.work(mine);
  const kept = async (as: string) =>
    (await app.call("GET", `/imports/${mine}/undo/kept`, undefined, { as })).json.items.map(
      ({ byJob }: { byJob: number | null }) => byJob,
    );
  expect([new Set(await kept("anna")), new Set(await kept("head"))]).toEqual([
    new Set([own, null]),
    new Set([own, other, third]),
  ]);
});

it("tells of corrected rejects that somebody else brought to whoever may see those", async () => {
  const app = await tenantApp();
  const parent = (await bring(app, "anna", "Email;Name\na@x.fr;A\n")).json.id;
  const byHead = (await bring(app, "head", "Email;Name\nb@x.fr;B\n", { parentId: parent })).json.id;
  const byAnna = (await bring(app, "anna", "Email;Name\nc@x.fr;C\n", { parentId: parent })).json.id;
  for (const path of ["", "/report"]) {
    const children = async (as: string) =>
      (await app.call("GET", `/imports/${parent}${path}`, undefined, { as })).json.children;
    expect([await children("anna"), await children("head")]).toEqual([[byAnna], [byHead, byAnna]]);
  }
});

const other = "Email;Name\nkept@x.fr;Guessed\nfresh@x.fr;Fresh\nmine@x.fr;Mine now\n";
const someRecords = `${tenantTables};
  alter table contacts alter owner_id type text;
  insert into contacts (email, name, tenant_id, owner_id) values ('mine@x.fr', 'Mine before', 1, 'anna')`;
const guarded = (reveal: "all" | "own" | "none") =>
  defineImporter({
    ...contacts,
    reveal,
    assign: { column: "owner_id", table: "sellers", by: ["email"], context: ["tenant_id"] },
  });

it.each([
  ["all", ["Markolder", "Mine before"], ["Fresh", "Guessed", "Mine now"], 2],
  ["own", ["Mine before"], ["Fresh", "Mine now", null], 1],
  ["none", [], ["Fresh", null, null], 0],
] as const)("shows a user of an importer that reveals %s values accordingly", async (reveal, before, after, found) => {
  const app = await tenantApp([guarded(reveal), notes], someRecords);
  const { json } = await bring(app, "anna", other, { start: true, acceptDoubts: true });
  await app.work(json.id);
  const dry = async (as: string) =>
    (await app.call("POST", `/imports/${json.id}/dry-run?changes=true`, undefined, { as })).json;
  const values = ({ samples }: { samples: { changes: { field: string; from: string | null }[] }[] }) =>
    samples.flatMap(({ changes }) => changes.filter(({ field }) => field === "name").map(({ from }) => from)).sort();
  const seen = await dry("anna");
  expect([values(seen), seen.changedFields !== undefined]).toEqual([before, reveal === "all"]);
  expect(seen.counts).toMatchObject({ created: 1, updated: 2 });
  expect(values(await dry("head"))).toEqual(["Markolder", "Mine before"]);

  await app.call("POST", `/imports/${json.id}/commit`, undefined, { as: "anna" });
  await app.work(json.id);
  const records = async (query = "") =>
    (await app.call("GET", `/imports/${json.id}/records?${query}`, undefined, { as: "anna" })).json.items;
  const listed = await records();
  const names = listed.map(({ values: { name } }: { values: { name: string | null } }) => name).sort();
  expect(names.sort()).toEqual([...after].sort());
  expect(listed.filter(({ hidden }: { hidden: boolean }) => hidden)).toHaveLength(2 - found);
  // What is not shown is not found by a search either.
  expect(await records("search=guessed")).toHaveLength(reveal === "all" ? 1 : 0);
  const { text } = await app.call("GET", `/imports/${json.id}/records.csv`, undefined, { as: "anna" });
  expect(text.includes("Guessed")).toBe(reveal === "all");
  const byHead = await app.call("GET", `/imports/${json.id}/records.csv`, undefined, { as: "head" });
  expect(byHead.text).toContain("Guessed");
});

it.each([
  ["all", "Markolder"],
  ["own", null],
  ["none", null],
] as const)(
  "shows a duplicate beside a record that an importer reveals to %s accordingly, and none of others",
  async (reveal, name) => {
    const app = await tenantApp([guarded(reveal), notes], someRecords);
    const { id } = (await bring(app, "anna", other, { start: true, acceptDoubts: true })).json;
    await app.work(id);
    await app.call("POST", `/imports/${id}/dry-run`, undefined, { as: "anna" });
    const beside = async (as: string) =>
      (await app.call("GET", `/imports/${id}/rows/2/duplicate`, undefined, { as })).json as {
        record: { state: string };
        fields: { field: string; other: string | null; without: string | null; updated: string | null }[];
      };
    const seen = await beside("anna");
    expect(seen.record.state).toBe(name === null ? "hidden" : "shown");
    const found = seen.fields.find(({ field }) => field === "name");
    expect([found?.other, found?.without, found?.updated]).toEqual(
      name === null ? [null, null, null] : [name, name, "Guessed"],
    );
    expect((await beside("head")).fields.find(({ field }) => field === "name")?.other).toBe("Markolder");
    // Nor is one of another tenant ever found.
    await app.rows("update contacts set tenant_id = 2");
    const moved = await beside("head");
    expect([moved.record.state, JSON.stringify(moved)]).toEqual([
      "gone",
      expect.not.stringMatching(/Markolder|"Other"/),
    ]);
    const rival = await app.call("GET", `/imports/${id}/rows/2/duplicate`, undefined, { as: "rival" });
    expect(rival.status).toBe(404);
  },
);

it("tells a person of a failed import neither the server's folders nor a program's words, and an operator both", async () => {
  const app = await tenantApp();
  const { folder } = app;
  const asked = async (as: string, id: number) =>
    (await app.call("GET", `/imports/${id}`, undefined, { as })).json.errorMessage;

  const gone = (await bring(app, "anna", "Email;Name\na@x.fr;A\n", { start: true })).json.id;
  const [{ path }] = await app.rows<{ path: string }>(
    `select storage_path as path from sluice.import_jobs where id = ${gone}`,
  );
  await rm(path);
  await app.work(gone).catch(() => {});
  expect(await asked("anna", gone)).toMatch(/^Sluice's copy of the file is gone \(…\)/);
  expect(await asked("head", gone)).not.toContain(folder);
  const { json } = await app.call("GET", `/imports/${gone}`, undefined, { as: "anna" });
  expect(json.next).toEqual({ code: "upload_again", hint: expect.stringContaining("POST /uploads") });
  expect(await asked("operator", gone)).toContain(folder);

  const broken = (await bring(app, "anna", "Email;Name\nb@x.fr;B\n")).json.id;
  await app.rows(
    `update sluice.import_jobs set status = 'failed', error_message = 'ENOENT: /srv/secret/x' where id = ${broken}`,
  );
  expect(await asked("anna", broken)).toBe(
    "Something went wrong on the server; your file is fine. Ask whoever runs the server: its log has the reason.",
  );
  const report = await app.call("GET", `/imports/${broken}/report?lang=fr`, undefined, { as: "anna" });
  expect(report.json.errorMessage).toMatch(/^Une erreur s’est produite sur le serveur/);
  expect(report.json.next).toEqual({ code: "find_reason", importId: broken, hint: expect.any(String) });
  expect(await asked("operator", broken)).toBe("ENOENT: /srv/secret/x");
});

it("keeps folders out of refusals", async () => {
  const app = await tenantApp();
  const { folder } = app;
  const { id } = (await bring(app, "anna", "Email;Name\na@x.fr;A\n")).json;
  await rm(folder, { recursive: true, force: true });
  const { status, text } = await app.call("GET", `/imports/${id}/preview`, undefined, { as: "anna" });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).not.toContain(folder);
  expect(withoutPlaces("The disk that holds /data/files is full (/data/a b, “/data”).", ["/data"])).toBe(
    "The disk that holds … is full (… b, “…”).",
  );
});
