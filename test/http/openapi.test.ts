import { beforeAll, describe, expect, it } from "vitest";
import { type ApiDocument, type Operation, operationsOf } from "./document.ts";
import { called, openApp } from "./open-app.ts";

/** Every object in a JSON value, with where it stands. */
function* objectsIn(value: unknown, where = "#"): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [where, value as Record<string, unknown>];
  for (const [name, one] of Object.entries(value)) yield* objectsIn(one, `${where}/${name}`);
}

beforeAll(() => called.clear());

async function documentOf(): Promise<ApiDocument> {
  const app = await openApp();
  return app.document();
}

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 with a title, a version, and an operation for each path", async () => {
    const document = await documentOf();
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Sluice", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    expect(operationsOf(document).length).toBeGreaterThan(40);
  });

  it("refers to nothing that is not there, and names each component once", async () => {
    const document = await documentOf();
    const missing = [...objectsIn(document)].flatMap(([where, { $ref }]) => {
      if (typeof $ref !== "string") return [];
      const found = $ref
        .split("/")
        .slice(1)
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
      return found === undefined ? [`${where}: ${$ref}`] : [];
    });
    expect(missing).toEqual([]);
  });

  it("says of what may be null either its schema or null, never both at once", async () => {
    const nothing = [...objectsIn(await documentOf())].filter(
      ([, { allOf }]) => Array.isArray(allOf) && allOf.some(({ type }) => Array.isArray(type) && type.includes("null")),
    );
    expect(nothing.map(([where]) => where)).toEqual([]);
    const { next } = ((await documentOf()).components.schemas.Import as { properties: Record<string, unknown> })
      .properties;
    expect(next).toMatchObject({ anyOf: [{ $ref: "#/components/schemas/NextStep" }, { type: "null" }] });
  });

  it("says of each operation what it is for, its parameters, its answers, and what can be wrong", async () => {
    const document = await documentOf();
    const schemes = Object.keys((document.components as unknown as { securitySchemes: object }).securitySchemes);
    const found: string[] = [];
    // biome-ignore lint/suspicious/noExplicitAny: whatever the document has
    for (const operation of operationsOf(document) as unknown as Record<string, any>[]) {
      const where = `${operation.method} ${operation.path}`;
      if (!operation.summary) found.push(`${where}: no summary`);
      if (!/^[a-z][A-Za-z]+$/.test(operation.operationId ?? "")) found.push(`${where}: no operationId in camelCase`);
      if (!operation.tags?.length) found.push(`${where}: no tag`);
      const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const declared = (operation.parameters ?? []).filter((each: { in: string }) => each.in === "path");
      if (JSON.stringify(declared.map(({ name }: { name: string }) => name).sort()) !== JSON.stringify(inPath))
        found.push(`${where}: its path parameters are ${inPath}`);
      for (const each of declared) if (each.required !== true) found.push(`${where}: ${each.name} must be required`);
      const statuses = Object.keys(operation.responses);
      if (!statuses.some((status) => /^[23]\d\d$/.test(status))) found.push(`${where}: no answer`);
      for (const [status, response] of Object.entries<Operation["responses"][string] & { description?: string }>(
        operation.responses,
      )) {
        if (!response.description) found.push(`${where}: ${status} has no description`);
        const isProblem = status === "default" || Number(status) >= 400;
        if (isProblem && response.content?.["application/problem+json"] === undefined)
          found.push(`${where}: ${status} is no problem+json`);
      }
      const isOpen = operation.security?.length === 0;
      if (!isOpen && operation.path.startsWith("/api/") && !statuses.includes("401")) found.push(`${where}: no 401`);
      for (const scheme of (operation.security ?? []).flatMap((each: object) => Object.keys(each)))
        if (!schemes.includes(scheme)) found.push(`${where}: no scheme ${scheme}`);
    }
    expect(found).toEqual([]);
  });

  it("calls each operation by a name of its own, which a generated client's functions are called by", async () => {
    const names = operationsOf(await documentOf()).map(
      (each) => (each as unknown as { operationId: string }).operationId,
    );
    expect(names.filter((name, k) => names.indexOf(name) !== k)).toEqual([]);
    // These names are other people's function names: a change breaks their build.
    expect(names).toEqual(
      expect.arrayContaining([
        "uploadFile",
        "createImport",
        "startImport",
        "getImport",
        "listImports",
        "commitImport",
        "undoImport",
      ]),
    );
  });

  it("says in words what a body may leave out, for generators take `default` for what is always there", async () => {
    const document = await documentOf();
    const found = [...objectsIn(document.components.schemas)].flatMap(([where, { properties, required }]) =>
      Object.entries((properties ?? {}) as Record<string, object>)
        .filter(
          ([name, property]) =>
            "default" in property ||
            ((required as string[] | undefined)?.includes(name) &&
              /Default/.test(String((property as { description?: string }).description))),
        )
        .map(([name]) => `${where}/${name}`),
    );
    expect(found).toEqual([]);
    const { NewImport } = document.components.schemas as unknown as Record<
      string,
      { properties: Record<string, { description: string }>; required?: string[] }
    >;
    expect([NewImport.required ?? [], NewImport.properties.dryRun.description]).toEqual([
      [],
      "Only to be counted, never committed. Default: false.",
    ]);
  });

  it("has an answer as promised for every operation that this API's routes have, and a route for each operation", async () => {
    const app = await openApp();
    const { call } = app;
    const bring = async (text: string, more: Record<string, unknown> = {}) =>
      call("POST", "/imports", { uploadId: await app.upload(text), importer: "leads", ...more });
    const csv = "Email\nanna@example.com\nnope\n";
    const id = (await bring(csv)).json.id;
    const at = `/imports/${id}`;
    const requests: [method: string, path: string, expected: number, body?: unknown][] = [
      ["GET", "/healthz", 200],
      ["GET", "/readyz", 200],
      ["GET", "/importers", 200],
      ["GET", "/importers/leads", 200],
      ["GET", "/importers/leads/owners", 200],
      ["GET", "/importers/leads/schema", 200],
      ["GET", "/importers/leads/template.csv", 200],
      ["GET", "/importers/leads/template.xlsx", 200],
      ["GET", "/imports", 200],
      ["GET", at, 200],
      ["GET", `${at}/mapping`, 200],
      ["PUT", `${at}/mapping`, 200, { columns: [{ column: "Email", field: "email" }] }],
      ["PATCH", `${at}/mapping`, 200, { columns: [{ column: "Email", field: "email" }] }],
      ["GET", `${at}/options`, 200],
      ["PUT", `${at}/options`, 200, {}],
      ["GET", `${at}/preview`, 200],
      ["GET", `${at}/analysis`, 200],
      ["POST", `${at}/analysis`, 200],
      ["GET", `${at}/sheets`, 200],
      ["GET", `${at}/entries`, 200],
      ["GET", `${at}/choices`, 200],
      ["GET", `${at}/reading?dialect={}`, 200],
      ["GET", `${at}/original`, 200],
      ["GET", `${at}/corrected.csv`, 200],
      ["GET", `${at}/corrected.xlsx`, 200],
      ["GET", "/queue", 200],
      ["POST", "/queue/redrive", 200],
      ["GET", "/sinks/none/refused", 404],
      ["POST", "/sinks/none/retry", 404],
      ["POST", "/sinks/none/rebuild", 404],
      ["DELETE", "/sinks/none/rebuild", 404],
      ["PUT", "/templates", 200, { importId: id }],
      ["GET", "/templates", 200],
      ["GET", "/templates/1", 200],
      ["PATCH", "/templates/1", 200, { name: "Trade fair" }],
      ["POST", `${at}/template`, 200, { templateId: 1 }],
      ["DELETE", "/templates/1", 204],
      ["POST", `${at}/start`, 202, {}],
      ["POST", `${at}/pause`, 202],
      ["POST", `${at}/resume`, 202],
      ["POST", `${at}/retry`, 409],
      ["POST", `${at}/reopen`, 409],
      ["POST", `${at}/reject`, 409],
    ];
    const later: typeof requests = [
      ["GET", `${at}/report`, 200],
      ["GET", `${at}/rows`, 200],
      ["GET", `${at}/rows/values?column=email`, 200],
      ["GET", `${at}/rejected.csv`, 200],
      ["GET", `${at}/rejected.xlsx`, 200],
      ["GET", `${at}/records.csv`, 200],
      ["GET", `${at}/records`, 200],
      ["GET", `${at}/events`, 200],
      ["GET", `/import/status/${id}`, 200],
      ["GET", `${at}/undo/preview`, 200],
      ["POST", `${at}/undo`, 202],
      ["GET", `${at}/undo`, 200],
      ["GET", `${at}/undo/kept`, 200],
      ["POST", `${at}/cancel`, 202],
      ["DELETE", at, 204],
    ];
    const answerAll = async (list: typeof requests) => {
      for (const [method, path, expected, body] of list) {
        const { status, text } = await call(method, path, body);
        expect([method, path, status, status === expected ? "" : text]).toEqual([method, path, expected, ""]);
      }
    };
    await answerAll(requests);
    await app.work(id);
    await answerAll([
      ["PATCH", `${at}/rows/3`, 200, { field: "email", value: "still wrong" }],
      ["GET", `${at}/values?field=email`, 200],
      ["GET", `${at}/repairs`, 200],
      ["GET", `${at}/rows/2/duplicate`, 404],
      ["POST", `${at}/edits`, 200, { kind: "revalidate" }],
      ["GET", `${at}/edits`, 200],
      ["POST", `${at}/edits/undo`, 200],
      ["GET", `${at}/owners/unknown`, 409],
      ["POST", `${at}/dry-run`, 200],
      ["POST", `${at}/commit`, 202],
    ]);
    await app.work(id);
    await answerAll(later);
    const form = new FormData();
    form.set("file", new Blob(["Email\nzoe@example.com\n"]), "leads.csv");
    expect((await app.call("POST", "/import/leads", form)).status).toBe(202);
    const stream = new AbortController();
    const all = await app.app.fetch(
      new Request("http://sluice.test/api/v1/events", {
        signal: stream.signal,
        headers: { authorization: "Bearer admin" },
      }),
    );
    expect(all.headers.get("content-type")).toBe("text/event-stream");
    called.add("GET /api/v1/events");
    stream.abort();

    // Uploads, users, webhooks and sources have tests of their own, which this list leaves to them.
    const others = /\/(?:uploads|users|tokens|audit|me|webhooks|sources|sign-in|sign-out|metrics)(?:\/|$)/;
    const documented = operationsOf(await app.document()).map(({ method, path }) => `${method} ${path}`);
    const own = (names: Iterable<string>) => [...names].filter((name) => !others.test(name)).sort();
    expect(own(called)).toEqual(own(documented));
  });

  it("has the answers of tus as they are, and those of other uploads", async () => {
    const { call, upload } = await openApp();
    const tus = { "tus-resumable": "1.0.0" };
    const file = { "content-type": "application/offset+octet-stream", "upload-offset": "0" };
    const size = { "upload-length": "6", "upload-metadata": `filename ${btoa("a.csv")}` };
    const begin = async () =>
      (await call("POST", "/uploads/tus", undefined, { headers: { ...tus, ...size } })).headers
        .get("location")
        ?.replace("/api/v1", "") as string;
    const [one, other] = [await begin(), await begin()];
    const id = await upload("Email\n");
    const answers = [
      await call("OPTIONS", "/uploads/tus", undefined, { headers: tus }),
      await call("HEAD", one, undefined, { headers: tus }),
      await call("PATCH", one, "Email\n", { headers: { ...tus, ...file } }),
      await call("PATCH", one, "Email\n", { headers: { ...tus, ...file } }),
      await call("PATCH", other, "Email\n", { headers: tus }),
      await call("DELETE", other, undefined, { headers: tus }),
      await call("DELETE", other, undefined, { headers: tus }),
      await call("POST", "/uploads/tus", undefined, { headers: { ...tus, "upload-length": "much" } }),
      await call("POST", "/uploads/tus", undefined, { headers: size }),
      await call("POST", "/uploads/tus", undefined, { headers: { ...tus, "upload-defer-length": "1" } }),
      await call("GET", "/uploads"),
      await call("GET", `/uploads/${id}`),
      await call("DELETE", `/uploads/${id}`),
      await call("DELETE", `/uploads/${id}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      ...[204, 200, 204, 409, 400, 204, 404, 400, 412, 501],
      ...[200, 200, 204, 404],
    ]);
  });

  it("has whatever is answered to requests that are wrong", async () => {
    const { call, upload, document, work } = await openApp();
    const made = { uploadId: await upload("Email\nanna@example.com\nnope\n"), importer: "leads", start: true };
    const { id } = (await call("POST", "/imports", made)).json;
    await work(id);
    // Of what is there, and of what is not: numbers that are none, too large, or no text.
    const ids = [String(id), "999999", "abc", "0", "9007199254740993", "%00", "%ED%A0%80", await upload("Email\n")];
    const bodies = [
      undefined,
      "",
      "{",
      "[]",
      "null",
      "{}",
      '{"__proto__":{"a":1}}',
      `{"a":${"[".repeat(3000)}${"]".repeat(3000)}}`,
    ];
    const queries = [
      "?limit=0",
      "?limit=abc",
      "?after=x",
      "?lang=de",
      "?status=nope",
      "?from=-271821-04-20",
      "?search=%00",
    ];
    const asked: Parameters<typeof call>[3][] = [
      {},
      { as: "" },
      { as: "anna" },
      { headers: { "content-type": "text/plain" } },
      { headers: { "idempotency-key": "x".repeat(300) } },
    ];
    const statuses = new Set<number>();
    for (const { method, path } of operationsOf(await document())) {
      // A stream without an end.
      if (path.endsWith("/api/v1/events")) continue;
      const at = (one: string): string => path.replace("/api/v1", "").replaceAll(/\{[^}]+\}/g, one);
      const isRead = method === "GET" || method === "HEAD";
      const paths = [
        ...(path.includes("{") ? ids : [""]).map(at),
        ...(isRead ? queries.map((query) => at(String(id)) + query) : []),
      ];
      const requests: [path: string, body?: string, how?: Parameters<typeof call>[3]][] = [
        ...paths.map((each): [string] => [each]),
        ...asked.map((how): [string, string | undefined, typeof how] => [at("1"), isRead ? undefined : "{}", how]),
        ...(isRead ? [] : bodies.map((body): [string, string | undefined] => [at("999999"), body])),
      ];
      // `call` holds each answer to the document.
      for (const [each, body, how] of requests) statuses.add((await call(method, each, body, how)).status);
    }
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 204, 400, 401, 403, 404, 409, 412, 415, 422]));
  });
});
