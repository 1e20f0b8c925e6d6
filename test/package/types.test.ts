/** The package's types as strict programs meet them: declarations of importers, and the examples of the docs. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
let app: string;

/** What the compiler says; empty where it is content. */
function tsc(cwd: string, ...args: string[]): Promise<string> {
  return promisify(execFile)(join(root, "node_modules/.bin/tsc"), args, { cwd, maxBuffer: 16e6 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

const strict = [
  "--strict",
  "--target",
  "es2023",
  "--module",
  "nodenext",
  "--skipLibCheck",
  "--allowImportingTsExtensions",
];
const exact = [...strict, "--exactOptionalPropertyTypes", "--noEmit", "--jsx", "react-jsx", "--lib", "es2024,dom"];

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), "sluice-types-"));
  for (const [name, { tarball }] of [
    ["sluice", inject("sluice")],
    ["@sluice/react", inject("sluiceReact")],
  ] as const) {
    const place = join(app, "node_modules", name);
    await mkdir(place, { recursive: true });
    await promisify(execFile)("tar", ["-xzf", tarball, "--strip-components=1", "-C", place]);
  }
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const types = (await readdir(join(root, "node_modules/@types"))).map((name) => `@types/${name}`);
  for (const name of [...Object.keys(dependencies), ...types, "react"]) {
    await mkdir(dirname(join(app, "node_modules", name)), { recursive: true });
    await symlink(join(root, "node_modules", name), join(app, "node_modules", name));
  }
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
});

afterAll(() => rm(app, { recursive: true, force: true }));

it("names every type of an importer, so that a library can declare it", async () => {
  const kinds = `
    import { atLeastOne, defineConfig, defineImporter, field } from "sluice";
    import { leads } from "sluice/importers";
    export const fields = {
      firstName: field.text({ maxLength: 9 }), email: field.email(), phone: field.phone(), count: field.integer(), price: field.decimal(),
      born: field.date(), seen: field.datetime(), vip: field.boolean(), stage: field.choice({ open: [], shut: [] }),
      companyId: field.reference({ table: "companies", by: ["name"], context: ["tenantId"] }),
    };
    export const people = defineImporter({
      name: "people", fields, match: { keys: ["email"], onDuplicate: "update" }, target: { table: "people" },
      context: { tenantId: { type: "uuid", from: (user) => user.id } },
      checks: [atLeastOne("email", "phone"), (row) => (row.count === 0 ? { message: "none" } : null)],
    });
    export const others = defineImporter({ ...people, name: "others" });
    export const withId = <const N extends string>(name: N) => defineImporter({ name, fields: { ...fields, id: field.integer() }, target: { table: name } });
    export const config = defineConfig({ importers: [leads, people, others, withId("more")] });
  `;
  await writeFile(join(app, "importers.ts"), kinds);
  const declared = ["--declaration", "--emitDeclarationOnly", "--outDir", "declared", "--types", "node"];
  expect(await tsc(app, ...strict, ...declared, "importers.ts")).toBe("");
  const text = await readFile(join(app, "declared/importers.d.ts"), "utf8");
  expect(text).toContain("TypedImporter<");
  expect(text).not.toMatch(/import\("(?!sluice)/);
});

it("compiles the examples and those in the docs with exactOptionalPropertyTypes", async () => {
  const customers = `import { defineImporter, field } from "sluice";
    export const customers = defineImporter({ name: "customers", fields: { email: field.email() }, target: { table: "customers" } });`;
  for (const place of ["importers", "src/importers"]) {
    await mkdir(join(app, place), { recursive: true });
    await writeFile(join(app, place, "customers.ts"), customers);
  }
  const pages = (await readdir(join(root, "docs")))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const files: string[] = [];
  for (const page of ["README.md", ...pages]) {
    const text = await readFile(join(root, page), "utf8");
    for (const [, kind, code] of text.matchAll(/^```(tsx?)\n(.*?)^```/gms)) {
      const from = [...code.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
      // A fragment of one that stands before it, or of an application that is not here.
      if (from.length === 0 || !from.every((name) => /^@?sluice|^\.|^react(?:-dom)?(?:$|\/)/.test(name))) continue;
      const name = `${page.replace(/\W/g, "-")}-${files.length}.${kind}`;
      await writeFile(join(app, name), `${code}\nexport {};\n`);
      files.push(name);
    }
  }
  await cp(join(root, "examples"), join(app, "examples"), {
    recursive: true,
    // Those two are compiled by their own builds.
    filter: (path) => !/node_modules|embed-react|nextjs-supabase|server\.ts$/.test(path.slice(root.length)),
  });
  const ofExamples = await readdir(join(app, "examples"), { recursive: true });
  files.push(...ofExamples.filter((name) => name.endsWith(".ts")).map((name) => join("examples", name)));
  expect(files.length).toBeGreaterThan(14);
  const said = (await tsc(app, ...exact, "--types", "node", ...files)).split("\n").filter((line) => line !== "");
  // What an example takes from the reader's own program: a session, a token, an element.
  expect(said.filter((line) => !/error TS(?:2304|2552|18004|2503):/.test(line))).toEqual([]);
});

it("takes options that may be undefined, as the environment has them", async () => {
  const text = `
    import { defineConfig, defineImporter, field } from "sluice";
    import { createApp } from "sluice/server";
    declare const maybe: string | undefined;
    declare const count: number | undefined;
    export const people = defineImporter({
      name: "people", label: undefined,
      fields: { a: field.text({ column: maybe, maxLength: count }), b: field.decimal({ scale: count }), c: field.phone({ country: maybe }) },
      target: { table: "people", id: maybe, job: maybe }, history: undefined, checks: undefined,
    });
    export const config = defineConfig({ databaseUrl: process.env.DATABASE_URL, importers: undefined, dataDir: maybe });
    export const app = createApp({ ...config, authenticate: undefined, basePath: maybe, access: { publicUrl: maybe } });
  `;
  await writeFile(join(app, "maybe.ts"), text);
  expect(await tsc(app, ...exact, "--types", "node", "maybe.ts")).toBe("");
});
