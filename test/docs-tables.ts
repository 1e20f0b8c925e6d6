/** The tables of docs/ that the code tells: written between their marks by `--write`, compared by docs.test.ts. */
import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { explain } from "../src/cli/next-step.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { commands } from "../src/cli.ts";
import { settings } from "../src/config.ts";
import { isFinished, statuses, transitions } from "../src/core/import.ts";
import { presentNext } from "../src/http/request/next-hint.ts";
import { accessOptions, jwtOptions, mountOptions } from "../src/server/mount-options.ts";
import { apiDocument } from "./api-document.ts";
import { type Operation, operationsOf } from "./http/document.ts";
import { steps } from "./next-steps.ts";

/** Document → the tables in it. */
export const tables: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "docs/config.md": { settings: settingsTable },
  "docs/errors.md": { "next steps": nextStepTable },
  "docs/lifecycle.md": { transitions: transitionsTable },
  "docs/cli.md": { commands: commandTables },
  "docs/http-api.md": { operations: operationTables },
  "docs/mounting.md": {
    "mount options": () => optionsTable(mountOptions),
    "access options": () => optionsTable(accessOptions),
    "jwt options": () => optionsTable(jwtOptions),
  },
};

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function settingsTable(): string {
  return table(
    ["In `sluice.config.ts`", "In the environment", "Default", "What it is"],
    settings.map(({ name, env, default: value, doc }) => [
      `\`${name}\``,
      `\`${env}\``,
      value === "" ? "(empty)" : `\`${value}\``,
      doc,
    ]),
  );
}

function optionsTable(options: Readonly<Record<string, string>>): string {
  return table(
    ["Option", "What it is"],
    Object.entries(options).map(([name, doc]) => [`\`${name}\``, doc]),
  );
}

function nextStepTable(): string {
  return table(
    ["`next.code`", "Beside it", "On the command line", "By the API (`next.hint`)"],
    Object.values(steps).map((step) => {
      const { code, ...about } = step;
      const spoken = explain({ message: "", next: step }).trim();
      const names = Object.keys(about).map((name) => `\`${name}\``);
      return [`\`${code}\``, names.join(", "), spoken, presentNext(step)?.hint ?? ""];
    }),
  );
}

function transitionsTable(): string {
  const rows = statuses.flatMap((from) => {
    const arrows = Object.entries(transitions[from]);
    const name = `\`${from}\`${isFinished(from) ? " (finished)" : ""}`;
    return arrows.length === 0
      ? [[name, "", ""]]
      : arrows.map(([to, reason], k) => [k === 0 ? name : "", `\`${to}\``, reason]);
  });
  return table(["From", "To", "When"], rows);
}

/** The program as `sluice --help` knows it; nothing is run. */
export function program(): Command {
  return commands({ signal: new AbortController().signal } as Terminal, undefined, () => {});
}

/** The commands that can be run, with their full names: `jobs list`. */
export function commandsOf(parent: Command, prefix = ""): { name: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`;
    return command.commands.length > 0 ? commandsOf(command, `${name} `) : [{ name, command }];
  });
}

function commandTables(): string {
  const everywhere = new Set(["--database-url", "--data-dir", "--lang"]);
  const parts = commandsOf(program()).map(({ name, command }) => {
    const args = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
    const options = command.options.filter(({ long }) => !everywhere.has(long ?? ""));
    const common = command.options.length > options.length ? "\n\nTakes the common flags too." : "";
    const rows = options.map(({ flags, description, defaultValue, argChoices, mandatory }) => [
      `\`${flags}\``,
      [
        description || "print JSON",
        ...(argChoices === undefined ? [] : [`one of ${argChoices.join(", ")}`]),
        ...(mandatory ? ["needed"] : []),
        ...(typeof defaultValue === "string" ? [`default: \`${defaultValue}\``] : []),
      ].join("; "),
    ]);
    const flags = rows.length === 0 ? "" : `\n\n${table(["Flag", "What it does"], rows)}`;
    return `### \`sluice ${[name, ...args].join(" ")}\`\n\n${sentence(command.description())}${common}${flags}`;
  });
  return parts.join("\n\n");
}

const described = await apiDocument();

function operationTables(): string {
  const operations = operationsOf(described) as (Operation & { tags: string[]; summary: string })[];
  const tags = [...new Set(operations.flatMap(({ tags: [tag] }) => tag))].sort();
  const rowsOf = (tag: string): string[][] =>
    operations
      .filter(({ tags: [first] }) => first === tag)
      .map(({ method, path, summary, responses }) => [
        `\`${method} ${path.replace("/api/v1", "")}\``,
        summary,
        Object.keys(responses)
          .filter((status) => status !== "default")
          .join(" "),
      ]);
  return tags.map((tag) => `### ${tag}\n\n${table(["Request", "What it does", "Answers"], rowsOf(tag))}`).join("\n\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A document with its tables as the code tells them now. */
export function withTables(text: string, parts: Readonly<Record<string, () => string>>): string {
  let written = text;
  for (const [name, render] of Object.entries(parts)) {
    const [open, close] = [`<!-- table: ${name} -->`, `<!-- /table: ${name} -->`];
    const [from, to] = [written.indexOf(open), written.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`The marks ${open} and ${close} are missing.`);
    written = `${written.slice(0, from)}${open}\n\n${render()}\n\n${written.slice(to)}`;
  }
  return written;
}

if (import.meta.main && process.argv.includes("--write")) {
  for (const [path, parts] of Object.entries(tables)) {
    const url = new URL(`../${path}`, import.meta.url);
    await writeFile(url, withTables(await readFile(url, "utf8"), parts));
  }
}
