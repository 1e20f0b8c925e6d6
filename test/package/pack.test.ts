/** The published package: packed, installed in an empty application, compiled against and run on the oldest and the newest Node. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { install } from "./npm.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

/** The package's promise (`engines`), before Node read TypeScript by itself, and the clone's own. */
const versions = ["22.12.0", process.versions.node] as const;

let folder: string;
let app: string;
const packed = inject("sluice");

/** The folder with that version's `node`; the platform's own npm package has no install script. */
async function nodeFolder(version: string): Promise<string> {
  if (version === process.versions.node) return dirname(process.execPath);
  const home = join(folder, `node-${version}`);
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(home, "node_modules", name, "bin");
  const isThere = await access(bin).then(
    () => true,
    () => false,
  );
  if (isThere) return bin;
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), "{}");
  await install(home, `${name}@${version}`);
  return bin;
}

interface Result {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The app's environment with that Node first. */
async function environment(version: string): Promise<NodeJS.ProcessEnv> {
  const PATH = `${await nodeFolder(version)}:${process.env.PATH}`;
  return {
    ...process.env,
    PATH,
    DATABASE_URL: "",
    SLUICE_DATA_DIR: `.sluice-${version}`,
    LANG: "en_US.UTF-8",
    LC_ALL: "",
  };
}

/** A command in the app as a person with that Node runs it. */
async function inApp(version: string, command: string, args: readonly string[]): Promise<Result> {
  const env = await environment(version);
  return run(command, args, { cwd: app, env, maxBuffer: 16e6 }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      exitCode: error.code,
      stdout: error.stdout,
      stderr: error.stderr,
    }),
  );
}

const sluice = (version: string, ...args: string[]): Promise<Result> =>
  inApp(version, join(app, "node_modules/.bin/sluice"), args);

