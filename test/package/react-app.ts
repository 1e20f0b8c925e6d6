/**
 * The example of an embedding page as an application of its own: the packed Sluice, and beside it what the clone has of React and
 * Vite, so that nothing is fetched. What is bundled into Sluice is not there.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ofClone = ["react", "react-dom", "@types/react", "@types/react-dom", "vite", "@vitejs/plugin-react"];
/** A dependency of Sluice whose types are in its own. */
const ofSluice = ["@standard-schema/spec"];

export interface ReactApp {
  write(path: string, text: string): Promise<void>;
  /** A program of the clone, in the application. */
  run(program: "node" | "tsc" | "vite", ...args: string[]): Promise<{ exitCode: number; output: string }>;
}

export async function reactApp(folder: string, sluice: string): Promise<ReactApp> {
  await cp(join(root, "examples/embed-react"), folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist/.test(path.slice(root.length)),
  });
  // A copy: from where it is installed it would not see this application's React.
  await cp(sluice, join(folder, "node_modules/sluice"), { recursive: true });
  for (const name of [...ofClone, ...ofSluice]) {
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
