/** The example of a Next.js application, with the packed Sluice. */
import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { install } from "./npm.ts";

const example = fileURLToPath(new URL("../../examples/nextjs-supabase", import.meta.url));

export interface NextApp {
  folder: string;
  /**
   * Builds it where nothing is configured and no secret is known, for `next start` and for a server of its own alike: these differ in
   * what is copied besides. Returns what was said.
   */
  build(): Promise<string>;
  /** The folder of the server of its own with its static files, moved away from the application. */
  standalone(): Promise<string>;
}

export async function nextApp(folder: string, tarball: string): Promise<NextApp> {
  const isBuilt = (path: string): boolean => /^[\\/](?:node_modules|\.next|\.sluice)/.test(path.slice(example.length));
  await cp(example, folder, { recursive: true, filter: (path) => !isBuilt(path) });
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  manifest.dependencies.sluice = `file:${tarball}`;
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await install(folder);
  const { NEXT_PUBLIC_SUPABASE_URL: _url, DATABASE_URL: _database, ...others } = process.env;
  return {
    folder,
    async build() {
      const env = {
        ...others,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        NEXT_OUTPUT: "standalone",
      } as const;
      const command = ["node_modules/next/dist/bin/next", "build"];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: folder, env });
      return stdout + stderr;
    },
    async standalone() {
      const away = `${folder}-standalone`;
      await cp(join(folder, ".next/standalone"), away, { recursive: true });
      await cp(join(folder, ".next/static"), join(away, ".next/static"), { recursive: true });
      return away;
    },
  };
}
