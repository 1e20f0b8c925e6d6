/** The blocks of docs/programs.md, run as somebody would who copied them. */
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { type ConfigFile, resolveOptions } from "../../src/config.ts";
import { isPushed, type QueueOpener, type QueueParts } from "../../src/core/queue.ts";
import { createApp, importFile } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let blocks: Map<string, string>;

beforeAll(async () => {
  const text = await readFile(join(root, "docs/programs.md"), "utf8");
  blocks = new Map([...text.matchAll(/```ts file=(\S+)\n(.*?)```/gs)].map(([, name, block]) => [name, block]));
});

/** A folder with the blocks, where `sluice` is the clone's source. */
async function project() {
  const { url, database } = await freshDatabase();
  await database.pool.query(
    "create table contacts (id bigint generated always as identity primary key, tenant_id integer, email text, name text)",
  );
  const folder = await freshFolder();
  const sluice = join(folder, "node_modules/sluice");
  await mkdir(sluice, { recursive: true });
  await symlink(join(root, "node_modules/pg"), join(folder, "node_modules/pg"));
  await symlink(join(root, "src"), join(folder, "src"));
  const faces = { ".": "index", "./server": "program/index", "./testing": "program/testing" };
  const exports = Object.fromEntries(
    Object.keys(faces).map((name) => [name, `./${faces[name as "."].replace("/", "-")}.js`]),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(sluice, "package.json"), JSON.stringify({ name: "sluice", type: "module", exports }));
  for (const face of Object.values(faces))
    await writeFile(
      join(sluice, `${face.replace("/", "-")}.js`),
      `export * from ${JSON.stringify(join(root, "src", `${face}.ts`))};\n`,
    );
  for (const [name, block] of blocks) await writeFile(join(folder, name), block);
  await writeFile(join(folder, "contacts.csv"), "Email,Nom\nann@example.org,Ann\nnobody,No\n");
  const env = { ...process.env, DATABASE_URL: url, SLUICE_DATA_DIR: join(folder, ".sluice"), ONCE: "1" };
  return {
    url,
    database,
    folder,
    run: (name: string) => promisify(execFile)(process.execPath, [name], { cwd: folder, env }),
  };
}

it("imports a file", async () => {
  const { run, database } = await project();
  const { stdout, stderr } = await run("import-file.ts");
  expect(stdout.trim().split("\n")).toEqual(["dry_run 1", "completed 1 1", "email_invalid email 1"]);
  expect(stderr).toMatch(/^reading 100$/m);
  expect((await database.pool.query("select tenant_id, email, name from contacts")).rows).toEqual([
    { tenant_id: 7, email: "ann@example.org", name: "Ann" },
  ]);
});

it("tests an importer", async () => {
  const { run, database } = await project();
  expect(await run("contacts.test.ts")).toEqual({ stdout: "passed\n", stderr: "" });
  expect((await database.pool.query("select from contacts")).rowCount).toBe(0);
});

it("runs a worker", async () => {
  const { run, url, folder } = await project();
  const { contacts } = await import(join(folder, "importers.ts"));
  const app = createApp({
    ...{ databaseUrl: url, dataDir: join(folder, ".sluice"), importers: [contacts] },
    authenticate: async () => ({ id: "ann", name: "Ann", role: "admin", tenantId: "7" }),
  });
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "contacts", options: { autoCommit: true } }));
  form.set("file", new File(["Email\nbo@example.org\n"], "a.csv"));
  const made = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
  expect([made.status, await made.text()]).toEqual([202, expect.any(String)]);
  await app.close();
  expect((await run("worker.ts")).stdout).toBe("import 1 of ann: 1 created\n");
});

it("says what every option of importFile is", async () => {
  const text = await readFile(join(root, "docs/programs.md"), "utf8");
  const { choiceNames } = await import("../../src/program/choices.ts");
  const told = new Set(
    [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    ),
  );
  for (const name of ["acceptDoubts"]) told.add(name);
  expect([...choiceNames, "dryRun", "again", "onProgress", "signal"].filter((name) => !told.has(name))).toEqual([]);
  expect(typeof importFile).toBe("function");
});

it("has a queue that calls by HTTP", async () => {
  const { folder } = await project();
  const { queue } = (await import(pathToFileURL(join(folder, "queue.ts")).href)) as { queue: QueueOpener };
  const opened = await queue({} as QueueParts);
  const request = new Request("https://app.example/tasks", { method: "POST", body: "{}" });
  expect(isPushed(opened) && (await opened.receive(request, async () => ({ outcome: "done" }))).status).toBe(401);
});

it("has a config with a sink", async () => {
  const { folder } = await project();
  const { config } = (await import(pathToFileURL(join(folder, "sinks.ts")).href)) as { config: ConfigFile };
  expect(resolveOptions("docs", {}, { ...config, databaseUrl: "postgres://x@127.0.0.1/x" }).sinks).toMatchObject([
    { name: "webhook", topics: ["import.completed", "import.failed", "chunk.committed"] },
  ]);
});
