/** Threads of the servers that these tests start are compiled: each starts in a third of the time that the modules of the source take. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inject, vi } from "vitest";

const places: Readonly<Record<string, string>> = {
  "hash-thread": "src/files/hash-thread.js",
  "inspector-thread": "src/server/inspector-thread.js",
  "worker-thread": "src/server/worker-thread.js",
  "xls-thread": "src/formats/xls/xls-thread.js",
};

vi.mock("../../src/core/sibling.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/core/sibling.ts")>();
  const compiled = (name: string): URL | null =>
    name in places ? pathToFileURL(join(inject("compiledFolder"), places[name])) : null;
  return {
    sibling: (name: string, here: string) => compiled(name) ?? original.sibling(name, here),
    async threadStart(name: string, here: string) {
      const entry = compiled(name);
      return entry === null ? original.threadStart(name, here) : { entry, options: {} };
    },
  };
});
