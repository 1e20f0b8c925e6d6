/** Settings: where each comes from, what is wrong with a bad one, and the file that holds importers. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ConfigFile, resolveConfig, resolveOptions, settings } from "../src/config.ts";
import type { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { emptyDatabase, freshDatabase } from "./fresh-database.ts";
import { freshFolder, runCli } from "./run-cli.ts";
import { runInProcess } from "./run-in-process.ts";

const root = new URL("../src/index.ts", import.meta.url).href;
const shippedFace = new URL("../src/importers/index.ts", import.meta.url).href;

it("takes a flag before the environment, the environment before the file, the file before the default", () => {
  const file = { databaseUrl: "postgres://file", dataDir: "file", language: "sv" as const, lanes: 3 };
  const environment = {
    DATABASE_URL: "postgres://environment",
    SLUICE_DATA_DIR: "environment",
    SLUICE_LANG: "fr",
    SLUICE_LANES: "4",
  };
  const flags = { databaseUrl: "postgresql://flag", dataDir: "flag", language: "en" };
  const of = (...args: Parameters<typeof resolveConfig>) => {
    const { databaseUrl, dataDir, language, lanes } = resolveConfig(...args);
    return [databaseUrl, dataDir, language, lanes];
  };
  expect(of({}, {}, {})).toEqual([null, ".sluice", "en", 2]);
  expect(of({}, file, {})).toEqual(["postgres://file", "file", "sv", 3]);
  expect(of(environment, file, {})).toEqual(["postgres://environment", "environment", "fr", 4]);
  expect(of(environment, file, flags)).toEqual(["postgresql://flag", "flag", "en", 4]);
  expect(of({ DATABASE_URL: "", SLUICE_LANES: "" }, file, {})).toEqual(["postgres://file", "file", "sv", 3]);
});

it("finds where an object storage is, and how much a request may carry, by what the platform says", () => {
  const of = (environment: Record<string, string>) => {
    const { s3Endpoint, s3Region, s3PathStyle, maxPieceBytes } = resolveConfig(environment, {}, {});
    return [s3Endpoint, s3Region, s3PathStyle, maxPieceBytes];
  };
  expect(of({})).toEqual(["", "", null, 10_000_000]);
  const aws = { AWS_ENDPOINT_URL: "https://a", AWS_DEFAULT_REGION: "eu-west-1" };
  expect(of({ ...aws, VERCEL: "1" })).toEqual(["https://a", "eu-west-1", null, 4_000_000]);
  const closer = { ...aws, AWS_ENDPOINT_URL_S3: "https://b", AWS_REGION: "eu-west-2", NETLIFY: "true" };
  expect(of(closer)).toEqual(["https://b", "eu-west-2", null, 4_000_000]);
  const own = { SLUICE_S3_ENDPOINT: "https://c", SLUICE_S3_REGION: "auto", SLUICE_S3_PATH_STYLE: "false" };
  expect(of({ ...closer, ...own, SLUICE_MAX_PIECE_BYTES: "70000" })).toEqual(["https://c", "auto", false, 70_000]);
  expect(() => of({ SLUICE_S3_PATH_STYLE: "maybe" })).toThrow("SLUICE_S3_PATH_STYLE must be true or false.");
  expect(() => of({ SLUICE_MAX_PIECE_BYTES: "1000" })).toThrow(
    /SLUICE_MAX_PIECE_BYTES must be a whole number from 65536/,
  );
});

it("takes the secret key of Supabase by either name, and leaves uploads to the storage that it finds", () => {
  const of = (environment: Record<string, string>) => {
    const { supabaseServiceKey, s3Uploads } = resolveConfig(environment, {}, {});
    return [supabaseServiceKey, s3Uploads];
  };
  expect(of({})).toEqual(["", null]);
  expect(of({ SUPABASE_SECRET_KEY: "sb_secret_b " })).toEqual(["sb_secret_b", null]);
  const both = { SUPABASE_SERVICE_ROLE_KEY: "sb_secret_a", SUPABASE_SECRET_KEY: "sb_secret_b" };
  expect(of({ ...both, SLUICE_S3_UPLOADS: "false" })).toEqual(["sb_secret_a", false]);
});

it.each([
  [{ LANG: "fr_FR.UTF-8" }, "fr"],
  [{ LANG: "fr_FR.UTF-8", LC_ALL: "sv_SE.UTF-8" }, "sv"],
  [{ LANG: "de_DE.UTF-8" }, "en"],
  [{ LANG: "sv_SE", SLUICE_LANG: "fr" }, "fr"],
])("speaks the language of %j", (environment, language) => {
  expect(resolveConfig(environment, {}, {}).language).toBe(language);
});

it.each([
  [{ SLUICE_LANES: "many" }, /SLUICE_LANES must be a whole number from 1 to 16/],
  [{ SLUICE_LANES: "0" }, /SLUICE_LANES/],
  [{ SLUICE_LANES: "17" }, /SLUICE_LANES/],
  [{ SLUICE_LANES: "1.5" }, /SLUICE_LANES/],
  [{ SLUICE_UPLOAD_MAX_BYTES: "10" }, /SLUICE_UPLOAD_MAX_BYTES must be a whole number from 1024 to 1099511627776/],
  [{ SLUICE_UPLOAD_QUOTA_FILES: "0" }, /SLUICE_UPLOAD_QUOTA_FILES/],
  [{ SLUICE_UPLOAD_KEEP_HOURS: "0.5" }, /SLUICE_UPLOAD_KEEP_HOURS/],
  [{ SLUICE_UPLOAD_QUOTA_BYTES: "2000000000" }, /is less than SLUICE_UPLOAD_MAX_BYTES \(2147483648\)/],
  [{ SLUICE_LANG: "de" }, /no language "de"\. Available: en, fr, sv/],
  [{ DATABASE_URL: "localhost:5432" }, /DATABASE_URL must begin with postgres:/],
  [{ DATABASE_URL: "postgres://u:p#ss@host/db" }, /DATABASE_URL must look like .* percent-encoded\.$/],
  [{ SLUICE_LANES: "0x3" }, /SLUICE_LANES must be a whole number/],
  [{ SLUICE_LANES: "1e1" }, /SLUICE_LANES must be a whole number/],
  [{ SLUICE_PUBLIC_URL: "imports.example.com" }, /SLUICE_PUBLIC_URL must be as https:/],
  [{ SLUICE_ORIGINS: "https://a.example, app.example.com" }, /SLUICE_ORIGINS: "app\.example\.com" is no origin/],
  [{ SLUICE_ORIGINS: "*" }, /SLUICE_ORIGINS: "\*" is no origin/],
  [
    { SLUICE_ORIGINS: "https://a.example/imports" },
    /is no origin\. Write it as https:\/\/app\.example\.com, without a path/,
  ],
  [{ SLUICE_JWT_SECRET: "short" }, /SLUICE_JWT_SECRET is too short: at least 32 characters/],
  [{ SLUICE_JWKS_URL: "file:///etc/keys" }, /SLUICE_JWKS_URL must begin with https:/],
  [
    { SLUICE_JWT_ISSUER: "https://issuer.example" },
    /SLUICE_JWT_ISSUER\) is set, and nothing that tokens are checked by/,
  ],
  [{ SLUICE_JWT_AUDIENCE: "imports" }, /SLUICE_JWT_AUDIENCE\) is set, and nothing that tokens are checked by/],
  [{ SLUICE_LOG_LEVEL: "loud" }, /SLUICE_LOG_LEVEL must be one of: trace/],
])("refuses %j and names what is wrong", (environment, message) => {
  expect(() => resolveConfig(environment, {}, {})).toThrow(message);
});

it.each<[string, ConfigFile | Record<string, unknown>, RegExp]>([
  [
    "a misspelt setting",
    { databseUrl: "postgres://x" },
    /there is no setting "databseUrl"\. Did you mean "databaseUrl"\?/,
  ],
  ["a setting of another case", { datadir: "x" }, /Did you mean "dataDir"\?/],
  [
    "a setting that never was",
    { colour: "blue" },
    /there is no setting "colour"\. Available: importers, analysis, sinks, sources, queue, embedded, databaseUrl/,
  ],
  ["a yes for a text", { dataDir: true }, /`dataDir` \(SLUICE_DATA_DIR\) must be text or a number/],
  ["a list for a number", { requestsPerMinute: [] }, /`requestsPerMinute` .* must be text or a number/],
  ["a function for a text", { host: () => "x" }, /`host` \(SLUICE_HOST\) must be text or a number/],
  ["an object for a text", { dataDir: {} }, /`dataDir` \(SLUICE_DATA_DIR\) must be text or a number/],
  ["a word for `embedded`", { embedded: "yes" }, /`embedded` must be true or false/],
  ["lanes out of bounds", { lanes: 99 }, /`lanes` \(SLUICE_LANES\) must be a whole number from 1 to 16/],
])("refuses %s in a file and among options", (_what, file, message) => {
  expect(() => resolveConfig({}, file as ConfigFile, {})).toThrow(message);
  expect(() => resolveOptions("createApp", { DATABASE_URL: "postgres://x" }, file as ConfigFile)).toThrow(message);
});

it("takes an origin as browsers write it, a public address without a slash at its end, and a blank as nothing", () => {
  const environment = {
    SLUICE_ORIGINS: "HTTPS://App.example.com/ , http://localhost:5173",
    SLUICE_PUBLIC_URL: "https://crm.example/imports-api/",
    SLUICE_REQUESTS_PER_MINUTE: " ",
    SLUICE_LANES: " 3\r",
  };
  expect(resolveConfig(environment, {}, {})).toMatchObject({
    origins: ["https://app.example.com", "http://localhost:5173"],
    publicUrl: "https://crm.example/imports-api",
    requestsPerMinute: 6000,
    lanes: 3,
  });
});

it("counts a zero in a file as given", () => {
  expect(resolveConfig({}, { requestsPerMinute: 0, port: 0 }, {})).toMatchObject({ requestsPerMinute: 0, port: 0 });
});

it("opens the embedded database for a command unless the file says otherwise", () => {
  const environment = { DATABASE_URL: "postgres://environment" };
  expect(resolveConfig({}, {}, {}).databaseUrl).toBeNull();
  expect(resolveConfig({}, { embedded: true }, {}).databaseUrl).toBeNull();
  expect(resolveConfig(environment, { embedded: false }, {}).databaseUrl).toBe("postgres://environment");
  expect(() => resolveConfig({}, { embedded: false }, {})).toThrow(/No database is named: set DATABASE_URL/);
  expect(() => resolveConfig(environment, { embedded: true }, {})).toThrow(
    /`embedded` is true, and DATABASE_URL names/,
  );
});

it("takes a program's option before the environment, and wants a database to be named", () => {
  const environment = { DATABASE_URL: "postgres://environment", DIRECT_URL: "postgres://direct", SLUICE_LANES: "4" };
  const of = (given: ConfigFile, from: Record<string, string> = environment) => {
    const { databaseUrl, directUrl, lanes } = resolveOptions("createApp", from, given);
    return [databaseUrl, directUrl, lanes];
  };
  expect(of({ lanes: 3 })).toEqual(["postgres://environment", "postgres://direct", 3]);
  expect(of({ databaseUrl: "postgres://option" })).toEqual(["postgres://option", null, 4]);
  expect(of({ databaseUrl: environment.DATABASE_URL })).toEqual(["postgres://environment", "postgres://direct", 4]);
  expect(of({ embedded: true })).toEqual([null, null, 4]);
  expect(() => of({}, {})).toThrow(/^createApp needs a database: pass `databaseUrl` .*, or `embedded: true`/);
  expect(() => of({ embedded: false }, {})).toThrow(/^createApp needs a database/);
  // A variable that is not set is no wish for another database.
  expect(() => of({ databaseUrl: undefined })).toThrow(
    /`databaseUrl` is empty\. Is the variable that it is read from set\?/,
  );
  expect(() => of({ databaseUrl: "" })).toThrow(/`databaseUrl` is empty/);
  expect(() => of({ databaseUrl: "postgres://x", embedded: true })).toThrow(/Remove one of them/);
});

it("describes every setting of the config", () => {
  const described = settings.map(({ name }) => name).sort();
  expect(described).toEqual(
    Object.keys(resolveConfig({}, {}, {}))
      .filter((name) => !["importers", "analysis", "sinks", "sources", "queue", "hosting"].includes(name))
      .sort(),
  );
});

const own = `
  import { defineConfig, defineImporter, field } from ${JSON.stringify(root)};
  const clubs = defineImporter({ name: "clubs", fields: { name: field.text({ required: true }) }, target: { table: "clubs" } });
  const mine = defineImporter({ name: "own", fields: { who: field.text() }, target: { table: "clubs" } });
  export const config = defineConfig({ importers: [clubs, mine], dataDir: "kept" });`;

it("finds importers in a config upwards of the working folder", async () => {
  const { url, database } = await freshDatabase();
  const top = await freshFolder();
  const cwd = join(top, "a", "b");
  await mkdir(cwd, { recursive: true });
  await writeFile(join(top, "sluice.config.ts"), own);
  await database.pool.query("create table clubs (id serial primary key, name text, who text)");
  const { exitCode, stdout } = await runInProcess(["import", "clubs", "-", "--json"], {
    cwd,
    url,
    input: "name\nBlue\n\nRed\n",
  });
  expect({ exitCode, summary: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    summary: { importer: "clubs", rows: 2, created: 2 },
  });
  const template = await runInProcess(["template", "own"], { cwd });
  expect(template.stdout).toBe("\ufeffwho\r\n");
  const kept = await runInProcess(["import", "clubs", "-", "--json"], { cwd, url, input: "name,who\n,x\n" });
  expect(JSON.parse(kept.stdout).rejectedRowsFile).toMatch(/\/kept\/reports\/[0-9a-f]{12}\/import-2-rejected\.csv$/);
  const unknown = await runInProcess(["import", "nope", "-"], { cwd, url, input: "x\n1\n" });
  expect(unknown).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/no importer "nope"\. Available: clubs, own\. .*sluice\/importers/),
  });
});

it.each([
  ["a syntax error", "export const config = {", /sluice\.config\.ts cannot be loaded: /],
  ["an error of its own", "throw new Error('no secret')", /cannot be loaded: no secret/],
  ["an import that is missing", "import 'nowhere-to-be-found'", /cannot be loaded: .*nowhere-to-be-found/],
  [
    "a wrong definition",
    `import { defineImporter } from ${JSON.stringify(root)}; export const config = { importers: [defineImporter({ name: "X", fields: {}, target: { table: "t" } })] };`,
    /Importer "X": the name must be/,
  ],
  ["no export", "export const other = 1;", /must export `config`/],
  ["null", "export default null;", /must export `config`/],
  ["importers that are no list", "export const config = { importers: {} };", /`importers` must be a list/],
  ["importers that are none", "export const config = { importers: [{}] };", /must come from defineImporter/],
  [
    "two importers of one name",
    `import { leads } from ${JSON.stringify(shippedFace)}; export const config = { importers: [leads, { ...leads }] };`,
    /`importers` lists two that are called "leads"\. Give one of them another name/,
  ],
  [
    "two importers of one batch route",
    `import { leads } from ${JSON.stringify(shippedFace)}; const batch = { path: "batch-leads", rows: "rows", fields: {} };
      export const config = { importers: [{ ...leads, batch }, { ...leads, name: "others", batch }] };`,
    /the importers "leads" and "others" have one batch route, "batch-leads"\. Give one of them another path/,
  ],
  ["lanes out of bounds", "export default { lanes: 99 };", /`lanes` \(SLUICE_LANES\) must be/],
  [
    "a misspelt setting",
    "export default { databseUrl: '' };",
    /no setting "databseUrl"\. Did you mean "databaseUrl"\?/,
  ],
])("says what is wrong with a config that has %s", async (_what, text, message) => {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "sluice.config.ts"), text);
  const { exitCode, stdout, stderr } = await runInProcess(["template", "leads"], { cwd });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringMatching(message) });
  expect(stderr).not.toMatch(/\n {4}at /);
});

const made = `const clubs = defineImporter({ name: "clubs", fields: { name: field.text() }, target: { table: "clubs" } });`;
const asModule = `import { defineImporter, field } from ${JSON.stringify(root)}; ${made}`;
const asCommonJs = `const { defineImporter, field } = require(${JSON.stringify(fileURLToPath(root))}); ${made}`;

it.each([
  ["sluice.config.ts", "{}", `${asModule} export const config = { importers: [clubs] };`],
  ["sluice.config.mts", '{ "type": "commonjs" }', `${asModule} export default { importers: [clubs] };`],
  ["sluice.config.js", '{ "type": "module" }', `${asModule} export default { importers: [clubs] };`],
  ["sluice.config.js", "{}", `${asCommonJs} module.exports = { importers: [clubs] };`],
  ["sluice.config.cjs", '{ "type": "module" }', `${asCommonJs} exports.config = { importers: [clubs] };`],
  ["sluice.config.cts", "{}", `${asCommonJs} const all = { config: { importers: [clubs] } }; module.exports = all;`],
  [
    "sluice.config.js",
    '{ "type": "commonjs" }',
    `${asCommonJs} Object.defineProperty(exports, "__esModule", { value: true }); exports.default = { importers: [clubs] };`,
  ],
])("takes a config called %s in a package of %s, however it exports", async (name, manifest, text) => {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "package.json"), manifest);
  await writeFile(join(cwd, name), text);
  // In a process of its own: Node's loader, not the test's.
  expect(await runCli(["template", "clubs"], { cwd })).toMatchObject({ exitCode: 0, stdout: "\ufeffname\r\n" });
});

it.each([
  "sluice.config.json",
  "sluice.config.yaml",
  "sluice.config.tsx",
  "Sluice.config.ts",
  "sluice.configs.ts",
  "sluice-config.ts",
])("says that %s is not read, rather than import what it does not list", async (name) => {
  const top = await freshFolder();
  const cwd = join(top, "a");
  await mkdir(cwd);
  await writeFile(join(top, name), "");
  const { exitCode, stderr } = await runInProcess(["template", "leads"], { cwd });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${name} is not read: the config must be called`)]);
  // Beside one that is read it is somebody's notes.
  await writeFile(join(top, "sluice.config.mjs"), `${asModule} export const config = { importers: [clubs] };`);
  expect(await runInProcess(["template", "clubs"], { cwd })).toMatchObject({ exitCode: 0 });
});

it("says where a config is a link that leads nowhere, and what an ES module is to be called where files are CommonJS", async () => {
  const cwd = await freshFolder();
  const path = join(cwd, "sluice.config.ts");
  await symlink(join(cwd, "gone.ts"), path);
  expect((await runInProcess(["template", "leads"], { cwd })).stderr).toContain("is a link that leads nowhere");
  await rm(path);
  await writeFile(join(cwd, "package.json"), '{ "type": "commonjs" }');
  await writeFile(path, `${asModule} export const config = { importers: [clubs] };`);
  expect((await runCli(["template", "clubs"], { cwd })).stderr).toMatch(
    /cannot be loaded: .*"type": "commonjs"\. Say "module" there, or call it sluice\.config\.mts/,
  );
});

describe("the importers that Sluice ships", () => {
  const tablesOf = async (database: Database): Promise<string[]> =>
    (
      await database.query<{ name: string }>(
        sql`select tablename::text as name from pg_tables where schemaname = 'public' order by 1`,
      )
    ).map(({ name }) => name);
  const configOf = (importers: string): string =>
    `import { defineImporter, field } from ${JSON.stringify(root)};
     import { leads } from ${JSON.stringify(shippedFace)};
     const clubs = defineImporter({ name: "clubs", fields: { name: field.text() }, target: { table: "clubs" } });
     export const config = ${importers};`;
  const ddl = "create table clubs (id serial primary key, name text)";

  it.each([
    ["lists only its own", "{ importers: [clubs] }", ["clubs"], ["clubs"]],
    [
      "lists one of them",
      "{ importers: [leads, clubs] }",
      ["leads", "clubs"],
      ["clubs", "lead_history", "leads", "profiles"],
    ],
    ["lists none", "{ language: 'en' }", [], ["clubs"]],
  ])("stay out of the database and the offer of a project that %s", async (_what, text, offered, tables) => {
    const { url, database } = await emptyDatabase();
    await database.query(sql.raw(ddl));
    const cwd = await freshFolder();
    await writeFile(join(cwd, "sluice.config.mjs"), configOf(text));
    expect(await runInProcess(["migrate"], { cwd, url })).toMatchObject({ exitCode: 0 });
    const check = await runInProcess(["check", "--json"], { cwd, url });
    const found = JSON.parse(check.stdout) as { importer: string | null }[];
    // Null: of where it runs.
    const named = new Set(found.flatMap(({ importer }) => importer ?? []));
    expect([...named]).toEqual(offered);
    expect(await tablesOf(database)).toEqual(tables);
    const unknown = await runInProcess(["template", "nope"], { cwd });
    expect(unknown.stderr).toContain(`Available: ${offered.join(", ") || "none"}. Add others to sluice.config.ts`);
  });

  it("are all there without a config", async () => {
    const { url, database } = await emptyDatabase();
    const cwd = await freshFolder();
    expect(await runInProcess(["migrate"], { cwd, url })).toMatchObject({ exitCode: 0 });
    const catalogue = ["brands", "categories", "dealers", "product_prices", "product_stocks", "products"];
    const planner = ["activity_groups", "items", "labels", "rings", "wheel_pages", "year_wheels"];
    expect(await tablesOf(database)).toEqual([...catalogue, ...planner, "lead_history", "leads", "profiles"].sort());
  });
});
