/** The client against the API: an import from the file to its undo, and what can go wrong with a call. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { type Change, ClientError, createClient, RefusedError } from "../../src/client/index.ts";
import { openApp } from "../http/open-app.ts";
import { openServer } from "./open-server.ts";

const csv =
  "Email,First name,Last name\nanna@example.com,Anna,Berg\nnot-an-address,Bo,Ek\ncilla@example.com,Cilla,Dahl\n";
const file = (text = csv, name = "people.csv"): File => new File([text], name);

it("gives a kept file back, imports it anew, and tells of the queue", async () => {
  const { client } = await openServer();
  const upload = await client.upload(file());
  const { id, hasFile } = await client.imports.create({ uploadId: upload.id, importer: "leads" });
  expect(hasFile).toBe(true);
  expect(await (await client.imports.download(id, "original")).text()).toBe(csv);
  const again = await client.imports.create({ fileOf: id });
  expect([again.id > id, again.importer, again.fileName]).toEqual([true, "leads", "people.csv"]);
  expect((await client.imports.events(id)).items.map(({ name }) => name)).toEqual(["import.created"]);
  expect((await client.queue()).imports).toEqual({ waiting: 0, running: 0, paused: 0, failed: 0 });
  expect(await client.redrive()).toEqual({ deliveries: 0 });
});

it("takes a file from the upload to the undo", async () => {
  const { client } = await openServer();
  expect(await client.me()).toEqual({ id: "admin", name: "admin", role: "admin" });
  expect((await client.importers.list()).map(({ name }) => name)).toEqual(["leads"]);
  expect(
    (await client.importers.get("leads", { lang: "fr" })).fields.find(({ name }) => name === "last_name")?.label,
  ).toBe("Nom");
  expect(await client.importers.schema("leads")).toMatchObject({ type: "object" });
  expect(await (await client.importers.template("leads")).text()).toContain(",");

  const progress: number[] = [];
  const upload = await client.upload(file(), { onProgress: ({ sentBytes }) => progress.push(sentBytes) });
  expect([upload.fileName, upload.status, progress]).toEqual(["people.csv", "complete", [0, csv.length]]);
  const made = await client.imports.create({ uploadId: upload.id, importer: "leads" });
  const { id } = made;
  expect([made.status, made.mapping.missing, made.actions.includes("start")]).toEqual(["pending", [], true]);
  expect((await client.imports.preview(id, { limit: 1 })).rows).toEqual([
    {
      row: 2,
      cells: ["anna@example.com", "Anna", "Berg"],
      intact: true,
      values: { email: "anna@example.com", first_name: "Anna", last_name: "Berg" },
      issues: [],
    },
  ]);
  expect(await client.imports.sheets(id)).toEqual([]);
  expect(await client.imports.entries(id)).toEqual([]);
  expect((await client.imports.choices(id)).map(({ of }) => of)).toContain("delimiter");
  expect((await client.imports.tryReading(id, { headerRow: 0 }, { limit: 1 })).rows).toHaveLength(1);
  expect(await client.importers.owners("leads", { importId: id })).toEqual([]);
  const mapping = await client.imports.mapping(id);
  const columns = mapping.columns.map(({ column, field }) => ({ column, field }));
  expect((await client.imports.setMapping(id, columns)).columns.map(({ reason }) => reason)).toEqual([
    "given",
    "given",
    "given",
  ]);
  expect((await client.imports.changeColumns(id, [columns[0]])).columns[0]).toMatchObject(columns[0]);
  expect((await client.imports.analysis(id)).structure).toMatchObject([
    { table: "leads", reason: "One for each row." },
  ]);
  expect((await client.imports.askModel(id)).model).toBeNull();
  const template = await client.templates.save(id, { name: "People" });
  expect((await client.templates.rename(template.id, null)).name).toBeNull();
  expect((await client.templates.list({ importId: id })).items).toMatchObject([{ id: template.id }]);
  expect((await client.imports.applyTemplate(id, template.id)).missing).toEqual([]);
  await client.templates.delete(template.id);
  const options = await client.imports.setOptions(id, {
    duplicates: { strategy: "update", keys: ["email"] },
    language: "sv",
  });
  expect(await client.imports.options(id)).toEqual(options);
  expect(options).toMatchObject({ duplicates: { strategy: "update", keys: ["email"] }, language: "sv" });

  expect((await client.imports.start(id)).status).toBe("queued");
  expect((await client.imports.waitFor(id, { status: "ready" })).counts).toMatchObject({ invalid: 1 });
  const invalid = await client.imports.rows(id, { status: ["invalid", "failed"], lang: "en" });
  expect(invalid.items.map(({ row, issues }) => [row, issues.map(({ code }) => code)])).toEqual([
    [3, ["email_invalid"]],
  ]);
  expect((await client.imports.badValues(id, { field: "email" })).items).toEqual([
    { value: "not-an-address", rows: 1 },
  ]);
  expect(await client.imports.repairs(id)).toEqual([
    {
      field: "email",
      issue: "email_invalid",
      repair: "leave_empty",
      rows: 1,
      samples: [{ row: 3, before: "not-an-address", after: "" }],
    },
  ]);
  expect(
    await client.imports.edit(id, { kind: "replace", field: "email", from: "not-an-address", to: "bo@example.com" }),
  ).toMatchObject({ changed: 1, nowValid: 1 });
  expect((await client.imports.undoEdit(id)).status).toBe("undone");
  expect((await client.imports.edits(id)).items).toHaveLength(1);
  expect((await client.imports.editCell(id, 2, { field: "first_name", value: "Annika" })).row).toBe(2);
  const rows: number[] = [];
  for await (const { row } of client.imports.eachRow(id, { limit: 1 })) rows.push(row);
  expect(rows).toEqual([2, 3, 4]);
  expect((await client.imports.dryRun(id)).counts).toMatchObject({ created: 2, invalid: 1 });
  await expect(client.imports.unknownOwners(id)).rejects.toMatchObject({ code: "conflict" });

  await client.imports.commit(id);
  expect((await client.imports.waitFor(id, { status: "completed" })).counts).toMatchObject({ created: 2, invalid: 1 });
  expect((await client.imports.report(id, { lang: "fr" })).issues).toMatchObject([{ code: "email_invalid", count: 1 }]);
  expect(await (await client.imports.download(id, "rejected.csv")).text()).toContain("not-an-address");
  expect(await (await client.imports.download(id, "records.csv")).text()).toContain("Annika");
  expect((await client.imports.records(id)).items).toHaveLength(2);
  expect((await client.imports.events(id)).items.map(({ name }) => name)).toContain("import.completed");
  expect((await client.templates.list({ importer: "leads" })).items).toHaveLength(1);

  const again = await client.upload(file(), { importer: "leads" });
  expect(again.sameAs).toMatchObject({ importId: id, status: "completed" });
  const refused = await client.imports
    .create({ uploadId: again.id, importer: "leads" })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ClientError);
  expect(refused).toMatchObject({ status: 409, code: "conflict", problem: { importId: id } });
  expect((await client.uploads.list()).map((each) => each.id)).toEqual([again.id]);
  await client.uploads.delete(again.id);
  await expect(client.uploads.get(again.id)).rejects.toMatchObject({ status: 404, code: "not_found" });

  expect(await client.imports.undoPreview(id)).toMatchObject({ toDelete: 2 });
  await client.imports.undo(id);
  await client.imports.waitFor(id, { status: "undone" });
  expect(await client.imports.undoReport(id)).toMatchObject({ deleted: 2 });
  expect((await client.imports.kept(id)).items).toEqual([]);
  await client.imports.delete(id);
  await expect(client.imports.get(id)).rejects.toMatchObject({ status: 404 });
});

it("lists by filter and page by page, for each user their own", async () => {
  const { client, clientAs } = await openServer();
  const anna = clientAs("anna");
  for (const who of [client, anna]) {
    for (const name of ["a.csv", "b.csv"]) {
      const { id: uploadId } = await who.upload(file(`${csv}${name}@example.com,A,B\n`, name));
      await who.imports.create({ uploadId, importer: "leads" });
    }
  }
  expect((await anna.imports.list()).items).toHaveLength(2);
  expect((await client.imports.list({ text: "a.c", status: "pending", from: new Date(0) })).items).toHaveLength(2);
  const names: string[] = [];
  for await (const { fileName } of client.imports.each({ limit: 1, user: "me" })) names.push(fileName);
  expect(names).toEqual(["b.csv", "a.csv"]);
});

it("takes an import back to its mapping, and a workbook to fill in", async () => {
  const { client } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads", start: true });
  await client.imports.waitFor(id, { status: "ready" });
  expect((await client.imports.reopen(id)).actions).toContain("start");
  await client.imports.setMapping(id, [{ column: "First name", field: "first_name" }]);
  await expect(client.imports.start(id)).rejects.toMatchObject({ code: "invalid" });
  await client.imports.setMapping(id, [{ column: "Email", field: "email" }]);
  await client.imports.start(id);
  expect(await client.imports.waitFor(id, { status: "ready" })).toMatchObject({ validRows: 2, createdByName: "admin" });
  const { items, count } = await client.imports.list({ sort: "fileName", order: "asc", limit: 1 });
  expect([items.map((each) => each.id), count]).toEqual([[id], 1]);
  const workbook = await client.importers.template("leads", { format: "xlsx", lang: "fr" });
  expect(new Uint8Array(await workbook.arrayBuffer()).subarray(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]));
});

it("asks for its language with every call, also while it uploads, and can be had in another", async () => {
  const { client, clientAs } = await openServer();
  const french = clientAs("admin", { language: "fr" });
  const pdf = new File(["%PDF-1.7\n"], "people.csv");
  const refusal = async (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => "",
      (error: ClientError) => error.detail,
    );
  expect(await refusal(client.imports.get(99))).toBe("There is no import 99, or it is not yours.");
  expect(await refusal(french.imports.get(99))).toBe("L’import 99 n’existe pas, ou n’est pas à vous.");
  expect(await refusal(french.upload(pdf))).toMatch(/^people\.csv est un PDF\./);
  expect(await refusal(french.inLanguage("sv").upload(pdf))).toMatch(/^people\.csv är en PDF\./);
  expect(await refusal(french.imports.get(99))).toMatch(/^L’import/);

  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads" });
  await client.imports.cancel(id);
  expect(await refusal(french.imports.pause(id))).toBe(
    `L’import ${id} est interrompu et ne peut pas être mis en pause. Annulez-le si des lignes avaient été écrites, ou importez de nouveau le fichier.`,
  );
});

it.each([
  [1, 4],
  [60, 1],
])("where there are too many for %i s, a call is made %i times before it is refused", async (seconds, calls) => {
  const { client, asked } = await tooMany(seconds);
  await expect(client.imports.list()).rejects.toMatchObject({
    status: 429,
    code: "too_many",
    problem: { retryAfterSeconds: seconds },
  });
  expect(asked()).toBe(calls);
});

/** A server that has enough. */
async function tooMany(retryAfterSeconds: number) {
  let asked = 0;
  const client = createClient({
    baseUrl: "http://sluice.test",
    fetch: async () => {
      asked++;
      return new Response(JSON.stringify({ code: "too_many", detail: "Wait.", retryAfterSeconds }), { status: 429 });
    },
  });
  return { client, asked: () => asked };
}