const importer = `import { defineImporter, field } from "sluice";

export const people = defineImporter({
  name: "people",
  fields: { email: field.email({ required: true }), name: field.text({ aliases: { fr: ["Nom"] } }) },
  match: { keys: ["email"], onDuplicate: "update" },
  checks: [(row) => (row.name === row.email ? { message: "The name is the address.", field: "name" } : null)],
  target: { table: "people" },
  tables: [
    {
      name: "people",
      columns: { id: "bigint", email: "text", name: "text" },
      create: ["create table people (id bigint generated always as identity primary key, email text not null, name text)"],
    },
  ],
});
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice package "));
  app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await install(app, packed.tarball);
  await writeFile(join(app, "people.ts"), importer);
  await writeFile(
    join(app, "sluice.config.ts"),
    'import { type ConfigFile, defineConfig } from "sluice";\nimport { leads } from "sluice/importers";\nimport { people } from "./people.ts";\n\nexport const config: ConfigFile = defineConfig({ importers: [leads, people] });\n',
  );
  await writeFile(join(app, "people.csv"), "Email,Nom\nann@example.org,Ann\nbo@example.org,Bo\nnobody,No\n");
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

describe("the packed tarball", () => {
  it("holds what runs and what compiles, and nothing of the workshop", async () => {
    const files = await readdir(join(app, "node_modules/sluice"));
    expect(files.sort()).toEqual([
      ...["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md"],
      ...["bin", "deploy", "dist", "docs", "examples", "package.json", "sql"],
    ]);
    expect(await readdir(join(app, "node_modules/sluice/bin"))).toEqual([
      "compile-cache.js",
      "sluice.js",
      "strip-types.js",
    ]);
    const texts = await readdir(join(app, "node_modules/sluice/dist"), { recursive: true });
    const ofPage = texts.filter((name) => name.startsWith("page/"));
    expect(texts.filter((name) => !ofPage.includes(name) && !/\.js$|\.d\.ts$|^[^.]+$/.test(name))).toEqual([]);
    expect(ofPage.filter((name) => !/\.(?:html|js|css|svg|png|ico)$|^[^.]+$/.test(name))).toEqual([]);
    expect(ofPage).toContain("page/index.html");
    expect(packed.files.filter((path) => /\.map$|\.test\.|(?:^|\/)test\//.test(path))).toEqual([]);
    expect(texts).not.toContain("postgres/schema-dump.js");
  });

  it("has what its documents lead to, and no address that is made up", async () => {
    const home = join(app, "node_modules/sluice");
    const broken: string[] = [];
    for (const name of (await readdir(home, { recursive: true })).filter((each) => each.endsWith(".md"))) {
      const text = await readFile(join(home, name), "utf8");
      for (const [, to] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const isThere = await access(join(home, dirname(name), to)).then(
          () => true,
          () => false,
        );
        if (!isThere) broken.push(`${name}: ${to}`);
      }
    }
    expect(broken).toEqual([]);
    const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    expect(Object.keys(manifest)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:homepage|repository|bugs)$/)]),
    );
  });

  it("needs neither React nor anything of the workshop", async () => {
    const installed = await readdir(join(app, "node_modules"));
    for (const name of ["react", "react-dom", "typescript", "vitest", "node"]) expect(installed).not.toContain(name);
    const { devDependencies, peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const imported = new Set<string>();
    const dist = join(app, "node_modules/sluice/dist");
    for (const name of await readdir(dist, { recursive: true })) {
      if (!name.endsWith(".js")) continue;
      const text = await readFile(join(dist, name), "utf8");
      for (const [, how, from] of text.matchAll(/(from|import\()\s*"((?:@[^/"]+\/)?[^./"][^/"]*)/g)) {
        // An optional peer is asked for where it is used.
        if (how === "from" || !Object.hasOwn(peerDependencies, from)) imported.add(from);
      }
    }
    // React is what the page that mounts the components brings.
    expect([...imported].filter((name) => Object.hasOwn(devDependencies, name)).sort()).toEqual(["react", "react-dom"]);
    for (const entry of ["index.js", "program/index.js", "program/testing.js", "client/index.js"])
      expect(await readFile(join(dist, entry), "utf8")).not.toMatch(/from\s*"react/);
  });

  it("has its sinks in places of their own, which want their clients only when something is delivered", async () => {
    const script = `
      import { typesense } from "sluice/typesense";
      import { meilisearch } from "sluice/meilisearch";
      const sink = typesense({ url: "http://localhost:8108", apiKey: "k", collection: "c" });
      console.log(meilisearch({ url: "http://localhost:7700", index: "i" }).kind, sink.kind);
      const put = [{ id: "1", document: {}, json: "{}" }];
      await sink.apply({ put, remove: [] }, { index: null, signal: AbortSignal.timeout(1000) }).catch((error) => console.log(error.message));`;
    expect(await inApp(process.versions.node, "node", ["--input-type=module", "-e", script])).toEqual({
      exitCode: 0,
      stdout: "meilisearch typesense\nThe sink typesense() needs Typesense's client: npm install typesense.\n",
      stderr: "",
    });
  });

  it.each(["nodenext", "bundler"])(
    "compiles an importer strictly with moduleResolution %s",
    async (moduleResolution) => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "es2023",
        // A sink and a queue have AbortSignal and Request, which a page and Node have alike.
        lib: ["es2023", "dom"],
        module: moduleResolution === "bundler" ? "esnext" : "nodenext",
        moduleResolution,
        allowImportingTsExtensions: true,
        types: [],
        exactOptionalPropertyTypes: true,
      };
      await writeFile(
        join(app, `tsconfig.${moduleResolution}.json`),
        JSON.stringify({ compilerOptions, files: ["people.ts", "sluice.config.ts"] }),
      );
      const tsc = join(root, "node_modules/.bin/tsc");
      const right = await inApp(process.versions.node, tsc, ["-p", `tsconfig.${moduleResolution}.json`]);
      expect(right).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      await writeFile(join(app, "wrong.ts"), importer.replace('keys: ["email"]', 'keys: ["mail"]'));
      await writeFile(join(app, "tsconfig.wrong.json"), JSON.stringify({ compilerOptions, files: ["wrong.ts"] }));
      const wrong = await inApp(process.versions.node, tsc, ["-p", "tsconfig.wrong.json"]);
      expect(wrong.exitCode).not.toBe(0);
      expect(wrong.stdout).toMatch(
        /^wrong\.ts\(\d+,\d+\): error TS\d+: Type '"mail"' is not assignable to type .*"email"/,
      );
    },
  );

  it("serves its page", async () => {
    const child = spawn(join(app, "node_modules/.bin/sluice"), ["serve", "--port", "0"], {
      cwd: app,
      env: await environment(process.versions.node),
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      let said = "";
      child.stderr.on("data", (bytes: Buffer) => {
        said += bytes;
      });
      await expect.poll(() => said).toMatch(/listens on \S+/);
      const url = /listens on (\S+)/.exec(said)?.[1] as string;
      const html = await (await fetch(`${url}/import`)).text();
      const script = /<script[^>]+src="([^"]+)"/.exec(html)?.[1] as string;
      const base = /<base href="([^"]+)"/.exec(html)?.[1] ?? "/";
      const answer = await fetch(new URL(script, new URL(base, url)));
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
    } finally {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    }
  });

  describe.each(versions)("on Node %s", (version) => {
    it("loads as a module", async () => {
      const script =
        'const { leads, defineImporter } = await import("sluice"); console.log(process.versions.node, leads.name, typeof defineImporter)';
      const result = await inApp(version, "node", ["--input-type=module", "-e", script]);
      expect(result).toEqual({ exitCode: 0, stdout: `${version} leads function\n`, stderr: "" });
    });

    it("shows its help through npx", async () => {
      const { exitCode, stdout } = await inApp(version, "npx", ["sluice", "--help"]);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Usage: sluice/);
    });

    it("imports through an importer in TypeScript on the embedded Postgres, without a word of warning", async () => {
      const result = await sluice(version, "import", "people", "people.csv", "--json");
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.parse(result.stdout)).toMatchObject({ importer: "people", created: 2, invalid: 1, rows: 3 });
      const again = await sluice(version, "import", "people", "people.csv");
      expect(again).toMatchObject({ exitCode: 4, stdout: "", stderr: expect.stringContaining("imported already") });
    });

    it("passes a signal on to where the work is done, and its exit code back", async () => {
      const child = spawn(join(app, "node_modules/.bin/sluice"), ["generate", "leads", "--rows", "40000000"], {
        cwd: app,
        env: await environment(version),
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGTERM");
      child.stdout.resume();
      // Standard output closes when the last process that holds it has ended.
      const [exitCode, signal] = await once(child, "close");
      expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
    });

    it("imports leads with the shipped importer", async () => {
      await sluice(version, "generate", "leads", "--rows", "200", "--out", "leads.csv");
      const { exitCode, stdout } = await sluice(version, "import", "leads", "leads.csv", "--json");
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: "completed", rows: 200 });
    });
  });
});
