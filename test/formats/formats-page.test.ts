/**
 * The examples of docs/formats.md, run as somebody would who typed them. A block of a language with `file=NAME` is a file in the folder
 * where the commands of the `console` blocks after it run:
 *
 * - `file=NAME escapes`: `\uXXXX`, `\t` and `\xXX` in it are those characters;
 * - `file=NAME encoding=windows-1252`: written in that encoding, else in UTF-8.
 *
 * Below `$ sluice …` stands what it prints, standard output before standard error; a line `…` is any number of lines.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import iconv from "iconv-lite";
import { expect, it } from "vitest";
import { freshFolder } from "../run-cli.ts";
import { runInProcess } from "../run-in-process.ts";

const page = await readFile(new URL("../../docs/formats.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```(\w+)(?: ([^\n]*))?\n(.*?)^```$/gms)].map(([, language, words = "", text]) => ({
  language,
  words: words.split(" "),
  text,
}));

function valueOf(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|t)/gi, (_, four?: string, two?: string) =>
    four === undefined && two === undefined ? "\t" : String.fromCharCode(Number.parseInt(four ?? two ?? "", 16)),
  );
}

/** Commands with what is written below each. */
function commandsIn(text: string): { command: string; shown: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return { command: part.slice(0, end), shown: part.slice(end + 1) };
    });
}

/** Words as a shell parts them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare,
  );
}

/** What was printed, with the lines that the page leaves out left out. */
function elided(printed: string, shown: string): string {
  const lines = printed.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const wanted = shown.trimEnd().split("\n");
  const kept: string[] = [];
  let at = 0;
  for (const [k, line] of wanted.entries()) {
    if (line !== "…") {
      kept.push(lines[at++]);
      continue;
    }
    const next = wanted[k + 1];
    const found = next === undefined ? lines.length : lines.indexOf(next, at);
    if (found < 0) return printed;
    kept.push("…");
    at = found;
  }
  return [...kept, ...lines.slice(at)].join("\n");
}

it("docs/formats.md shows what the commands print", async () => {
  const cwd = await freshFolder();
  const files = new Set<string>();
  let count = 0;
  for (const { language, words, text } of blocks) {
    const file = valueOf(words, "file");
    if (file !== undefined) {
      const content = words.includes("escapes") ? unescaped(text) : text;
      files.add(file);
      await writeFile(join(cwd, file), iconv.encode(content, valueOf(words, "encoding") ?? "utf-8"));
    }
    if (language !== "console") continue;
    for (const { command, shown } of commandsIn(text)) {
      const [program, ...args] = wordsOf(command);
      expect(program).toBe("sluice");
      const placed = args.map((word) => (files.has(word) ? join(cwd, word) : word));
      const { stdout, stderr } = await runInProcess(placed, { cwd });
      expect(`$ ${command}\n${elided(`${stdout}${stderr}`, shown)}`).toBe(`$ ${command}\n${shown.trimEnd()}`);
      count++;
    }
  }
  expect(count).toBeGreaterThan(0);
});