it("says for good what an import that is waited for came to instead", async () => {
  const { client } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads" });
  await client.imports.cancel(id);
  await expect(client.imports.waitFor(id, { status: "completed" })).rejects.toThrow(
    `Import ${id} is cancelled, not completed.`,
  );
});

it("hears of a deletion while it waits and watches", async () => {
  const { client } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads" });
  const waiting = expect(client.imports.waitFor(id, { status: "completed" })).rejects.toMatchObject({ status: 404 });
  const watched: Change[] = [];
  for await (const change of client.imports.watch(id)) {
    watched.push(change);
    if (change.type === "event" && change.event.name === "import.created") await client.imports.delete(id);
  }
  expect(watched.at(-1)).toEqual({ type: "deleted", jobId: id });
  await waiting;
});

it("tells every event once, in order, although the connection is cut again and again", async () => {
  const { client, cut } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads", start: true });
  const names: string[] = [];
  const ids: number[] = [];
  let committing: Promise<unknown> | undefined;
  for await (const change of client.imports.watch(id, { pollMs: 20 })) {
    if (change.type !== "event") continue;
    names.push(change.event.name);
    ids.push(change.event.id);
    if (change.event.name === "import.ready") committing = client.imports.commit(id);
    if (change.event.name === "import.completed") break;
    cut();
  }
  await committing;
  const { items } = await client.imports.events(id);
  expect(ids).toEqual(items.map((event) => event.id));
  expect(names.slice(-1)).toEqual(["import.completed"]);
});

