/**
 * A client that openapi-typescript generates from the API's document: it compiles, and takes the bodies that the document and the
 * docs show. The generator needs TypeScript 5 beside it, which the clone has not: it gets a folder of its own.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiDocument } from "../api-document.ts";
import { type ApiDocument, operationsOf } from "../http/document.ts";
import { clientSchemas, generator, schemasPath } from "./client-schemas.ts";
import { install } from "./npm.ts";

interface WithBody {
  operationId: string;
  requestBody?: { content: Record<string, { schema: { $ref?: string; example?: unknown } }> };
}

let folder: string;
let document: ApiDocument;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-client-"));
  document = await apiDocument();
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await install(folder, ...generator, "openapi-fetch@0.14.0");
  await writeFile(join(folder, "openapi.json"), JSON.stringify(document));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        exactOptionalPropertyTypes: true,
        module: "nodenext",
        target: "es2023",
        lib: ["es2023", "dom", "dom.iterable"],
        types: [],
        skipLibCheck: true,
      },
      include: ["*.ts"],
    }),
  );
  await run("openapi-typescript", "openapi.json", "-o", "api.ts");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(program: string, ...args: string[]): Promise<{ exitCode: number; output: string }> {
  const command = join(folder, "node_modules/.bin", program);
  return promisify(execFile)(process.execPath, [command, ...args], { cwd: folder }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      exitCode: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

/** The JSON bodies that the document shows. */
function shownBodies(): { operationId: string; example: unknown }[] {
  return (operationsOf(document) as unknown as WithBody[]).flatMap(({ operationId, requestBody }) => {
    const json = requestBody?.content["application/json"];
    if (json === undefined) return [];
    const { schemas } = document.components;
    const schema = json.schema.$ref === undefined ? json.schema : schemas[json.schema.$ref.split("/").at(-1) as string];
    return [{ operationId, example: schema.example }];
  });
}

/** The JSON bodies of `curl` in the docs, with what a shell would put in made up. */
async function curlBodies(): Promise<{ path: string; body: string }[]> {
  const root = new URL("../../", import.meta.url);
  const texts = await Promise.all(
    ["README.md", "docs/http-api.md"].map((name) => readFile(fileURLToPath(new URL(name, root)), "utf8")),
  );
  const found: { path: string; body: string }[] = [];
  for (const text of texts) {
    const lines = text
      .replaceAll("\\\n", " ")
      .matchAll(/(?:--json|-d) (?:'([^']*)'|"((?:[^"\\]|\\.)*)").*?(\/(?:imports|uploads|templates)[^\s)]*)/g);
    for (const [, single, double, path] of lines)
      found.push({ path: path.replace("$id", "{id}"), body: single ?? double.replaceAll('\\"', '"') });
  }
  return found;
}

it("makes the schemas of Sluice's own client, which are current: else npm run client:write", async () => {
  expect(await readFile(schemasPath, "utf8")).toBe(await clientSchemas(folder));
});

it("shows a body for each operation that takes one, which its own type takes", async () => {
  const bodies = shownBodies();
  expect(bodies.filter(({ example }) => example === undefined)).toEqual([]);
  const lines = bodies.map(
    ({ operationId, example }) => `export const ${operationId}: Body<"${operationId}"> = ${JSON.stringify(example)};`,
  );
  await writeFile(
    join(folder, "bodies.ts"),
    `import type { operations } from "./api.js";
type Body<Name extends keyof operations> = NonNullable<operations[Name]["requestBody"]> extends { content: { "application/json": infer Json } } ? Json : never;
${lines.join("\n")}
`,
  );
  expect(await run("tsc")).toEqual({ exitCode: 0, output: "" });
});

it("is called with the bodies of the docs, and refuses others", async () => {
  const shown = await curlBodies();
  expect(shown.map(({ path }) => path).sort()).toEqual(["/imports", "/imports", "/imports/{id}/start"]);
  const call = ({ path, body }: { path: string; body: string }): string =>
    `await client.POST("/api/v1${path}", { ${path.includes("{id}") ? "params: { path: { id: 42 } }, " : ""}body: ${body} });`;
  const head = `import createClient from "openapi-fetch";
import type { paths } from "./api.js";
const client = createClient<paths>({ baseUrl: "http://localhost:3000" });
`;
  await writeFile(
    join(folder, "calls.ts"),
    `${head}${shown.map(call).join("\n")}
const { data } = await client.GET("/api/v1/imports", { params: { query: { limit: 10 } } });
export const names: string[] = data?.items.map(({ fileName }) => fileName) ?? [];
`,
  );
  expect(await run("tsc")).toEqual({ exitCode: 0, output: "" });
  await writeFile(join(folder, "wrong.ts"), `${head}${call({ path: "/imports", body: '{ "importre": "leads" }' })}\n`);
  const wrong = await run("tsc");
  expect([wrong.exitCode, wrong.output]).toEqual([
    2,
    expect.stringMatching(/^wrong\.ts\(4,\d+\): error TS2353: .*importre/),
  ]);
});
