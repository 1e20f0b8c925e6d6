/** The command line: the only file that touches the process. Every command is a function in cli/. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError, Option } from "commander";
import { NeedsDecision } from "./cli/decision.ts";
import { importCommand, resumeCommand } from "./cli/import.ts";
import { initCommand } from "./cli/init.ts";
import { inspectCommand } from "./cli/inspect.ts";
import { jobsActCommand, jobsListCommand, jobsReportCommand, jobsShowCommand } from "./cli/jobs.ts";
import { explain } from "./cli/next-step.ts";
import { AlreadyImported } from "./cli/open-import.ts";
import { withOptionFlags } from "./cli/option-flags.ts";
import { readCommand } from "./cli/read.ts";
import { serveCommand } from "./cli/serve.ts";
import { checkCommand, generateCommand, migrateCommand, templateCommand } from "./cli/setup.ts";
import { type ExitCode, exitCodes, type Terminal } from "./cli/terminal.ts";
import { tokensCreateCommand, tokensListCommand, tokensRevokeCommand } from "./cli/tokens.ts";
import { undoCommand } from "./cli/undo.ts";
import {
  usersAddCommand,
  usersChangeCommand,
  usersLinkCommand,
  usersListCommand,
  usersRoleCommand,
} from "./cli/users.ts";
import { workCommand } from "./cli/work.ts";
import { outageOf, SluiceError } from "./core/errors.ts";
import type { EventListener } from "./core/ports.ts";
import { roles } from "./core/users.ts";

/** The same Ctrl-C by another way arrives within this time; a person's second one comes later. */
const echoMs = 300;

/** Runs one command line; returns the exit code. `onEvent` listens to the engine. */
export async function main(argv: readonly string[], onEvent?: EventListener): Promise<ExitCode> {
  // Rows pass through and little stays. A young generation that does not grow and an old one that is swept early keep the
  // process small whatever the file's size, and cost no time that can be measured.
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
  const stopping = new AbortController();
  let stoppedAt = 0;
  let endWithinMs: number | null = null;
  const stop = (): void => {
    const again = stopping.signal.aborted;
    // npm and npx pass on a Ctrl-C that the terminal has sent to everyone already: the echo is no second one.
    if (again && performance.now() - stoppedAt < echoMs) return;
    if (again) process.exit(exitCodes.interrupted);
    stoppedAt = performance.now();
    stopping.abort(new Error("stopped by the user"));
    if (endWithinMs !== null) setTimeout(() => process.exit(exitCodes.done), endWithinMs).unref();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  // A reader that has seen enough (`| head`) closes the pipe: that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.done);
    throw error;
  });
  const terminal: Terminal = {
    async out(text) {
      if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
    },
    err: (text) => void process.stderr.write(text),
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    live: Boolean(process.stderr.isTTY),
    columns: () => process.stderr.columns || 80,
    stdin: process.stdin,
    cwd: process.cwd(),
    environment: process.env,
    user: userName(),
    peakRssBytes: () => process.resourceUsage().maxRSS * 1024,
    signal: stopping.signal,
    endWithin(ms) {
      endWithinMs = ms;
    },
  };
  try {
    return await run(argv, terminal, onEvent);
  } finally {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(name, stop);
  }
}

