/** The rooms of src/: none stands on one that stands on it, whether by code or by types alone. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));

/** What a file imports of src/, whatever for. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].map(([, name]) =>
    relative(src, join(src, dirname(file), name)),
  );
}
const imports = new Map(files.map((file) => [file, importsOf(file).filter((each) => files.includes(each))]));

/** A way from each node back to itself. */
function circles(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (node: string, way: readonly string[]): void => {
    if (way.includes(node)) found.push([...way.slice(way.indexOf(node)), node].join(" → "));
    if (way.includes(node) || done.has(node)) return;
    for (const next of arrows.get(node) ?? []) walk(next, [...way, node]);
    done.add(node);
  };
  for (const node of arrows.keys()) walk(node, []);
  return found;
}

/** The arrows between rooms, where a room is what `roomOf` says. */
function between(roomOf: (file: string) => string): Map<string, string[]> {
  const arrows = new Map<string, Set<string>>();
  for (const [file, others] of imports) {
    const room = roomOf(file);
    const seen = arrows.get(room) ?? new Set();
    for (const other of others.map(roomOf)) if (other !== room) seen.add(other);
    arrows.set(room, seen);
  }
  return new Map([...arrows].map(([room, seen]) => [room, [...seen]]));
}

/** The rooms that have rooms in them. */
const parted = [...new Set(files.filter((file) => file.split("/").length > 2).map((file) => file.split("/")[0]))];

describe("the house", () => {
  it("finds a circle where there is one", () => {
    const arrows = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["a"]],
    ]);
    expect(circles(arrows)).toEqual(["a → b → c → a"]);
    expect([...imports.values()].flat().length).toBeGreaterThan(files.length);
  });

  it("has no circle of files", () => {
    expect(circles(imports)).toEqual([]);
  });

  it("has no circle of rooms", () => {
    expect(circles(between((file) => file.split("/")[0]))).toEqual([]);
  });

  it.each(parted)("has no circle of rooms within %s/", (room) => {
    const inside = between((file) => (file.startsWith(`${room}/`) ? dirname(file) : "elsewhere"));
    inside.delete("elsewhere");
    expect(circles(new Map([...inside].map(([each, seen]) => [each, seen.filter((one) => inside.has(one))])))).toEqual(
      [],
    );
  });

  it("has few files beside its rooms", () => {
    expect(files.filter((file) => !file.includes("/")).sort()).toEqual([
      "app.ts",
      "cli.ts",
      "config.ts",
      "index.ts",
      "log.ts",
    ]);
  });
});
