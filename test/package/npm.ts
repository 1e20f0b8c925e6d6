/** npm as somebody else's application runs it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs npm in a folder; returns what it said. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  // npm's settings of the run that started the tests are not the application's.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?:package|lifecycle|command)/.test(name)),
  );
  return (await promisify(execFile)("npm", args, { cwd, env, maxBuffer: 16e6 })).stdout;
}

/** Installs packages from the registry, or what a `package.json` there lists. */
export async function install(folder: string, ...packages: string[]): Promise<void> {
  const from = (source: string): Promise<string> =>
    npm(["install", "--no-audit", "--no-fund", source, ...packages], folder);
  try {
    await from("--prefer-offline");
  } catch (error) {
    // What npm has kept of a package may be older than what another one, just looked up, asks of it.
    if (!String((error as { stderr?: string }).stderr).includes("ETARGET")) throw error;
    await from("--prefer-online");
  }
}
