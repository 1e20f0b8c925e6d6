/** The example of an embedding page as an application of its own: the packed @sluice/react, a React, and Vite as the clone has it. */
import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { install } from "./npm.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ofClone = ["vite", "@vitejs/plugin-react"];

export interface ReactApp {
  write(path: string, text: string): Promise<void>;
  /** A program of the clone, in the application. */
  run(program: "node" | "tsc" | "vite", ...args: string[]): Promise<{ exitCode: number; output: string }>;
}

/** @param react packages of React and its types, with their versions */
export async function reactApp(folder: string, tarball: string, react: readonly string[]): Promise<ReactApp> {
  await cp(join(root, "examples/embed-react"), folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist/.test(path.slice(root.length)),
  });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await install(folder, tarball, ...react);
  for (const name of ofClone) {
    const place = join(folder, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, "node_modules", name), place);
  }
  return {
    write: (path, text) => writeFile(join(folder, path), text),
    async run(program, ...args) {
      const command = program === "node" ? process.execPath : join(root, "node_modules/.bin", program);
      const env = { ...process.env, NODE_ENV: "production" };
      return promisify(execFile)(command, args, { cwd: folder, env }).then(
        ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
        (error: { code: number; stdout: string; stderr: string }) => ({
          exitCode: error.code,
          output: error.stdout + error.stderr,
        }),
      );
    },
  };
}
