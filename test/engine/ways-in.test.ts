/** Every way by which a file becomes an import goes through one door, which tells of it once. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, importFile } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const csv = "Email,City\nanna@example.org,Lyon\n";

/** What each way needs to take a file in. */
interface Place {
  url: string;
  folder: string;
  onEvent: (event: { name: string; jobId?: number }) => void;
}

/** An app whose API is called without a socket. */
function api({
  url,
  folder,
  onEvent,
}: Place): (path: string, body: Blob | FormData | object) => Promise<{ id: number }> {
  const app = createApp({
    ...{ databaseUrl: url, dataDir: folder, importers: [leads], logLevel: "silent", onEvent },
    authenticate: async () => ({ id: "anna", name: "Anna", role: "admin" }),
  });
  onTestFinished(() => app.close());
  return async (path, body) => {
    const isJson = Object.getPrototypeOf(body) === Object.prototype;
    const answer = await app.fetch(
      new Request(`http://sluice.test/api/v1${path}`, {
        method: "POST",
        headers: isJson ? { "content-type": "application/json" } : {},
        body: isJson ? JSON.stringify(body) : (body as Blob | FormData),
      }),
    );
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: number };
  };
}

function formOf(options: object, text = csv): FormData {
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "leads", ...options }));
  form.set("file", new File([text], "leads.csv"));
  return form;
}

/** Each takes one file in, or as many as it says. */
const ways: [name: string, imports: number, (place: Place) => Promise<unknown>][] = [
  [
    "an upload and a request",
    1,
    async (place) => {
      const post = api(place);
      const { id } = await post("/uploads?name=leads.csv", new Blob([csv]));
      await post("/imports", { uploadId: id, importer: "leads" });
    },
  ],
  ["a form with its file", 1, (place) => api(place)("/imports", formOf({}))],
  ["a form that is only counted", 1, (place) => api(place)("/imports", formOf({ dryRun: true }))],
  [
    "the file of an earlier import",
    2,
    async (place) => {
      const post = api(place);
      const { id } = await post("/imports", formOf({}));
      await post("/imports", { fileOf: id });
    },
  ],
  [
    "corrected rejects",
    2,
    async (place) => {
      const post = api(place);
      const { id } = await post("/imports", formOf({}));
      await post("/imports", formOf({ parentId: id }, csv.replace("Lyon", "Nice")));
    },
  ],
  [
    "the command line",
    1,
    async ({ url, folder, onEvent }) => {
      await writeFile(join(folder, "leads.csv"), csv);
      const ended = await runInProcess(["import", "leads", join(folder, "leads.csv")], { cwd: folder, url, onEvent });
      expect(ended).toMatchObject({ exitCode: 0 });
    },
  ],
  [
    "a program",
    1,
    ({ url, folder, onEvent }) =>
      importFile(leads, Buffer.from(csv), { databaseUrl: url, dataDir: folder, logLevel: "silent", onEvent }),
  ],
];

it.each(ways)("tells once of each import that comes by %s", async (_, imports, bring) => {
  const { url } = await freshDatabase();
  const created: number[] = [];
  const onEvent: Place["onEvent"] = ({ name, jobId }) => {
    if (name === "import.created" && jobId !== undefined) created.push(jobId);
  };
  await bring({ url, folder: await freshFolder(), onEvent });
  expect(created).toHaveLength(imports);
  expect(new Set(created).size).toBe(imports);
});
