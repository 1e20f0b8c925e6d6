/**
 * Every operation of the OpenAPI document, with every id of one tenant that can be put into it, by everybody who must not reach
 * it: what they hear is what they hear of an id that nobody has. An operation or an id that this does not know makes it fail.
 */
import { expect, it } from "vitest";
import { defaultRules } from "../../src/core/source-definition.ts";
import { type ApiDocument, operationsOf } from "./document.ts";
import type { OpenApp } from "./open-app.ts";
import { bring, tenantApp } from "./tenant-app.ts";

const csv = "Email;Name;Seller\nmark@x.fr;Markcell;seller.markone@x.fr\nkept@x.fr;Marknew;\nmarkbad;;\n";
/** In whatever is the first tenant's: names, cells, files. */
const marker = /mark/i;

type Kind =
  | "import"
  | "upload"
  | "template"
  | "user"
  | "token"
  | "seller"
  | "webhook"
  | "delivery"
  | "source"
  | "sourceFile";

/** Ids in paths, by what stands before them. */
const pathKinds: [RegExp, Kind][] = [
  [/^\/api\/v1\/imports\/\{id\}/, "import"],
  [/^\/api\/v1\/import\/status\/\{jobId\}/, "import"],
  [/^\/api\/v1\/uploads\/(tus\/)?\{id\}/, "upload"],
  [/^\/api\/v1\/templates\/\{id\}/, "template"],
  [/^\/api\/v1\/users\/\{id\}/, "user"],
  [/^\/api\/v1\/tokens\/\{id\}/, "token"],
  [/^\/api\/v1\/webhooks\/\{id\}/, "webhook"],
  [/^\/api\/v1\/sources\/\{id\}/, "source"],
];

/** Ids in paths of what is part of another thing. */
const partKinds: Readonly<Record<string, Kind | undefined>> = { deliveryId: "delivery", fileId: "sourceFile" };

/** Ids in queries and bodies. */
const slotKinds: Readonly<Record<string, Kind>> = {
  importId: "import",
  parentId: "import",
  fileOf: "import",
  uploadId: "upload",
  templateId: "template",
  userId: "user",
  user: "user",
  actor: "user",
  id: "seller",
};

const unknown: Readonly<Record<Kind, string>> = {
  import: "987654321",
  upload: "ffffffffffffffffffffffffffffffff",
  template: "987654321",
  user: "99999999-9999-4999-8999-999999999999",
  token: "987654321",
  seller: "987654321",
  webhook: "987654322",
  delivery: "99999999-9999-4999-8999-999999999999",
  source: "987654323",
  sourceFile: "987654321",
};

/** Who must not reach what is Anna's: a stranger of her tenant, people of the other, and who is of none. */
const strangers = ["cleo", "dan", "twin", "rival", "loose"] as const;

/** What a request needs beside ids to be a good one. `own`: an upload of whoever asks. */
type Body = (own: string) => Record<string, unknown>;
const bodies: Readonly<Record<string, Body>> = {
  "POST /api/v1/users": () => ({ name: "Somebody" }),
  "PATCH /api/v1/users/{id}": () => ({ name: "Taken" }),
  "POST /api/v1/tokens": () => ({ name: "mine" }),
  "POST /api/v1/imports": (own) => ({ uploadId: own, importer: "contacts" }),
  "PUT /api/v1/imports/{id}/mapping": () => ({ columns: [] }),
  "PATCH /api/v1/imports/{id}/mapping": () => ({ columns: [] }),
  "PUT /api/v1/imports/{id}/options": () => ({}),
  "POST /api/v1/imports/{id}/start": () => ({ acceptDoubts: true }),
  "PATCH /api/v1/imports/{id}/rows/{row}": () => ({ field: "email", value: "stolen@x.fr" }),
  "POST /api/v1/imports/{id}/edits": () => ({ kind: "replace", field: "email", from: "markbad", to: "a@x.fr" }),
  "PUT /api/v1/templates": () => ({ importId: 987654321 }),
  "PATCH /api/v1/templates/{id}": () => ({ name: "stolen" }),
  "POST /api/v1/imports/{id}/template": () => ({ templateId: 987654321 }),
  "PATCH /api/v1/webhooks/{id}": () => ({ name: "stolen" }),
  "POST /api/v1/webhooks/{id}/rotate": () => ({}),
  "POST /api/v1/sources": () => ({ name: "stolen", importer: "contacts", place: { kind: "folder", path: "/srv/in" } }),
  "PATCH /api/v1/sources/{id}": () => ({ parallel: true }),
};

