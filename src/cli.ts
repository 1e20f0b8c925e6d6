/** The command line: the only file that touches the process. Every command is a function in cli/. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError, Option } from "commander";
import { NeedsDecision } from "./cli/decision.ts";
import { repeatable, withDialectFlags } from "./cli/dialect-flags.ts";
import { exitCodeOf, importCommand, resumeCommand } from "./cli/import.ts";
import { initCommand } from "./cli/init.ts";
import { inspectCommand } from "./cli/inspect.ts";
import {
  jobsActCommand,
  jobsCorrectedCommand,
  jobsListCommand,
  jobsReportCommand,
  jobsRowsCommand,
  jobsShowCommand,
} from "./cli/jobs.ts";
import { explain } from "./cli/next-step.ts";
import { wholeNumber, withOptionFlags } from "./cli/option-flags.ts";
import { peakRssBytes } from "./cli/peak-memory.ts";
import { readCommand } from "./cli/read.ts";
import { serveCommand } from "./cli/serve.ts";
import { checkCommand, generateCommand, migrateCommand, templateCommand } from "./cli/setup.ts";
import { sinksListCommand, sinksRebuildCommand, sinksRefusedCommand, sinksRetryCommand } from "./cli/sinks.ts";
import { supabaseMigrationCommand } from "./cli/supabase.ts";
import { type ExitCode, exitCodes, type Terminal } from "./cli/terminal.ts";
import { tokensCreateCommand, tokensListCommand, tokensRevokeCommand } from "./cli/tokens.ts";
import { undoCommand } from "./cli/undo.ts";
import {
  usersAddCommand,
  usersChangeCommand,
  usersEmailCommand,
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
    peakRssBytes: () => peakRssBytes(process),
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
      return exitCodeOf(error);
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
  const run =
    <A extends unknown[]>(command: (...values: A) => Promise<ExitCode>) =>
    async (...values: A): Promise<void> =>
      ended(await command(...values));

  withOptionFlags(withDialectFlags(common(program.command("import <importer> <files...>"))))
    .description("import files, one after the other; `-` is standard input. Run it again to continue where it stopped")
    .option("--all", "import every sheet of a workbook, and every file of a zip archive, each as an import of its own")
    .option("--dry-run", "count exactly what would happen; write nothing")
    .option("-y, --yes", "accept a doubtful mapping as suggested")
    .option("--json", "print one JSON object at the end, of several files one on a line each")
    .addOption(
      new Option("--on-duplicate <strategy>", "what becomes of duplicates (default: the importer's)").choices([
        "skip",
        "update",
        "create",
      ]),
    )
    .option(
      "--match <fields>",
      "what recognises a duplicate, the strongest first; several fields together with +, as in email,first_name+last_name",
    )
    .option("--assign <how>", "none, single:WHO, round-robin:A,B:2 or column:NAME (default: none)")
    .option(
      "--map <column=field>",
      "feed a field from a column; `Column=` leaves it out; `Column=field:dmy` reads dates day first (repeatable)",
      repeatable,
    )
    .option("--context <name=value>", "a value that is not in the file (repeatable)", repeatable)
    .option("--reject-failures", "reject the rows that the database refuses, however many there are")
    .option("--again", "import the file even if it was imported or started before")
    .action(run((importer, files, flags) => importCommand(terminal, importer, files, flags, { onEvent })));

  common(program.command("resume [job]"))
    .description("continue a stopped import; without a number, the newest unfinished one")
    .option("--reject-failures", "reject the rows that the database refuses, however many there are")
    .option("--confirm-removals <n>", "allow a replace or a mirror to remove this many records", wholeNumber)
    .option("--json", "print one JSON object at the end")
    .action(
      run((job, flags) => resumeCommand(terminal, job === undefined ? undefined : jobNumber(job), flags, { onEvent })),
    );

  common(program.command("undo <job>"))
    .description("undo an import: delete what it created, restore what it updated, keep what was edited since")
    .option("--dry-run", "count what would happen; write nothing")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON object at the end")
    .action(run((job, flags) => undoCommand(terminal, jobNumber(job), flags, { onEvent })));

  common(program.command("serve"))
    .description("run the wizard, the HTTP API and a worker until Ctrl-C")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--port <number>", "port to listen on, 0 for any that is free (default: 3000)")
    .action(run((flags) => serveCommand(terminal, flags, { onEvent })));
  common(program.command("work"))
    .description("run a worker without the HTTP API until Ctrl-C; any number can share one database")
    .option("--slice <seconds>", "seconds to work on one import before handing it on (default: 60)")
    .option("--for <seconds>", "stop after this many seconds and hand on unfinished work (default: run until stopped)")
    .action(run((flags) => workCommand(terminal, flags, { onEvent })));

  const jobs = program.command("jobs").description("list and manage imports");
  const asked = (command: Command): Command =>
    common(command)
      .option("--server <url>", "use a running server instead of the database, such as http://localhost:3000")
      .option("--token <token>", "API token for --server (SLUICE_TOKEN is safer: process lists do not show it)");
  asked(jobs.command("list", { isDefault: true }))
    .description("list imports, newest first")
    .option("--json")
    .option("--limit <n>", "how many to list", "20")
    .action(run((flags) => jobsListCommand(terminal, flags)));
  asked(jobs.command("show <job>"))
    .description("show an import with its counts and issues")
    .option("--json")
    .action(run((job, flags) => jobsShowCommand(terminal, jobNumber(job), flags)));
  asked(jobs.command("report <job>"))
    .description("print its rejected rows as CSV")
    .option("--outcome <outcomes>", "some of invalid,failed,skipped,updated; or warning", "invalid,failed")
    .action(run((job, flags) => jobsReportCommand(terminal, jobNumber(job), flags)));
  asked(jobs.command("corrected <job>"))
    .description("print its whole file as the review has corrected it, as CSV; rows that are left out are in it too")
    .option("-o, --output <file>", "write it there instead; a name that ends in .xlsx makes a workbook")
    .action(run((job, flags) => jobsCorrectedCommand(terminal, jobNumber(job), flags)));
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

  for (const [name, kind, description] of [
    ["leave-out", "leave_out", "leave rows out of one that is ready, valid or not; they are skipped"],
    ["put-back", "put_back", "put rows that were left out back in"],
  ] as const) {
    asked(jobs.command(`${name} <job>`))
      .description(description)
      .requiredOption("--rows <rows>", "their numbers in the file, such as 4,7-9; or all")
      .option("--json")
      .action(run((job, flags) => jobsRowsCommand(terminal, kind, jobNumber(job), flags)));
  }

  const sinks = program.command("sinks").description("manage sinks, which are kept up to date with imported records");
  common(sinks.command("list", { isDefault: true }))
    .description("list sinks, with what is waiting and what they refused")
    .option("--json")
    .action(run((flags) => sinksListCommand(terminal, flags, { onEvent })));
  common(sinks.command("refused <name>"))
    .description("list the records that a sink refused, each with the reason")
    .option("--json")
    .action(run((name, flags) => sinksRefusedCommand(terminal, name, flags, { onEvent })));
  common(sinks.command("retry <name>"))
    .description("retry what it refused, and restart it if it has stopped")
    .action(run((name, flags) => sinksRetryCommand(terminal, name, flags, { onEvent })));
  common(sinks.command("rebuild <name>"))
    .description("rebuild its index beside the one in use, then swap them; continues where it stopped")
    .option("--cancel", "abandon a rebuild and drop what it has built")
    .action(run((name, flags) => sinksRebuildCommand(terminal, name, flags, { onEvent })));

  const users = program.command("users").description("manage users of the HTTP API and the wizard");
  common(users.command("list", { isDefault: true }))
    .description("list users")
    .option("--json")
    .action(run((flags) => usersListCommand(terminal, flags)));
  const linkUrl = [
    "--url <url>",
    "address of the server (default: http://localhost with the port of the settings)",
  ] as const;
  common(users.command("add <name>"))
    .description("add a user, and print a link that signs them in")
    .option("--admin", "make them an admin, who also sees other people's imports in their own contexts")
    .option("--operator", "make them an operator, who sees and imports everything for every tenant")
    .option("--email <address>", "where mails about their imports go")
    .option(...linkUrl)
    .action(run((name, flags) => usersAddCommand(terminal, name, flags)));
  common(users.command("link [name]"))
    .description("print a link that signs a user in; without a name, the first admin or operator")
    .option(...linkUrl)
    .action(run((name, flags) => usersLinkCommand(terminal, name, flags)));
  common(users.command("role <name> <role>"))
    .description("make a user an operator, an admin or a user")
    .action(run((name, role, flags) => usersRoleCommand(terminal, name, role, flags)));
  common(users.command("email <name> <address>"))
    .description("set where mails about a user's imports go; none: nowhere")
    .action(run((name, address, flags) => usersEmailCommand(terminal, name, address, flags)));
  common(users.command("disable <name>"))
    .description("disable a user: signs them out everywhere and stops their tokens")
    .action(run((name, flags) => usersChangeCommand(terminal, name, true, flags)));
  common(users.command("enable <name>"))
    .description("re-enable a disabled user")
    .action(run((name, flags) => usersChangeCommand(terminal, name, false, flags)));

  const tokens = program.command("tokens").description("manage API tokens for programs");
  common(tokens.command("list", { isDefault: true }))
    .description("list tokens, newest first")
    .option("--json")
    .action(run((flags) => tokensListCommand(terminal, flags)));
  common(tokens.command("create <name>"))
    .description("create a token; it is printed only once")
    .requiredOption("--user <name>", "in whose name the program acts")
    .addOption(new Option("--role <role>", "role of the token").choices([...roles]).default("user"))
    .option("--days <n>", "days until it expires (default: never)")
    .action(run((name, flags) => tokensCreateCommand(terminal, name, flags)));
  common(tokens.command("revoke <id>"))
    .description("revoke a token for good")
    .action(run((id, flags) => tokensRevokeCommand(terminal, id, flags)));

  withDialectFlags(common(program.command("inspect <file>")))
    .description("show how a file is understood: dialect, columns, suggested mapping")
    .option("--importer <name>", "whose fields to map to (default: the first of the config)")
    .option("--whole", "read every row, not just the first thousand")
    .option("--choices", "also list what was decided, each with its runner-up")
    .option("--json")
    .action(run((file, flags) => inspectCommand(terminal, file, flags)));
  withDialectFlags(common(program.command("read <file>")))
    .description("print all rows as plain UTF-8")
    .option("--format <format>", "csv (RFC 4180) or jsonl", "csv")
    .option("--limit <n>", "only the first n rows")
    .action(run((file, flags) => readCommand(terminal, file, flags)));

  common(program.command("init"))
    .description("write an importer from an existing table")
    .requiredOption("--table <name>", "the table, as it is called in the database")
    .option("--schema <name>", "schema of the table", "public")
    .option("--out <file>", "default: src/importers/NAME.ts")
    .option("--force", "overwrite an existing file")
    .action(run((flags) => initCommand(terminal, flags)));
  common(program.command("migrate"))
    .description("create or update Sluice's tables and the importers' own")
    .option("--grant <role>", "grant a role that owns no tables everything except migrating")
    .action(run((flags) => migrateCommand(terminal, flags)));
  const supabase = program.command("supabase").description("what an app on Supabase needs");
  common(supabase.command("migration"))
    .description("write a migration for `supabase db push`: Sluice's tables, the importers' own, and who may see what")
    .option("--out <folder>", "folder of the migrations", "supabase/migrations")
    .action(run((flags) => supabaseMigrationCommand(terminal, flags)));
  common(program.command("check"))
    .description("check that the importers fit their tables, and what wakes imports where Sluice is mounted")
    .option("--json")
    .action(run((flags) => checkCommand(terminal, flags)));
  program
    .command("generate <what>")
    .description("generate realistic data to try with: generate leads --rows 1000")
    .requiredOption("--rows <n>", "how many rows")
    .option("--seed <n>", "the same seed gives the same file", "1")
    .option("--out <file>", "default: standard output")
    .option("--no-ragged", "generate no rows with too many or too few cells")
    .action(run((what, flags) => generateCommand(terminal, what, flags)));
  common(program.command("template <importer>"))
    .description("write an empty file with the importer's headers to fill in")
    .action(run((name, flags) => templateCommand(terminal, name, flags)));
  return program;
}

function jobNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new NeedsDecision(`"${text}" is not the number of an import. List them with: sluice jobs`);
  return Number(text);
}
