/** The published package: packed, installed in an empty application, compiled against and run on the oldest and the newest Node. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { answers, freePort, peopleTable, type RunningProgram, startProgram, tryApi } from "./mounted.ts";
import { type NextApp, nextApp } from "./next-app.ts";
import { nodeServers } from "./node-servers.ts";
import { npm } from "./npm.ts";
import { type ReactApp, reactApp } from "./react-app.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

/** The package's promise (`engines`), the last version before Node read TypeScript by itself, and the clone's own. */
const versions = ["22.12.0", "22.17.1", process.versions.node] as const;

let folder: string;
let app: string;
let packed: { filename: string; size: number; files: { path: string }[] };

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
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", `${name}@${version}`], home);
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
  [packed] = JSON.parse(await npm(["pack", "--json", "--pack-destination", folder], root));
  app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, packed.filename)], app);
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
      ...["bin", "dist", "docs", "examples", "package.json", "sql"],
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
    expect(packed.files.filter(({ path }) => /\.map$|\.test\.|(?:^|\/)test\//.test(path))).toEqual([]);
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
    const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const imported = new Set<string>();
    const dist = join(app, "node_modules/sluice/dist");
    for (const name of await readdir(dist, { recursive: true })) {
      if (!name.endsWith(".js")) continue;
      const text = await readFile(join(dist, name), "utf8");
      for (const [, from] of text.matchAll(/(?:from|import\()\s*"((?:@[^/"]+\/)?[^./"][^/"]*)/g)) imported.add(from);
    }
    // React is what the page that mounts the components brings.
    expect([...imported].filter((name) => Object.hasOwn(devDependencies, name)).sort()).toEqual(["react", "react-dom"]);
    for (const entry of ["index.js", "program/index.js", "testing.js", "client/index.js"])
      expect(await readFile(join(dist, entry), "utf8")).not.toMatch(/from\s*"react/);
  });

  it.each(["nodenext", "bundler"])(
    "compiles an importer strictly with moduleResolution %s",
    async (moduleResolution) => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "es2023",
        lib: ["es2023"],
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

  describe("in an application with React", () => {
    let page: ReactApp;
    beforeAll(async () => {
      page = await reactApp(join(folder, "page"), join(app, "node_modules/sluice"));
    });

    it("compiles the example strictly, with every type that it reaches", async () => {
      for (const module of [
        ["esnext", "bundler"],
        ["nodenext", "nodenext"],
      ])
        expect(await page.run("tsc", "--module", module[0], "--moduleResolution", module[1])).toEqual({
          exitCode: 0,
          output: "",
        });
      await page.write(
        "src/wrong.tsx",
        'import { ImportWizard } from "sluice/react";\n<ImportWizard importId="7" />;\n',
      );
      const wrong = await page.run("tsc");
      expect(wrong.exitCode).not.toBe(0);
      expect(wrong.output).toMatch(
        /^src\/wrong\.tsx\(2,15\): error TS2322: Type 'string' is not assignable to type 'number'/,
      );
    });

    it("is built into the example's page", async () => {
      expect(await page.run("vite", "build", "--logLevel", "warn")).toEqual({ exitCode: 0, output: "" });
    });

    it("renders its empty host on a server", async () => {
      await page.write(
        "server.js",
        `import { createElement } from "react";
        import { renderToString } from "react-dom/server";
        import { ImportDialog, ImportHistory, ImportWizard } from "sluice/react";
        for (const each of [ImportWizard, ImportHistory, ImportDialog])
          console.log(renderToString(createElement(each, { theme: "dark", onClose() {} })));`,
      );
      const host = '<div data-sluice="" data-theme="dark"></div>';
      expect(await page.run("node", "server.js")).toEqual({ exitCode: 0, output: `${host}\n${host}\n${host}\n` });
    });

    it("says that it goes on in the browser, and needs nothing that only a bundler knows", async () => {
      const text = await readFile(join(app, "node_modules/sluice/dist/react/index.js"), "utf8");
      expect(text).toMatch(/^"use client";/);
      expect(text).not.toContain("import.meta.glob");
    });
  });

  /** A server of an application, and a worker beside it, on a database of their own; both end with the test. */
  async function serve(folder: string, args: readonly string[], workerFolder: string) {
    const { url, database } = await freshDatabase();
    await database.pool.query(peopleTable);
    const port = await freePort();
    const env = {
      DATABASE_URL: url,
      SLUICE_DATA_DIR: await freshFolder(),
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      NODE_ENV: "production",
    };
    const programs: RunningProgram[] = [
      startProgram(
        folder,
        args.map((each) => each.replace("PORT", String(port))),
        env,
      ),
      startProgram(workerFolder, ["worker.ts"], env),
    ];
    onTestFinished(async () => {
      // Frameworks wait for clients that keep their connection, as this process does.
      await Promise.all([programs[0].end("SIGKILL"), programs[1].end()]);
    });
    const origin = `http://127.0.0.1:${port}`;
    await answers(origin, programs[0]);
    return {
      origin,
      said: () => programs.map((each) => each.said()).join("\n"),
      rows: async () => (await database.pool.query("select email, name from people order by 1")).rows,
    };
  }
  const imported = [
    { email: "ann@example.org", name: "Ann" },
    { email: "bo@example.org", name: "Bo" },
  ];

  describe("in Next.js", () => {
    let next: NextApp;
    beforeAll(async () => {
      next = await nextApp(join(folder, "next"), join(folder, packed.filename));
    });

    it("builds without a configuration and without a secret, is started, imports, and shows the wizard", async () => {
      expect(await next.build()).toMatch(/ƒ \/api\/v1\/\[\[\.\.\.path\]\]/);
      const command = ["node_modules/next/dist/bin/next", "start", "-p", "PORT", "-H", "127.0.0.1"];
      const { origin, said, rows } = await serve(next.folder, command, next.folder);
      await tryApi(`${origin}/api/v1`).catch((error: Error) => {
        throw new Error(`${error.message}\n${said()}`, { cause: error });
      });
      expect(await rows()).toEqual(imported);
      expect(await (await fetch(`${origin}/import`)).text()).toMatch(/<h1>Contacts<\/h1><div data-sluice=""/);
      const { chromium } = await import("playwright-core");
      const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(`${origin}/import`);
        await page
          .getByRole("button", { name: /choose/i })
          .first()
          .waitFor();
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    });

    it("runs as a standalone server away from its application", async () => {
      await next.build('export default { output: "standalone" };\n');
      const { origin, said, rows } = await serve(await next.standalone(), ["server.js"], next.folder);
      await tryApi(`${origin}/api/v1`).catch((error: Error) => {
        throw new Error(`${error.message}\n${said()}`, { cause: error });
      });
      expect(await rows()).toEqual(imported);
      expect(await (await fetch(`${origin}/import`)).text()).toContain('data-sluice=""');
    });
  });

  describe("in a server of Node", () => {
    let servers: string;
    beforeAll(async () => {
      servers = await nodeServers(join(folder, "servers"), join(folder, packed.filename));
    });

    it.each(["express.ts", "fastify.ts"])(
      "is mounted below a path, beside routes that parse bodies: %s",
      async (name) => {
        const { origin, rows } = await serve(servers, [name], servers);
        await tryApi(`${origin}/imports-api/api/v1`);
        expect(await rows()).toEqual(imported);
        const own = await fetch(`${origin}/own`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: '{"a":1}',
        });
        expect(await own.json()).toEqual({ got: { a: 1 } });
        expect((await fetch(`${origin}/imports-api/nowhere`)).headers.get("content-type")).toBe(
          "application/problem+json",
        );
      },
    );

    it("takes JSON that a parser in front has read, says what is lost where another did, and leaves other paths alone", async () => {
      const { origin, rows } = await serve(servers, ["express-late.ts"], servers);
      await tryApi(`${origin}/api/v1`);
      expect(await rows()).toEqual(imported);
      expect(await (await fetch(`${origin}/own`)).text()).toBe("own");
      const form = new FormData();
      form.set("file", new File(["Email\n"], "a.csv"));
      const lost = await fetch(`${origin}/api/v1/uploads?parse`, { method: "POST", body: form });
      expect([lost.status, await lost.json()]).toMatchObject([
        500,
        { detail: expect.stringMatching(/read before it reached Sluice\. Mount Sluice before/) },
      ]);
    });
  });

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
