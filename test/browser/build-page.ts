/** The page as it is now, built; for the tests once for a run. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { compiledFolder } from "../compiled.ts";
import { findChromium } from "./chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    pageFolder: string;
    chromium: string;
    compiledFolder: string;
  }
}

/** Into a folder, as users get it. */
export function buildPage(folder: string): void {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const vite = join(project, "node_modules/vite/bin/vite.js");
  // A process of its own: Vitest's NODE_ENV would make it the slow build of React that is for development.
  execFileSync(
    process.execPath,
    [vite, "build", "--config", "web/vite.page.ts", "--outDir", folder, "--logLevel", "warn"],
    { cwd: project, env: { ...process.env, NODE_ENV: "production" }, stdio: "inherit" },
  );
}

export default async function providePage({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-page-"));
  buildPage(folder);
  provide("pageFolder", folder);
  provide("chromium", findChromium());
  provide("compiledFolder", compiledFolder());
  return () => rm(folder, { recursive: true, force: true });
}
