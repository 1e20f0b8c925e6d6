/**
 * The last step of the server's build: puts the migrations and the threads into dist/ as modules, so that a program that bundles
 * Sluice (Next.js, esbuild) needs no file beside its bundle.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle, licencesOf } from "./bundling.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Each thread with its entry point; what one starts itself stands before it, and goes into it. */
const threads = {
  "hash-thread": "files/hash-thread.js",
  "xls-thread": "formats/xls/xls-thread.js",
  "inspector-thread": "server/inspector-thread.js",
};

const migrations = [];
for (const name of (await readdir(`${root}sql`)).filter((each) => /^\d{6}\.sql$/.test(each)).sort())
  migrations.push({ number: Number.parseInt(name, 10), statements: await readFile(`${root}sql/${name}`, "utf8") });
await writeFile(
  `${root}dist/postgres/schema/migration-files.js`,
  `const migrations = ${JSON.stringify(migrations, null, 1)};\n\nexport async function readMigrations() {\n    return migrations;\n}\n`,
);

await mkdir(`${root}dist/threads`, { recursive: true });
const texts = [];
const packages = [];
for (const [name, entry] of Object.entries(threads)) {
  const text = await threadText(`${root}dist/${entry}`, name === "inspector-thread" ? ["xls-thread"] : []);
  await writeFile(`${root}dist/threads/${name}.js`, `export const text = ${JSON.stringify(text)};\n`);
  texts.push(`    ${JSON.stringify(name)}: () => import("../threads/${name}.js"),\n`);
}
await writeFile(`${root}dist/threads/LICENSES`, await licencesOf(packages));
await writeFile(`${root}dist/core/thread-texts.js`, `export const threadTexts = {\n${texts.join("")}};\n`);
// They run from their texts; as files they would ask for packages that are in there.
for (const entry of Object.values(threads)) await rm(`${root}dist/${entry}`);

/** The thread in one piece, as a script. `starts`: the threads that it starts. */
async function threadText(entry, starts) {
  const own = starts.map((name) => `${JSON.stringify(name)}: () => import("${root}dist/threads/${name}.js"),\n`);
  const { code, folders } = await bundle({
    file: entry,
    format: "cjs",
    minify: true,
    define: { "import.meta.url": '"file:///sluice/thread.js"' },
    modules: { "/dist/core/thread-texts.js": `export const threadTexts = {\n${own.join("")}};\n` },
  });
  packages.push(...folders);
  return code;
}