/** Operations without an id that anybody's request may name, each with why nothing of others can come of it. */
const idless: Readonly<Record<string, string>> = {
  "GET /healthz": "the process",
  "GET /readyz": "the process",
  "GET /metrics": "an operator's",
  "GET /sign-in": "a page",
  "POST /sign-in": "a code that is a secret",
  "GET /api/v1/me": "who asks",
  "POST /api/v1/sign-out": "the session of the request",
  "GET /api/v1/users": "a list",
  "POST /api/v1/users": "an operator's",
  "GET /api/v1/me/mail": "one's own",
  "PATCH /api/v1/me/mail": "one's own",
  "GET /api/v1/webhooks": "a list",
  "POST /api/v1/webhooks": "makes one of one's own, in webhooks.test.ts",
  "GET /api/v1/sources": "a list",
  "GET /api/v1/sources/kinds": "the server's settings",
  "GET /api/v1/tokens": "a list",
  "GET /api/v1/importers": "definitions",
  "GET /api/v1/importers/{name}": "a definition",
  "GET /api/v1/importers/{name}/schema": "a definition",
  "GET /api/v1/importers/{name}/template.csv": "a definition",
  "GET /api/v1/importers/{name}/template.xlsx": "a definition",
  "POST /api/v1/import/{name}": "makes one of one's own, in one-shot.test.ts",
  "GET /api/v1/uploads": "a list",
  "POST /api/v1/uploads": "makes one of one's own",
  "OPTIONS /api/v1/uploads/tus": "what the server knows of tus",
  "POST /api/v1/uploads/tus": "makes one of one's own",
  "GET /api/v1/events": "a stream, in tenants.test.ts",
  "GET /api/v1/queue": "a list",
  "POST /api/v1/queue/redrive": "an operator's",
  "GET /api/v1/sinks/{name}/refused": "an operator's",
  "POST /api/v1/sinks/{name}/retry": "an operator's",
  "POST /api/v1/sinks/{name}/rebuild": "an operator's",
  "DELETE /api/v1/sinks/{name}/rebuild": "an operator's",
};

interface Slot {
  at: "path" | "query" | "body";
  name: string;
  kind: Kind;
}

type Described = ReturnType<typeof operationsOf>[number] & {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: { $ref?: string; properties?: Record<string, unknown> } }> };
};

/** Where ids can stand in a request. @throws where a name looks like an id's and nothing is known of it. */
function slotsOf(document: ApiDocument, { method, path, parameters = [], requestBody }: Described): Slot[] {
  const slots: Slot[] = [];
  const kindOf = (name: string): Kind | undefined => {
    if (Object.hasOwn(slotKinds, name)) return slotKinds[name];
    if (/(?:^i|I)ds?$|Of$/.test(name)) throw new Error(`${method} ${path}: what is the id "${name}" of?`);
  };
  for (const { in: at, name } of parameters) {
    if (at === "path" && name !== "name" && name !== "row" && name !== "act") {
      const kind = partKinds[name] ?? pathKinds.find(([pattern]) => pattern.test(path))?.[1];
      if (kind === undefined) throw new Error(`${method} ${path}: what is the id "${name}" of?`);
      slots.push({ at, name, kind });
    }
    const kind = at === "query" ? kindOf(name) : undefined;
    if (kind !== undefined) slots.push({ at: "query", name, kind });
  }
  const schema = requestBody?.content["application/json"]?.schema;
  const shape = schema?.$ref === undefined ? schema : document.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
  for (const name of Object.keys((shape?.properties ?? {}) as object)) {
    const kind = kindOf(name);
    if (kind !== undefined) slots.push({ at: "body", name, kind });
  }
  return slots;
}

