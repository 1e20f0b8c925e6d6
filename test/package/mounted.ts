/** The API as a server has mounted it, tried over HTTP: every method, and a file that becomes records by a worker of its own process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";

/** A program of an application that runs until it is ended. */
export interface RunningProgram {
  /** All it has said. */
  said(): string;
  end(signal?: NodeJS.Signals): Promise<void>;
}

export function startProgram(cwd: string, args: readonly string[], env: Record<string, string>): RunningProgram {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (bytes: Buffer) => {
      said += bytes;
    });
  const ended = once(child, "close");
  return {
    said: () => said,
    async end(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
    },
  };
}

/** Resolves when the server answers; what it has said where it does not. */
export async function answers(url: string, program: RunningProgram): Promise<void> {
  const isUp = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await expect.poll(isUp, { timeout: 60_000, message: program.said() }).toBe(true);
}

/** The importer that the applications of these tests have. */
export const importers = `import { defineImporter, field } from "sluice";

export const people = defineImporter({
  name: "people",
  fields: { email: field.email({ required: true }), name: field.text({ aliases: { fr: ["Nom"] } }) },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});
`;

export const peopleTable =
  "create table people (id bigint generated always as identity primary key, email text not null, name text)";

export const worker = `import { createWorker } from "sluice/server";
import { people } from "./importers.ts";

const worker = createWorker({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  onCompleted: ({ id, counts }) => console.log("completed", id, counts.created, counts.invalid),
});
process.once("SIGTERM", () => worker.close());
await worker.run();
`;

/**
 * @param api as \`http://localhost:3000/api/v1\`. A worker must be running.
 * @param nameField of the importer, for the column "Nom".
 * @param headers of each request, such as who is signed in.
 */
export async function tryApi(
  api: string,
  { jsonBody = true, importer = "people", nameField = "name", headers = {} as Record<string, string> } = {},
): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${api}${path}`, {
      method,
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      headers: { ...headers, ...(body !== undefined && !isForm && { "content-type": "application/json" }) },
    });
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
    return { status: answer.status, headers: answer.headers, text, json: (text === "" ? null : parsed(text)) as any };
  };
  expect((await call("GET", "/importers")).json).toMatchObject({ items: [{ name: importer }] });
  const head = await call("HEAD", "/importers");
  expect([head.status, head.text]).toEqual([200, ""]);
  const options = await call("OPTIONS", "/uploads/tus");
  expect([options.status, options.headers.get("tus-version")]).toEqual([204, "1.0.0"]);

  // Looked at and hashed in threads.
  const form = new FormData();
  form.set("file", new File(["E-post;Nom\r\nann@example.org;Ann\r\nbo@example.org;Bo\r\nnobody;No\r\n"], "people.csv"));
  const upload = await call("POST", "/uploads", form);
  expect([upload.status, upload.json]).toMatchObject([201, { hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  const made = await call("POST", "/imports", { uploadId: upload.json.id, importer });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const { id } = made.json;
  expect(made.headers.get("location")).toBe(`${new URL(api).pathname}/imports/${id}`);
  const columns = [
    { column: "E-post", field: "email" },
    { column: "Nom", field: nameField },
  ];
  expect((await call("PUT", `/imports/${id}/mapping`, { columns })).status).toBe(200);
  expect((await call("PATCH", `/imports/${id}/mapping`, { columns: columns.slice(1) })).status).toBe(200);
  if (jsonBody) expect((await call("POST", `/imports/${id}/start`, {})).status).toBe(202);
  const status = async () => (await call("GET", `/imports/${id}`)).json.status;
  await expect.poll(status, { timeout: 60_000 }).toBe("ready");
  expect((await call("POST", `/imports/${id}/commit`)).status).toBe(202);
  await expect.poll(status, { timeout: 60_000 }).toBe("completed");
  expect((await call("GET", `/imports/${id}`)).json).toMatchObject({ counts: { created: 2, invalid: 1 } });
  expect((await call("GET", `/imports/${id}/rejected.csv`)).text).toContain("nobody");
  // What is streamed comes while it goes on.
  const stream = new AbortController();
  const events = await fetch(`${api}/imports/${id}/events`, {
    headers: { ...headers, accept: "text/event-stream" },
    signal: stream.signal,
  });
  const reader = (events.body as ReadableStream<Uint8Array>).getReader();
  let streamed = "";
  while (!streamed.includes("data: ")) {
    const { value, done } = await reader.read();
    if (done) break;
    streamed += Buffer.from(value).toString();
  }
  expect(streamed).toMatch(/^id: \d+\ndata: \{/m);
  stream.abort();
  expect((await call("DELETE", `/imports/${id}`)).status).toBe(204);
  expect((await call("GET", `/imports/${id}`)).status).toBe(404);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