/** One command line on any terminal; returns the exit code. */
export async function run(argv: readonly string[], terminal: Terminal, onEvent?: EventListener): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  let written: Promise<void> = Promise.resolve();
  const program = commands(terminal, onEvent, (code) => {
    exitCode = code;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({
      writeOut(text) {
        written = written.then(() => terminal.out(text));
      },
      writeErr: (text) => terminal.err(text),
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    const error = outageOf(thrown) ?? thrown;
    if (error instanceof CommanderError) {
      await written;
      return error.exitCode === 0 ? exitCodes.done : exitCodes.decide;
    }
    if (terminal.signal.aborted) return exitCodes.interrupted;
    if (error instanceof SluiceError) {
      terminal.err(`${explain(error)}\n`);
      if (error instanceof NeedsDecision) return exitCodes.decide;
      return error instanceof AlreadyImported ? exitCodes.alreadyImported : exitCodes.error;
    }
    terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.error;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

/** Every command with its flags. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** Every command with its flags; nothing runs before it is parsed. */
export function commands(
  terminal: Terminal,
  onEvent: EventListener | undefined,
  ended: (code: ExitCode) => void,
): Command {
  const program = new Command("sluice")
    .description(
      "Puts spreadsheet files into Postgres tables: every row accounted for, at COPY speed, whatever crashes on the way.",
    )
    .version(version(), "-V, --version", "the version of Sluice")
    .showHelpAfterError("(see: sluice --help)");
  const common = (command: Command): Command =>
    command
      .option("--database-url <url>", "Postgres to use instead of DATABASE_URL or the embedded one")
      .option("--data-dir <folder>", "folder of the embedded Postgres, kept files and reports (default: .sluice)")
      .option("--lang <language>", "en, fr or sv");
  const dialect = (command: Command): Command =>
    command
      .option("--encoding <name>", "such as utf-8, windows-1252, macintosh or shift_jis (default: detected)")
      .option("--delimiter <character>", "default: detected")
      .option("--header-row <number>", "row of the header, 0 for none (default: detected)")
      .option(
        "--sheet <sheet>",
        "a workbook's sheet, by its name or its place from 1 (default: the first with a table)",
      );
  const list = (value: string, before: string[] = []): string[] => [...before, value];
  const run =
    <A extends unknown[]>(command: (...values: A) => Promise<ExitCode>) =>
    async (...values: A): Promise<void> =>
      ended(await command(...values));

  withOptionFlags(dialect(common(program.command("import <importer> <file>"))))
    .description("import a file; `-` is standard input. The same command again goes on where it stopped")
    .option("--dry-run", "count exactly what would happen, write nothing")
    .option("-y, --yes", "take a doubtful mapping as it is suggested")
    .option("--json", "print one JSON object at the end")
    .addOption(
      new Option("--on-duplicate <strategy>", "what becomes of duplicates (default: the importer's)").choices([
        "skip",
        "update",
        "create",
      ]),
    )
    .option("--match <fields>", "fields that recognise a duplicate, as in email,phone")
    .option("--assign <how>", "none, single:WHO, round-robin:A,B:2 or column:NAME (default: none)")
    .option(
      "--map <column=field>",
      "feed a field from a column; `Column=` leaves it out; `Column=field:dmy` reads dates day first (repeatable)",
      list,
    )
    .option("--context <name=value>", "a value that is not in the file (repeatable)", list)
    .option("--reject-failures", "reject the rows that the database refuses, however many they are")
    .option("--again", "import the file although it has been imported, or begun, before")
    .action(run((importer, file, flags) => importCommand(terminal, importer, file, flags, { onEvent })));

  common(program.command("resume [job]"))
    .description("go on with an import that was stopped; without a number, the newest unfinished one")
    .option("--reject-failures", "reject the rows that the database refuses, however many they are")
    .option("--json", "print one JSON object at the end")
    .action(
      run((job, flags) => resumeCommand(terminal, job === undefined ? undefined : jobNumber(job), flags, { onEvent })),
    );

  common(program.command("undo <job>"))
    .description("take an import back: delete what it created, restore what it updated, keep what was touched since")
    .option("--dry-run", "count what would happen, write nothing")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON object at the end")
    .action(run((job, flags) => undoCommand(terminal, jobNumber(job), flags, { onEvent })));

  common(program.command("serve"))
    .description("the HTTP API and a worker, until Ctrl-C")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--port <number>", "port to listen on, 0 for any that is free (default: 3000)")
    .action(run((flags) => serveCommand(terminal, flags, { onEvent })));
  common(program.command("work"))
    .description("a worker alone, until Ctrl-C; any number of them share the imports of one database")
    .option("--slice <seconds>", "how long it works on one import before it hands it on (default: 60)")
    .option("--for <seconds>", "end after this long, with all work handed on (default: work until stopped)")
    .action(run((flags) => workCommand(terminal, flags, { onEvent })));

  const jobs = program.command("jobs").description("the imports there were");
  const asked = (command: Command): Command =>
    common(command)
      .option("--server <url>", "a running server to ask instead of the database, as http://localhost:3000")
      .option("--token <token>", "API token for --server (better: SLUICE_TOKEN, which no list of processes shows)");
  asked(jobs.command("list", { isDefault: true }))
    .description("list them, the newest first")
    .option("--json")
    .option("--limit <n>", "how many", "20")
    .action(run((flags) => jobsListCommand(terminal, flags)));
  asked(jobs.command("show <job>"))
    .description("one of them, with its counts and issues")
    .option("--json")
    .action(run((job, flags) => jobsShowCommand(terminal, jobNumber(job), flags)));
  asked(jobs.command("report <job>"))
    .description("its rejected rows as CSV on standard output")
    .option("--outcome <outcomes>", "some of invalid,failed,skipped,updated; or warning", "invalid,failed")
    .action(run((job, flags) => jobsReportCommand(terminal, jobNumber(job), flags)));
  for (const [action, description] of [
    ["pause", "hold one that workers are at; it goes on from there"],
    ["resume", "let workers go on with one that is paused or failed"],
    ["reject", "let workers go on with one, and reject the rows that the database refuses"],
    ["retry", "let workers try one again that failed, from its checkpoint"],
    ["cancel", "end one; what is written stays and can be undone"],
  ] as const) {
    asked(jobs.command(`${action} <job>`))
      .description(description)
      .option("--json")
      .action(run((job, flags) => jobsActCommand(terminal, action, jobNumber(job), flags)));
  }

  const users = program.command("users").description("who may come in by HTTP");
  common(users.command("list", { isDefault: true }))
    .description("list them")
    .option("--json")
    .action(run((flags) => usersListCommand(terminal, flags)));
  const linkUrl = [
    "--url <url>",
    "address of the server (default: http://localhost with the port of the settings)",
  ] as const;
  common(users.command("add <name>"))
    .description("add a user, and print a link that signs them in")
    .option("--admin", "an admin, who sees other people's imports, within the contexts that are theirs")
    .option("--operator", "an operator, who sees and imports everything, of every tenant")
    .option(...linkUrl)
    .action(run((name, flags) => usersAddCommand(terminal, name, flags)));
  common(users.command("link [name]"))
    .description("print a link that signs a user in; without a name, the first admin or operator")
    .option(...linkUrl)
    .action(run((name, flags) => usersLinkCommand(terminal, name, flags)));
  common(users.command("role <name> <role>"))
    .description("make a user an operator, an admin or a user")
    .action(run((name, role, flags) => usersRoleCommand(terminal, name, role, flags)));
  common(users.command("disable <name>"))
    .description("sign a user out and let nobody in as them; tokens serve no more")
    .action(run((name, flags) => usersChangeCommand(terminal, name, true, flags)));
  common(users.command("enable <name>"))
    .description("let a disabled user in again")
    .action(run((name, flags) => usersChangeCommand(terminal, name, false, flags)));

  const tokens = program.command("tokens").description("programs' ways in by HTTP");
  common(tokens.command("list", { isDefault: true }))
    .description("list them, the newest first")
    .option("--json")
    .action(run((flags) => tokensListCommand(terminal, flags)));
  common(tokens.command("create <name>"))
    .description("make one, and print it this once")
    .requiredOption("--user <name>", "in whose name the program acts")
    .addOption(new Option("--role <role>", "what it may").choices([...roles]).default("user"))
    .option("--days <n>", "how long it serves (default: for good)")
    .action(run((name, flags) => tokensCreateCommand(terminal, name, flags)));
  common(tokens.command("revoke <id>"))
    .description("revoke one, for good")
    .action(run((id, flags) => tokensRevokeCommand(terminal, id, flags)));

  dialect(common(program.command("inspect <file>")))
    .description("how a file is understood: dialect, columns, suggested mapping")
    .option("--importer <name>", "whose fields to map to (default: the first of the config)")
    .option("--whole", "look at every row, not at the first thousand")
    .option("--json")
    .action(run((file, flags) => inspectCommand(terminal, file, flags)));
  dialect(common(program.command("read <file>")))
    .description("all rows as plain UTF-8 on standard output")
    .option("--format <format>", "csv (RFC 4180) or jsonl", "csv")
    .option("--limit <n>", "only the first n rows")
    .action(run((file, flags) => readCommand(terminal, file, flags)));

  common(program.command("init"))
    .description("write an importer from an existing table")
    .requiredOption("--table <name>", "the table, as it is called in the database")
    .option("--schema <name>", "its schema", "public")
    .option("--out <file>", "default: src/importers/NAME.ts")
    .option("--force", "write over a file that is there")
    .action(run((flags) => initCommand(terminal, flags)));
  common(program.command("migrate"))
    .description("create or update Sluice's tables and the importers' own")
    .option("--grant <role>", "let a role that owns none of them do everything but this")
    .action(run((flags) => migrateCommand(terminal, flags)));
  common(program.command("check"))
    .description("whether the importers fit their tables")
    .option("--json")
    .action(run((flags) => checkCommand(terminal, flags)));
  program
    .command("generate <what>")
    .description("realistic data to try with: generate leads --rows 1000")
    .requiredOption("--rows <n>", "how many")
    .option("--seed <n>", "the same seed gives the same file", "1")
    .option("--out <file>", "default: standard output")
    .option("--no-ragged", "no rows with a cell too many or too few")
    .action(run((what, flags) => generateCommand(terminal, what, flags)));
  common(program.command("template <importer>"))
    .description("an empty file with the importer's headers, to fill in")
    .action(run((name, flags) => templateCommand(terminal, name, flags)));
  return program;
}

function jobNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new NeedsDecision(`"${text}" is not the number of an import. List them with: sluice jobs`);
  return Number(text);
}
