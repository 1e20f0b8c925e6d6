/** How the build puts packages into Sluice's own files: in one piece, with their licences beside it. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";

const root = fileURLToPath(new URL("../", import.meta.url));
const entryName = "virtual:entry";

/**
 * Bundles a module for Node with everything that it imports.
 *
 * @param options the module as `file` or as `text`; `format` "cjs" runs by `new Worker(text, { eval: true })`; `minify` shortens names,
 * else only what is between them goes; `modules` replace files, by the end of their path
 * @returns the code, and the folders of the packages in it
 */
export async function bundle({
  file,
  text,
  format = "es",
  minify = false,
  define = {},
  modules = {},
}: {
  file?: string;
  text?: string;
  format?: "es" | "cjs";
  minify?: boolean;
  define?: Record<string, string>;
  modules?: Record<string, string>;
}): Promise<{ code: string; folders: (string | undefined)[] }> {
  const standIn = (id: string) => Object.keys(modules).find((path) => id.endsWith(path));
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: "warn",
    define,
    // Optional peers are the program's own.
    ssr: { noExternal: true, external: ["@aws-sdk/client-s3", "@aws-sdk/s3-request-presigner"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entryName ? `${root}${entryName}` : null),
        load: (id) => (id === `${root}${entryName}` ? text : modules[standIn(id) ?? ""]),
      },
    ],
    build: {
      ssr: true,
      write: false,
      minify,
      target: "node22",
      rolldownOptions: {
        input: file ?? entryName,
        output: {
          format,
          codeSplitting: false,
          comments: { legal: true },
          ...(!minify && { minify: { compress: true, mangle: false, codegen: true } }),
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  if (output[0].code.trim() === "") throw new Error(`Nothing is left of ${file ?? text}`);
  if (output.length !== 1) throw new Error(`Not in one piece: ${output.map(({ fileName }) => fileName)}`);
  return { code: output[0].code, folders: output[0].moduleIds.map(folderOf) };
}

/** The folder of the package that a module belongs to; undefined for one of Sluice. */
export function folderOf(id: string): string | undefined {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

/** The licence of each package that is bundled, which asks to go with it. */
export async function licencesOf(folders: readonly (string | undefined)[]): Promise<string> {
  const parts: string[] = [];
  for (const folder of [...new Set(folders)].filter((each) => each !== undefined).sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? license : await readFile(`${folder}/${file}`, "utf8");
    parts.push(`${name} ${version}\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}