it("watches all imports that the user may see", async () => {
  const { client, clientAs } = await openServer();
  const stop = new AbortController();
  const seen: string[] = [];
  let ready: () => void = () => {};
  const watching = (async () => {
    for await (const change of clientAs("anna", {
      fetch: async (...call) => {
        const response = await fetch(...call);
        ready();
        return response;
      },
    }).watchAll({ signal: stop.signal })) {
      if (change.type === "event") seen.push(`${change.event.name} ${change.event.actor}`);
      if (seen.includes("import.cancelled anna")) return;
    }
  })();
  await new Promise<void>((resolve) => {
    ready = resolve;
  });
  for (const who of [client, clientAs("anna")]) {
    const { id: uploadId } = await who.upload(file());
    const { id } = await who.imports.create({ uploadId, importer: "leads" });
    await who.imports.cancel(id);
  }
  await watching;
  expect(seen.filter((each) => each.startsWith("import.c"))).toEqual(["import.created anna", "import.cancelled anna"]);
  stop.abort();
});

it("asks, where a proxy holds the stream back or knows no streams", async () => {
  const { client, clientAs } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads", start: true });
  const blind = clientAs("admin", {
    fetch: async (input, init) => {
      const isStream = new Headers(init?.headers).get("accept") === "text/event-stream";
      return isStream
        ? new Response("<p>no streams here</p>", { headers: { "content-type": "text/html" } })
        : fetch(input, init);
    },
  });
  const names: string[] = [];
  for await (const change of blind.imports.watch(id, { pollMs: 10 })) {
    if (change.type === "event") names.push(change.event.name);
    if (change.type === "event" && change.event.name === "import.ready") break;
  }
  expect(names.filter((name) => name !== "import.edited")).toEqual([
    "import.created",
    "import.queued",
    "import.parsing",
    "import.ready",
  ]);
});

