/** `sluice migrate`, `check`, `generate` and `template`: what is needed around an import. */

import { createWriteStream } from "node:fs";
import { type CheckFinding, importersOf, migrateDatabase, openApp } from "../app.ts";
import type { Config } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import { publicAddress, queueOf, requestLimitSeconds, tasksAddress } from "../core/hosting.ts";
import { unknownImporter } from "../core/importer.ts";
import type { DirectUploads } from "../core/ports.ts";
import { generateLeads } from "../importers/leads/generate.ts";
import { type CommonFlags, findConfigFile, loadConfig, loadConfigToOpen } from "../server/config-file.ts";
import { mountFindings } from "../server/mount-queue.ts";
import { NeedsDecision } from "./decision.ts";
import { csvLine } from "./read.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export async function migrateCommand(terminal: Terminal, flags: CommonFlags & { grant?: string }): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const passesOverTaken = (await findConfigFile(terminal.cwd)) === null;
  const { applied, granted } = await migrateDatabase(config, {
    grant: flags.grant,
    signal: terminal.signal,
    passesOverTaken,
  });
  await terminal.out(
    applied.length === 0 ? "The database is up to date.\n" : `Migrations applied: ${applied.join(", ")}.\n`,
  );
  if (granted !== null) {
    const tables = granted.length === 0 ? "" : `, and ${granted.join(", ")}`;
    await terminal.out(`${flags.grant} may use Sluice's own tables${tables}.\n`);
  }
  return exitCodes.done;
}

/** A storage that takes longer to answer is as good as none to a page. */
const preflightMs = 10_000;

/** `importer` null: of where Sluice runs. */
type Finding = Omit<CheckFinding, "importer"> & { importer: string | null; about?: "uploads" };

const marks = { error: "✗", warning: "!", ok: "✓" } as const;

/**
 * What wakes the imports of a mount in this environment, and what is missing for that; whether each importer's target fits it, and what
 * only a unique index could promise.
 */
export async function checkCommand(terminal: Terminal, flags: CommonFlags & { json?: boolean }): Promise<ExitCode> {
  const config = await loadConfigToOpen(terminal, flags);
  const findings: Finding[] = [];
  const tell = async (more: readonly Finding[]): Promise<void> => {
    findings.push(...more);
    if (flags.json) return;
    for (const { importer, about = "queue", level, message } of more)
      await terminal.out(`${marks[level]} ${importer ?? about}: ${message}\n`);
  };
  // A database that cannot be reached hides nothing of it.
  await tell(checkHosting(config));
  const app = await openApp(config, () => {}, terminal.signal);
  try {
    if (config.s3Uploads === true || app.files.direct !== null)
      await tell(await checkUploads(config, app.files.direct, terminal.signal));
    await tell(await app.check());
    if (flags.json) await terminal.out(`${JSON.stringify(findings)}\n`);
    return findings.some(({ level }) => level === "error") ? exitCodes.error : exitCodes.done;
  } finally {
    await app.close();
  }
}

/** Whether browsers may send uploads to the object storage, which is asked as they ask it. */
async function checkUploads(config: Config, direct: DirectUploads | null, signal: AbortSignal): Promise<Finding[]> {
  const own = (level: Finding["level"], message: string): Finding => ({
    ...{ importer: null, about: "uploads", level, message },
  });
  if (direct === null)
    return [own("warning", "SLUICE_S3_UPLOADS has no effect: SLUICE_FILES names no object storage.")];
  const address = await direct.address();
  if (address === null)
    return [
      own(
        "error",
        "no address of the object storage can be signed: npm install @aws-sdk/s3-request-presigner, and set its keys.",
      ),
    ];
  const pages = [publicAddress(config)?.url, ...config.origins].flatMap((page) => URL.parse(page ?? "")?.origin ?? []);
  if (pages.length === 0)
    return [
      own(
        "warning",
        "set APP_URL or SLUICE_PUBLIC_URL, to see whether the storage's CORS lets your pages send it files.",
      ),
    ];
  const findings: Finding[] = [];
  for (const page of new Set(pages)) {
    const isLet = await lets(direct.sends, address, page, signal);
    findings.push(
      isLet
        ? own("ok", `pages of ${page} send large files to ${new URL(address).origin} themselves.`)
        : own(
            "warning",
            `the bucket does not let pages of ${page} send it files, which go through the server instead: allow ${direct.sends.method} from ${page} in the bucket's CORS.`,
          ),
    );
  }
  return findings;
}