/** One tenant's import with a review, a template, an upload beside it; and accounts that Sluice keeps. */
async function theirs(app: OpenApp): Promise<Record<Kind, string>> {
  const column = { mode: "column", column: "Seller" };
  const made = await bring(app, "anna", csv, { options: { assignment: column }, start: true, acceptDoubts: true });
  expect([made.status, made.text]).toEqual([202, expect.anything()]);
  await app.work(made.json.id);
  const template = await app.call("PUT", "/templates", { importId: made.json.id, name: "Marked" }, { as: "anna" });
  const { users } = app.store;
  const by = { id: null, name: "tester" };
  const keeper = await users.create({ name: "Mark Keeper", role: "admin" }, by);
  const token = await users.createToken({ name: "Mark's", userId: keeper.id, role: "user", expiresAt: null }, by);
  return {
    import: String(made.json.id),
    upload: await app.upload(csv, "marked.csv", "anna"),
    template: String(template.json.id),
    user: keeper.id,
    token: String(token.token.id),
    seller: "11",
    ...(await theirWebhook(app)),
    ...(await theirSource(app)),
  };
}

/** Of the tenant's administrator, with a delivery. */
async function theirWebhook(app: OpenApp): Promise<{ webhook: string; delivery: string }> {
  const asked = {
    url: "https://mark.example.com/",
    name: "Marked",
    events: ["import.completed"],
    importer: "contacts",
  };
  const { json } = await app.call("POST", "/webhooks", asked, { as: "head" });
  const [{ id }] = await app.rows<{ id: string }>(
    `insert into sluice.webhook_deliveries (webhook_id, event, job_id) values (${json.id}, 'import.completed', 1) returning id`,
  );
  return { webhook: String(json.id), delivery: id };
}

/** Of the tenant, with a file that waits for a person. */
async function theirSource({ engine, rows }: OpenApp): Promise<{ source: string; sourceFile: string }> {
  const { id } = await engine.sources.create({
    ...{ ...defaultRules, name: "marked", importer: "contacts", context: { tenant_id: "1" } },
    ...{ place: { kind: "folder", path: "/srv/marked" }, choices: { given: [], acceptDoubts: false, options: {} } },
    ...{ sealed: null, nextRunAt: null, createdBy: "head", createdByName: "Head" },
  });
  const [file] = await rows<{ id: number }>(
    `insert into sluice.source_files (source_id, name, state, changed_at, seen_at) values (${id}, 'marked.csv', 'failed', now(), now()) returning id`,
  );
  return { source: String(id), sourceFile: String(file.id) };
}

interface Sent {
  method: string;
  path: string;
  body: Record<string, unknown> | undefined;
}

/** The operation with an id in each of some slots. */
function requestOf(operation: Described, ids: readonly [Slot, string][], own: string): Sent {
  const key = `${operation.method} ${operation.path}`;
  const body = bodies[key]?.(own);
  let path = operation.path
    .replace("/api/v1", "")
    .replace("{name}", "contacts")
    .replace("{row}", "2")
    .replace("{act}", "run");
  const query = new URLSearchParams(
    path.endsWith("/rows/values") ? { column: "email" } : path.endsWith("/values") ? { field: "email" } : {},
  );
  for (const [{ at, name, kind }, id] of ids) {
    if (at === "path") path = path.replace(`{${name}}`, id);
    else if (at === "query") query.set(name, id);
    else if (body !== undefined) {
      body[name] = kind === "upload" || kind === "user" ? id : Number(id);
      if (name === "fileOf") delete body.uploadId;
    }
  }
  return { method: operation.method, path: query.size === 0 ? path : `${path}?${query}`, body };
}

async function send(app: OpenApp, { method, path, body }: Sent, as: string) {
  const isTus = path.startsWith("/uploads/tus");
  const headers: Record<string, string> = isTus ? { "tus-resumable": "1.0.0" } : {};
  const isBytes = isTus && method === "PATCH";
  if (isBytes) Object.assign(headers, { "content-type": "application/offset+octet-stream", "upload-offset": "0" });
  return app.call(method, path, isBytes ? "x" : body, { as, headers });
}

/** All that is kept, to be compared. */
function kept(app: OpenApp): Promise<unknown[]> {
  const tables = ["import_jobs", "import_rows", "import_edits", "mapping_templates", "users", "api_tokens", "sessions"];
  tables.push("webhooks", "webhook_deliveries", "sources", "source_files");
  return Promise.all(
    [...tables.map((table) => `sluice.${table}`), "contacts"].map((table) =>
      app.rows(`select to_jsonb(t) - 'heartbeat_at' as row from ${table} t order by 1`),
    ),
  );
}

