/**
 * Compiles the command and its threads into few files: `node compile.ts FOLDER PLACE` writes to FOLDER what will run from PLACE, a folder
 * in node_modules, so that packages are found from there as from the source.
 */
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What is started as a process or a thread of its own. */
const entries = [
  "src/embedded/supervisor.ts",
  "src/files/hash-thread.ts",
  "src/formats/xls/xls-thread.ts",
  "src/server/inspector-thread.ts",
  "src/server/worker-thread.ts",
  "test/chaos/command.ts",
  "test/command.ts",
];

/** Of many modules each, none of which looks for a file beside it. */
const packages = ["kysely", "zod", /^libphonenumber-js/, "commander", /^@hono\//, "hono"];

async function compileInto(folder: string, at: string): Promise<void> {
  /** Where a module of the source stands among what is compiled. */
  const placeOf = (id: string): string => join(at, relative(root, id).replace(/\.ts$/, ".js"));
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal: packages },
    plugins: [
      {
        name: "places",
        transform(code, id) {
          if (!id.startsWith(root) || id.includes("/node_modules/") || !code.includes("import.meta.url")) return null;
          return code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(placeOf(id)).href));
        },
      },
    ],
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      target: "node24",
      rolldownOptions: {
        input: Object.fromEntries(entries.map((entry) => [entry.replace(/\.ts$/, ""), `${root}${entry}`])),
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  });
  // What the source looks for from where it is.
  for (const [name, target] of [
    ["sql", "sql"],
    ["package.json", "package.json"],
    ["src/page", "dist/page"],
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await symlink(join(root, target), join(folder, name));
  }
}

const [folder, at] = process.argv.slice(2);
await compileInto(folder, at);