it("stops at once when its signal aborts", async () => {
  const { client } = await openServer();
  const { id: uploadId } = await client.upload(file());
  const { id } = await client.imports.create({ uploadId, importer: "leads" });
  const stop = new AbortController();
  const waiting = expect(client.imports.waitFor(id, { status: "completed", signal: stop.signal })).rejects.toThrow(
    "enough",
  );
  const watching = (async () => {
    for await (const _ of client.imports.watch(id, { signal: stop.signal })) stop.abort(new Error("enough"));
  })();
  await expect(watching).rejects.toThrow("enough");
  await waiting;
  await expect(client.imports.get(id, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
});

/** A server that answers as the test says. */
async function fakeServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("repeats a call with the same key while the server is away", async () => {
  const keys: unknown[] = [];
  const baseUrl = await fakeServer((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    if (keys.length === 1) request.socket.destroy();
    else if (keys.length === 2) response.writeHead(503).end("<h1>Back soon</h1>");
    else response.writeHead(202, { "content-type": "application/json" }).end('{"id":7}');
  });
  expect(await createClient({ baseUrl }).imports.commit(7)).toEqual({ id: 7 });
  expect([keys.length, new Set(keys).size, typeof keys[0]]).toEqual([3, 1, "string"]);
});

it.each([
  [
    "a problem",
    422,
    '{"code":"invalid","detail":"No column feeds: E-mail."}',
    { status: 422, code: "invalid", message: "No column feeds: E-mail." },
  ],
  [
    "another server's page",
    404,
    "<h1>nothing</h1>",
    { status: 404, code: "network", message: "The server, or one before it, answered 404." },
  ],
])("throws %s with its status, code and text", async (_, status, body, error) => {
  const baseUrl = await fakeServer((_request, response) => response.writeHead(status).end(body));
  await expect(createClient({ baseUrl: `${baseUrl}/` }).imports.get(7)).rejects.toMatchObject(error);
});

it("sends a token that is asked for each time, and headers of its own", async () => {
  const seen: unknown[] = [];
  const baseUrl = await fakeServer((request, response) => {
    seen.push([request.url, request.headers.authorization, request.headers["x-tenant"]]);
    response.end('{"items":[]}');
  });
  let turn = 0;
  const client = createClient({
    baseUrl: `${baseUrl}/mounted/`,
    token: async () => `t${++turn}`,
    headers: { "x-tenant": "a" },
  });
  await client.importers.list({ lang: "sv" });
  await client.uploads.list();
  expect(seen).toEqual([
    ["/mounted/api/v1/importers?lang=sv", "Bearer t1", "a"],
    ["/mounted/api/v1/uploads", "Bearer t2", "a"],
  ]);
});

it("knows every operation that people's programs need", async () => {
  const { document } = await openApp();
  const { paths } = (await document()) as unknown as { paths: Record<string, Record<string, unknown>> };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const left = operations.filter(
    (each) => /\/(?:importers|imports|uploads|templates)/.test(each) && !known.has(each.replace("/api/v1", "")),
  );
  expect(left).toEqual([]);
});

const known = new Set([
  ...["", "/{name}", "/{name}/schema", "/{name}/template.csv", "/{name}/template.xlsx", "/{name}/owners"].map(
    (path) => `get /importers${path}`,
  ),
  ...["", "/{id}"].flatMap((path) => [`get /uploads${path}`]),
  "post /uploads",
  "delete /uploads/{id}",
  ...["parts", "complete"].map((each) => `post /uploads/{id}/${each}`),
  ...[
    "options /uploads/tus",
    "post /uploads/tus",
    "head /uploads/tus/{id}",
    "patch /uploads/tus/{id}",
    "delete /uploads/tus/{id}",
  ],
  "get /imports",
  "post /imports",
  "get /imports/{id}",
  "delete /imports/{id}",
  ...["mapping", "options"].flatMap((each) => [`get /imports/{id}/${each}`, `put /imports/{id}/${each}`]),
  ...[
    "analysis",
    "preview",
    "choices",
    "reading",
    "sheets",
    "entries",
    "owners/unknown",
    "records",
    "rows",
    "rows/values",
    "values",
    "repairs",
    "edits",
    "report",
    "rejected.csv",
    "original",
    "rejected.xlsx",
    "corrected.csv",
    "corrected.xlsx",
    "records.csv",
    "undo",
    "undo/preview",
    "undo/kept",
    "events",
  ].map((each) => `get /imports/{id}/${each}`),
  "patch /imports/{id}/rows/{row}",
  "get /imports/{id}/rows/{row}/duplicate",
  ...[
    "analysis",
    "start",
    "dry-run",
    "commit",
    "pause",
    "resume",
    "reject",
    "retry",
    "reopen",
    "cancel",
    "undo",
    "edits",
    "edits/undo",
  ].map((each) => `post /imports/{id}/${each}`),
  "patch /imports/{id}/mapping",
  "post /imports/{id}/template",
  ...["get /templates", "put /templates", "get /templates/{id}", "patch /templates/{id}", "delete /templates/{id}"],
]);

it("imports a file in one request, and says what does not serve", async () => {
  const { client } = await openServer();
  const made = await client.importFile("leads", file(), { language: "sv", mapping: { "Last name": null } });
  expect(made.data).toEqual({ jobId: "1", statusUrl: "/api/v1/import/status/1" });
  await client.imports.waitFor(1, { status: "completed" });
  const { status, results } = await client.importStatus(1);
  expect([status, results]).toEqual(["completed", { totalRows: 3, successCount: 2, errorCount: 1 }]);
  expect((await client.imports.get(1)).language).toBe("sv");

  const refused = await client
    .importFile("leads", new TextEncoder().encode("Colour\nred\n"), { name: "x.csv" })
    .catch((e) => e);
  expect(refused).toBeInstanceOf(RefusedError);
  expect([refused.status, refused.code, refused.refusals[0].code, refused.refusals[0].found]).toEqual([
    400,
    "invalid",
    "header_missing",
    ["Colour"],
  ]);
});
