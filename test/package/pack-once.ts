/** Both packages, packed as they are published: for the tests once for a run. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { npm } from "./npm.ts";

export interface Packed {
  /** Path of the tarball. */
  tarball: string;
  /** Paths of the files in it. */
  files: string[];
}

declare module "vitest" {
  interface ProvidedContext {
    /** The server, the command and the library. */
    sluice: Packed;
    /** What a page needs. */
    sluiceReact: Packed;
  }
}

export default async function pack({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sluice packed "));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const packed = async (...args: string[]): Promise<Packed> => {
    const [{ filename, files }] = JSON.parse(
      await npm(["pack", "--json", "--pack-destination", folder, ...args], root),
    );
    return { tarball: join(folder, filename), files: files.map(({ path }: { path: string }) => path) };
  };
  provide("sluice", await packed());
  // The first has built both.
  provide("sluiceReact", await packed("--ignore-scripts", "./packages/react"));
  return () => rm(folder, { recursive: true, force: true });
}
