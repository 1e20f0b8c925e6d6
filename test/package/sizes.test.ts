/** How much an application installs: the sum of all files, as `du --apparent-size` counts them. */
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { install } from "./npm.ts";

const megabyte = 1_000_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice sizes "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An application in which the packages were installed by `npm install` with these arguments. */
async function installed(name: string, ...args: string[]): Promise<string> {
  const app = join(folder, name);
  await mkdir(app);
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await install(app, ...args);
  return join(app, "node_modules");
}

async function bytesIn(modules: string): Promise<number> {
  const entries = await readdir(modules, { recursive: true });
  const sizes = await Promise.all(entries.map(async (each) => (await lstat(join(modules, each))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Names of what is installed, scopes and npm's own notes aside. */
async function packagesIn(modules: string): Promise<string[]> {
  const names = await readdir(modules);
  const inScopes = names.filter((name) => name.startsWith("@")).map((name) => readdir(join(modules, name)));
  return [...names, ...(await Promise.all(inScopes)).flat()].filter((name) => !/^[.@]/.test(name));
}

it("installs what a page needs in 5 MB, without a server or a Postgres", async () => {
  const modules = await installed("page", inject("sluiceReact").tarball);
  expect(await packagesIn(modules)).toEqual(["react", "spec"]);
  expect(await bytesIn(modules)).toBeLessThan(5 * megabyte);
});

it("installs the server in 40 MB without the embedded Postgres", async () => {
  const modules = await installed("server", "--omit=optional", inject("sluice").tarball);
  expect(await bytesIn(modules)).toBeLessThan(40 * megabyte);
  const names = await packagesIn(modules);
  expect(names.filter((name) => /^(?:react|client|ioredis|xlsx|libphonenumber-js|linux-|darwin-)/.test(name))).toEqual(
    [],
  );
});
