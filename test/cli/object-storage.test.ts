/** Imports of files in an object storage: a process that dies, two databases on one bucket, and a store that refuses. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder, runCli, startCli } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";
import { s3Server } from "../s3-server.ts";
import { supabaseStorageServer } from "../supabase-storage.ts";

const address = "s3://imports-test/imports";

it("continues an import exactly where a kill has left it, while another database uses the bucket", async () => {
  const [{ url, database }, other, server, cwd] = await Promise.all([
    freshDatabase(),
    freshDatabase(),
    s3Server(),
    freshFolder(),
  ]);
  const rows = Array.from({ length: 12_000 }, (_, n) => `person${n}@example.com,${`note ${n} `.repeat(80)}\n`);
  rows[7_000] = "nobody,a note\n";
  await writeFile(join(cwd, "leads.csv"), `email,notes\n${rows.join("")}`);
  const env = { DATABASE_URL: url, SLUICE_FILES: address, SLUICE_BATCH_BYTES: "65536", ...server.environment };

  const run = startCli(["import", "leads", "leads.csv"], { cwd, env });
  let isDead = false;
  server.fault = async ({ operation }) => {
    if (isDead || operation !== "GetObject") return undefined;
    const staged = await database.query(sql`select from sluice.import_jobs where last_checkpoint is not null`);
    if (staged.length === 0) return undefined;
    isDead = true;
    run.kill("SIGKILL");
    return "hang";
  };
  expect((await run.ended).signal, run.shown()).toBe("SIGKILL");

  const theirs = {
    cwd,
    url: other.url,
    env: { SLUICE_FILES: address, ...server.variables },
  };
  await writeFile(join(cwd, "others.csv"), "email\na@x.fr\nnobody\n");
  expect(await runInProcess(["import", "leads", join(cwd, "others.csv")], theirs)).toMatchObject({ exitCode: 0 });

  const resumed = await runCli(["resume", "--json"], { cwd, env });
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ created: rows.length - 1, invalid: 1, status: "completed" });
  const [{ leads, path }] = await database.query<{ leads: number; path: string }>(
    sql`select (select count(*) from leads) as leads, error_report_path as path from sluice.import_jobs`,
  );
  expect(leads).toBe(rows.length - 1);
  // Of each database its report, with the one row that was rejected; the files are gone with their imports.
  const reports = [...server.objects].map(([key, { bytes }]) => [key, bytes.toString()]);
  expect(reports).toHaveLength(2);
  expect(reports.find(([key]) => path === `s3://imports-test/${key}`)?.[1]).toMatch(/nobody.*a note/);
  expect(server.uploads.size).toBe(0);
});

it("says what the object storage refuses, keeps nothing, and needs keys and a region of no file", async () => {
  const [{ url, database }, server, cwd] = await Promise.all([freshDatabase(), s3Server(), freshFolder()]);
  await writeFile(join(cwd, "leads.csv"), "email\na@x.fr\n");
  const run = (env: Record<string, string>) =>
    runInProcess(["import", "leads", join(cwd, "leads.csv")], {
      cwd,
      url,
      env: { SLUICE_FILES: address, ...server.variables, ...env },
    });
  const wrong = await run({ SLUICE_S3_SECRET_ACCESS_KEY: "wrong" });
  expect([wrong.exitCode === 0, wrong.stderr]).toEqual([
    false,
    expect.stringMatching(/object storage s3:\/\/imports-test\/imports refuses access \(SignatureDoesNotMatch\)/),
  ]);
  const elsewhere = await run({ SLUICE_FILES: "s3://no-such-bucket" });
  expect(elsewhere.stderr).toMatch(/has no bucket for s3:\/\/no-such-bucket.*Create it/);
  const unsaid = await run({ SLUICE_S3_ENDPOINT: "", SLUICE_S3_REGION: "" });
  expect(unsaid.stderr).toMatch(/SLUICE_S3_REGION, or AWS_REGION/);
  expect(await database.query(sql`select from sluice.import_jobs`)).toEqual([]);
  expect(server.objects.size).toBe(0);
  expect((await run({})).exitCode).toBe(0);
});

it("stops with what to do while the object storage is away, and continues from its checkpoint when it is back", async () => {
  const [{ url, database }, server, cwd] = await Promise.all([freshDatabase(), s3Server(), freshFolder()]);
  const rows = Array.from({ length: 3_000 }, (_, n) => `person${n}@example.com,${`note ${n} `.repeat(80)}\n`);
  await writeFile(join(cwd, "leads.csv"), `email,notes\n${rows.join("")}`);
  const env = { SLUICE_FILES: address, ...server.variables, SLUICE_BATCH_BYTES: "65536" };
  server.fault = async ({ operation }) => {
    if (operation !== "GetObject") return undefined;
    const staged = await database.query(sql`select from sluice.import_jobs where last_checkpoint is not null`);
    return staged.length === 0 ? undefined : { status: 503, code: "ServiceUnavailable" };
  };
  const stopped = await runInProcess(["import", "leads", join(cwd, "leads.csv")], { cwd, url, env });
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.stderr).toMatch(/does not answer as it should \(503 ServiceUnavailable\).*Nothing is lost/);
  expect(stopped.stderr).toMatch(/sluice resume 1/);
  server.fault = () => undefined;
  const resumed = await runInProcess(["resume", "--json"], { cwd, url, env });
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ created: rows.length, status: "completed" });
});

it("asks the bucket whether its CORS lets pages send files there", async () => {
  const [{ url }, server, cwd] = await Promise.all([freshDatabase(), s3Server(), freshFolder()]);
  const check = async (env: Record<string, string> = {}): Promise<string[]> => {
    const storage = { SLUICE_FILES: address, ...server.variables };
    const pages = { APP_URL: "https://crm.example.com", SLUICE_ORIGINS: "https://shop.example.com" };
    const { stdout } = await runInProcess(["check"], {
      ...{ cwd, url },
      env: { ...storage, ...pages, SLUICE_S3_UPLOADS: "true", ...env },
    });
    return stdout.split("\n").filter((line) => line.includes(" uploads: "));
  };
  server.origins = ["https://crm.example.com"];
  expect(await check()).toEqual([
    `✓ uploads: pages of https://crm.example.com send large files to ${server.url} themselves.`,
    "! uploads: the bucket does not let pages of https://shop.example.com send it files, which go through the server instead: allow PUT from https://shop.example.com in the bucket's CORS.",
  ]);
  await server.stop();
  expect(await check({ SLUICE_ORIGINS: "" })).toEqual([expect.stringMatching(/^! uploads: the bucket does not let/)]);
  expect(await check({ SLUICE_FILES: "" })).toEqual([expect.stringMatching(/^! uploads: SLUICE_S3_UPLOADS has no/)]);
  expect(await check({ SLUICE_S3_UPLOADS: "false" })).toEqual([]);
});

it("asks Supabase Storage too, where it is chosen by itself", async () => {
  const [{ url }, server, cwd] = await Promise.all([freshDatabase(), supabaseStorageServer(), freshFolder()]);
  const check = async (env: Record<string, string> = {}): Promise<string[]> => {
    const storage = { SLUICE_FILES: `s3://${server.s3.bucket}/app`, ...server.variables };
    const { stdout } = await runInProcess(["check"], {
      ...{ cwd, url },
      env: { ...storage, APP_URL: "https://crm.example.com", ...env },
    });
    return stdout.split("\n").filter((line) => line.includes(" uploads: "));
  };
  expect(await check()).toEqual([
    `✓ uploads: pages of https://crm.example.com send large files to ${server.projectUrl} themselves.`,
  ]);
  expect(server.requests.at(-1)?.headers).toMatchObject({
    ...{ origin: "https://crm.example.com", "access-control-request-method": "PATCH" },
    "access-control-request-headers": "content-type,tus-resumable,upload-offset,x-signature",
  });
  server.fault = () => ({ status: 403 });
  expect(await check()).toEqual([expect.stringMatching(/^! uploads: the bucket does not let/)]);
  // By the newer key's name; and nothing where there is none.
  server.fault = () => undefined;
  const { SUPABASE_SERVICE_ROLE_KEY: key } = server.variables;
  expect(await check({ SUPABASE_SERVICE_ROLE_KEY: "", SUPABASE_SECRET_KEY: key })).toHaveLength(1);
  expect(await check({ SUPABASE_SERVICE_ROLE_KEY: "" })).toEqual([]);
});
