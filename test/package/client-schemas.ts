/**
 * The client's types of what the API takes and tells, made of its OpenAPI document by openapi-typescript. The generator needs TypeScript 5
 * beside it, which the clone has not: it gets a folder of its own. `node test/package/client-schemas.ts --write` writes them.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { apiDocument } from "../api-document.ts";
import { install } from "./npm.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const schemasPath: string = join(root, "src/client/schemas.ts");
export const generator: readonly string[] = ["openapi-typescript@7.13.0", "typescript@5.9.3"];

/** What core/ knows better than the document, which says the codes and not what comes with each. */
const known = { NextStep: "NextStep" };

const head = `/**
 * Generated from the OpenAPI document: what the API takes and tells, by the names of its schemas. After a change of a route:
 * \`npm run client:write\`.
 */
import type { NextStep } from "../core/next-step.ts";

`;

/** @param folder in which the generator is installed */
export async function clientSchemas(folder: string): Promise<string> {
  const { openapi, info, components } = (await apiDocument()) as unknown as Record<string, unknown>;
  await writeFile(join(folder, "schemas.json"), JSON.stringify({ openapi, info, paths: {}, components }));
  const program = join(folder, "node_modules/openapi-typescript/bin/cli.js");
  await promisify(execFile)(process.execPath, [program, "schemas.json", "-o", "schemas.ts"], { cwd: folder });
  const all = await readFile(join(folder, "schemas.ts"), "utf8");
  const [, schemas] = /^ {4}schemas: (\{.*?^ {4}\});/ms.exec(all) as unknown as [string, string];
  let text = `${head}export interface Schemas ${schemas.replaceAll(/components\["schemas"\]/g, "Schemas")}\n`;
  for (const [name, type] of Object.entries(known))
    text = text.replace(new RegExp(`^ {8}${name}: \\{.*?^ {8}\\};`, "ms"), `        ${name}: ${type};`);
  const biome = join(root, "node_modules/.bin/biome");
  return execFileSync(biome, ["format", "--stdin-file-path=src/client/schemas.ts"], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === "--write") {
  const folder = await mkdtemp(join(tmpdir(), "sluice-schemas-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await install(folder, ...generator);
  await writeFile(schemasPath, await clientSchemas(folder));
  await rm(folder, { recursive: true });
}