/** What a browser asks before it sends something (Fetch standard, "CORS-preflight fetch"). */
async function lets(
  { method, headers: wanted }: DirectUploads["sends"],
  address: string,
  origin: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const asked = wanted.length === 0 ? {} : { "access-control-request-headers": wanted.join(",") };
    const headers = { origin, "access-control-request-method": method, ...asked };
    const limited = AbortSignal.any([signal, AbortSignal.timeout(preflightMs)]);
    const answer = await fetch(address, { method: "OPTIONS", headers, signal: limited });
    const allowed = (name: string): string[] =>
      (answer.headers.get(`access-control-allow-${name}`) ?? "").split(",").map((each) => each.trim().toLowerCase());
    const allows = (name: string, value: string): boolean =>
      ["*", value.toLowerCase()].some((each) => allowed(name).includes(each));
    return (
      answer.ok &&
      allows("origin", origin) &&
      allows("methods", method) &&
      wanted.every((each) => allows("headers", each))
    );
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function checkHosting(config: Config): Finding[] {
  const own = (level: Finding["level"], message: string): Finding => ({ importer: null, level, message });
  const findings = mountFindings(config).map(({ level, message }) => own(level, message));
  if (config.queue !== null) return [own("ok", "imports are woken by the `queue` of the config."), ...findings];
  const { kind, why } = queueOf(config);
  const limit = requestLimitSeconds(config);
  const how = {
    qstash: `QStash posts to ${tasksAddress(config, "")}/parse, /commit and /error-report${limit === null ? "" : `, which may take ${limit} s`}.`,
    direct: "the process that Sluice is mounted in works on imports itself.",
    "pg-boss": "workers ask the database: `sluice work`, createWorker() or `sluice serve`.",
  };
  return [own("ok", `a mount takes ${kind}, since ${why}: ${how[kind]}`), ...findings];
}

export async function generateCommand(
  terminal: Terminal,
  what: string,
  flags: { rows: string; seed?: string; out?: string; ragged?: boolean },
): Promise<ExitCode> {
  if (what !== "leads") throw new NeedsDecision(`There is nothing called "${what}" to generate. Available: leads.`);
  const rows = Number(flags.rows);
  const seed = Number(flags.seed ?? 1);
  if (!Number.isInteger(rows) || rows < 0) throw new NeedsDecision(`--rows "${flags.rows}" is not a whole number.`);
  if (!Number.isInteger(seed)) throw new NeedsDecision(`--seed "${flags.seed}" is not a whole number.`);
  const text = generateLeads({ rows, seed, ragged: flags.ragged ?? true });
  if (flags.out === undefined) {
    for (const piece of text) {
      terminal.signal.throwIfAborted();
      await terminal.out(piece);
    }
    return exitCodes.done;
  }
  const file = createWriteStream(flags.out);
  await new Promise<void>((resolve, reject) => {
    file.on("error", (cause) =>
      reject(new SluiceError("invalid", `${flags.out} cannot be written: ${cause.message}`, { cause })),
    );
    file.on("finish", resolve);
    const write = (): void => {
      for (;;) {
        const { value, done } = text.next();
        if (done || terminal.signal.aborted) {
          file.end();
          return;
        }
        if (!file.write(value)) {
          file.once("drain", write);
          return;
        }
      }
    };
    write();
  });
  return exitCodes.done;
}

/** A file to fill in: the headers in the person's language, ready for their spreadsheet. */
export async function templateCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags & { delimiter?: string },
): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const importers = importersOf(config);
  const importer = importers.get(name);
  if (importer === undefined) throw unknownImporter(name, importers);
  const headers = Object.entries(importer.fields).map(
    ([field, { label }]) => label[config.language as Language] ?? label.en ?? field,
  );
  // Spreadsheets of countries with a decimal comma part cells by semicolons.
  const semicolons = config.language !== "en";
  await terminal.out(`\ufeff${semicolons ? `${headers.join(";")}\r\n` : csvLine(headers)}`);
  return exitCodes.done;
}