it("knows every operation of the document, and every id in them", async () => {
  const app = await tenantApp();
  const document = await app.document();
  const bare = (operationsOf(document) as Described[])
    .filter((operation) => slotsOf(document, operation).length === 0)
    .map(({ method, path }) => `${method} ${path}`);
  expect(bare.sort()).toEqual(Object.keys(idless).sort());
});

it("tells strangers of what is somebody else's as of what is not there, and lets them change nothing", async () => {
  const app = await tenantApp();
  const document = await app.document();
  const real = await theirs(app);
  const own = new Map<string, { upload: string; import: string }>();
  for (const as of strangers) {
    const importer = as === "loose" ? "notes" : "contacts";
    const { json } = await bring(app, as, `Email\n${as}@x.fr\n`, { importer });
    own.set(as, {
      upload: await app.upload(`Email\n${as}2@x.fr\n`, `${as}.csv`, as),
      import: String(json.id),
    });
  }

  const before = await kept(app);
  const findings: string[] = [];
  let asked = 0;
  for (const operation of operationsOf(document) as Described[]) {
    const slots = slotsOf(document, operation);
    // Beside the id that is tried stand those of whoever asks.
    for (const tried of slots) {
      const others = slots.filter((slot) => slot !== tried && slot.at === "path");
      for (const as of strangers) {
        // Whom records may be given to is known to everybody of the tenant.
        if (tried.kind === "seller" && as === "cleo") continue;
        const mine = own.get(as) ?? { upload: "", import: "" };
        const rest = others.map((slot): [Slot, string] => [
          slot,
          slot.kind === "import" ? mine.import : unknown[slot.kind],
        ]);
        const answers = [];
        for (const id of [real[tried.kind], unknown[tried.kind]]) {
          const request = requestOf(operation, [...rest, [tried, id]], mine.upload);
          const { status, text } = await send(app, request, as);
          asked++;
          answers.push(
            `${status} ${text.replaceAll(new RegExp(`\\b${id}\\b`, "g"), "ID").replaceAll(/"requestId":"[^"]*"/g, "")}`,
          );
        }
        const where = `${operation.method} ${operation.path} with another's ${tried.name} as ${as}`;
        if (answers[0] !== answers[1]) findings.push(`${where}: ${answers[0]} and not ${answers[1]}`);
        if (marker.test(answers[0].replaceAll("contacts", ""))) findings.push(`${where}: tells ${answers[0]}`);
      }
    }
    if (slots.every(({ at }) => at !== "path") && operation.method === "GET" && !operation.path.endsWith("/events")) {
      if (!operation.path.startsWith("/api/v1/")) continue;
      for (const as of strangers) {
        const { text } = await send(app, requestOf(operation, [], ""), as);
        asked++;
        const areHers = as === "cleo" && operation.path.endsWith("/owners");
        if (marker.test(text) && !areHers) findings.push(`GET ${operation.path} as ${as}: tells ${text}`);
      }
    }
  }
  expect(findings).toEqual([]);
  expect(asked).toBeGreaterThan(600);
  expect(await kept(app)).toEqual(before);
});

it("shows the same to its owner, the tenant's administrator and an operator", async () => {
  const app = await tenantApp();
  const document = await app.document();
  const real = await theirs(app);
  const notThere: string[] = [];
  for (const operation of operationsOf(document) as Described[]) {
    // What ends the import ends what the others show.
    const isEnd = operation.method === "DELETE" || operation.path.endsWith("/cancel");
    if (!operation.path.startsWith("/api/v1/imports/{id}") || isEnd) continue;
    const slots = slotsOf(document, operation);
    for (const as of ["anna", "head", "operator"]) {
      const ids = slots.map((slot): [Slot, string] => [slot, real[slot.kind]]);
      const { status } = await send(app, requestOf(operation, ids, ""), as);
      if (status === 404 || status === 403 || status >= 500)
        notThere.push(`${operation.method} ${operation.path} as ${as}: ${status}`);
    }
  }
  expect(notThere).toEqual([]);
});
