/**
 * The last step of the build: puts the migrations and the threads into dist/ as modules, so that a program that bundles Sluice
 * (Next.js, esbuild) needs no file beside its bundle.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

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
/** Folders of the packages that are bundled. */
const packages = new Set();
for (const [name, entry] of Object.entries(threads)) {
  const text = await bundle(`${root}dist/${entry}`, name === "inspector-thread" ? ["xls-thread"] : []);
  await writeFile(`${root}dist/threads/${name}.js`, `export const text = ${JSON.stringify(text)};\n`);
  texts.push(`    ${JSON.stringify(name)}: () => import("../threads/${name}.js"),\n`);
}
await writeFile(`${root}dist/threads/LICENSES`, await licences());
await writeFile(`${root}dist/core/thread-texts.js`, `export const threadTexts = {\n${texts.join("")}};\n`);

/** The thread in one piece, as a script: `new Worker(text, { eval: true })` runs it. `starts`: the threads that it starts. */
async function bundle(entry, starts) {
  const own = `export const threadTexts = {\n${starts.map((name) => `${JSON.stringify(name)}: () => import("${root}dist/threads/${name}.js"),\n`).join("")}};\n`;
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "warn",
    define: { "import.meta.url": '"file:///sluice/thread.js"' },
    ssr: { noExternal: true },
    plugins: [{ name: "threads", load: (id) => (id.endsWith("/dist/core/thread-texts.js") ? own : undefined) }],
    build: {
      ssr: entry,
      write: false,
      minify: true,
      target: "node22",
      rolldownOptions: { output: { format: "cjs", codeSplitting: false, comments: { legal: true } } },
    },
  });
  if (output.length !== 1) throw new Error(`${entry} is not in one piece: ${output.map(({ fileName }) => fileName)}`);
  for (const id of output[0].moduleIds ?? Object.keys(output[0].modules))
    packages.add(/^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]);
  return output[0].code;
}

/** The licence of each package that is bundled, which asks to go with it. */
async function licences() {
  const parts = [];
  for (const folder of [...packages].filter((each) => each !== undefined).sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? license : await readFile(`${folder}/${file}`, "utf8");
    parts.push(`${name} ${version}\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}
