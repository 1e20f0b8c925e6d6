/** The docs say what the code does: codes, settings, statuses, commands, flags and exit codes, compared both ways. */
import { access, readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/cli/terminal.ts";
import { settings } from "../src/config.ts";
import { statuses } from "../src/core/import.ts";
import { issueSeverity } from "../src/core/issue.ts";
import { refusalCodes } from "../src/http/one-shot/refusal.ts";
import { en } from "../src/locale/en.ts";
import { commandsOf, program, tables, withTables } from "./docs-tables.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");

/** The first cell of each row of the tables in a text, without its backticks; `header` picks one table. */
function firstCells(text: string, header: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  const end = lines.findIndex((line, k) => k > start && !line.startsWith("|"));
  return lines.slice(start + 2, end < 0 ? undefined : end).map((line) => line.split("|")[1].trim().replaceAll("`", ""));
}

async function documents(): Promise<{ path: string; text: string }[]> {
  const pages = (await readdir(join(root, "docs"), { recursive: true })).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", "CONTRIBUTING.md", ...pages.map((name) => `docs/${name}`)];
  return Promise.all(paths.map(async (path) => ({ path, text: await read(path) })));
}

/** What a page's headings are reached by, as GitHub and npm make it of them. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} +(.+)$/gm);
  return [...headings].map(([, heading]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("docs", () => {
  it.each(Object.entries(tables))("%s has the tables that the code tells (npm run docs:write)", async (path, parts) => {
    const text = await read(path);
    expect(text).toBe(withTables(text, parts));
  });

  it("docs/issues.md lists every issue with its severity and text, and no other", async () => {
    const text = await read("docs/issues.md");
    expect(firstCells(text, "code")).toEqual(Object.keys(issueSeverity));
    for (const [code, severity] of Object.entries(issueSeverity)) {
      const line = text.split("\n").find((each) => each.startsWith(`| \`${code}\` |`));
      const [, , said, meaning, shown] = (line ?? "").split(/(?<!\\)\|/).map((cell) => cell.trim());
      expect({ code, said, shown }).toEqual({ code, said: severity, shown: en.issues[code as keyof typeof en.issues] });
      expect(meaning).not.toBe("");
    }
  });

  it("docs/errors.md lists every error code, and no other", async () => {
    const source = await read("src/core/errors.ts");
    const [, union] = /export type ErrorCode =([^;]+);/.exec(source) as RegExpExecArray;
    const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    expect(firstCells(await read("docs/errors.md"), "code")).toEqual(codes);
  });

  it("docs/http-api.md lists every code of a refusal, and no other", async () => {
    expect(firstCells(await read("docs/http-api.md"), "`code`")).toEqual(refusalCodes);
  });

  it("docs/cli.md lists every exit code, and no other", async () => {
    const codes = Object.values(exitCodes).map(String);
    expect(firstCells(await read("docs/cli.md"), "code")).toEqual(codes);
  });

  it("docs/lifecycle.md names every outcome", async () => {
    expect(firstCells(await read("docs/lifecycle.md"), "outcome")).toEqual([
      "created",
      "updated",
      "unchanged",
      "skipped",
      "invalid",
      "failed",
    ]);
  });

  it("names no command, flag or setting that is not there", async () => {
    const commands = commandsOf(program());
    const flags = new Set(
      commands.flatMap(({ command }) => command.options.flatMap(({ long, short }) => [long, short])),
    );
    for (const own of ["--help", "--table"]) flags.add(own);
    const groups = new Set([...commands.map(({ name }) => name.split(" ")[0]), "help"]);
    const environment = new Set(settings.map(({ env }) => env));
    const unknown: string[] = [];
    for (const { path, text } of await documents()) {
      for (const [, name] of text.matchAll(/(?:npx |`|^)sluice ([a-z]+)\b/gm))
        if (!groups.has(name)) unknown.push(`${path}: sluice ${name}`);
      for (const [, name] of text.matchAll(/\b(SLUICE_[A-Z_]+)\b/g))
        if (!environment.has(name)) unknown.push(`${path}: ${name}`);
      for (const line of text.split("\n").filter((each) => /sluice [a-z]+.* --|^\| `-/.test(each))) {
        for (const [, flag] of line.matchAll(/(?<![\w-])(--(?!sluice-)[a-z][a-z-]+)/g))
          if (!flags.has(flag)) unknown.push(`${path}: ${flag}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  it("has files for deploying that name no setting and no command that is not there", async () => {
    const environment = new Set(settings.map(({ env }) => env));
    const groups = new Set(commandsOf(program()).map(({ name }) => name.split(" ")[0]));
    const names = await readdir(join(root, "deploy"));
    const texts = await Promise.all(names.map((name) => read(`deploy/${name}`)));
    const all = texts.join("\n");
    const named = [...all.matchAll(/\b(SLUICE_[A-Z_0-9]+)\b/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !environment.has(name))).toEqual([]);
    const commands = [
      ...all.matchAll(/(?:bin\/sluice |CMD \["|command: \["|(?:server|worker) = ")(serve|work|[a-z]+)/g),
    ]
      .map(([, name]) => name)
      .filter((name) => name !== "node" && name !== "mkdir");
    expect(new Set(commands)).toEqual(new Set(["serve", "work"]));
    expect(commands.every((name) => groups.has(name))).toBe(true);
  });

  it("names every status somewhere in the lifecycle", async () => {
    const text = await read("docs/lifecycle.md");
    expect(statuses.filter((status) => !text.includes(`\`${status}\``))).toEqual([]);
  });

  it("has no link that leads nowhere", async () => {
    const broken: string[] = [];
    for (const { path, text } of await documents()) {
      for (const [, to] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const isThere = await access(join(root, dirname(path), to)).then(
          () => true,
          () => false,
        );
        if (!isThere) broken.push(`${path}: ${to}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("has no link to a heading that is not there", async () => {
    const texts = new Map((await documents()).map(({ path, text }) => [path, text]));
    const broken: string[] = [];
    for (const [path, text] of texts) {
      for (const [, to, anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
        const at = to === "" ? path : normalize(join(dirname(path), to));
        const there = texts.get(at);
        if (there !== undefined && !anchorsOf(there).includes(anchor)) broken.push(`${path}: ${to}#${anchor}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
