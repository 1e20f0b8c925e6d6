/** The imports of a running server, by its HTTP API, as `sluice jobs` sees them. */
import { type ApiLanguage, type Client, ClientError, createClient, type Import } from "../client/index.ts";
import { SluiceError } from "../core/errors.ts";
import { keptReasons } from "../core/store/undo.ts";
import { NeedsDecision } from "./decision.ts";
import type { JobsBackend } from "./jobs-backend.ts";
import type { Summary } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { jsonRows, type UndoOutcome } from "./undo.ts";

export interface ServerAddress {
  /** Without a slash at its end. */
  url: string;
  /** Empty: none is sent. */
  token: string;
  language: string;
}

export function serverJobs({ signal }: Terminal, address: ServerAddress): JobsBackend {
  const { url, token, language } = address;
  // What it says goes into sentences of the command line, which are English.
  const client = createClient({ baseUrl: url, language: "en", ...(token !== "" && { token }) });
  const lang = language as ApiLanguage;
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explained(error, address);
    }
  };
  const bodyOf = async function* (response: Response): AsyncGenerator<Uint8Array> {
    try {
      yield* response.body ?? [];
    } catch (cause) {
      signal.throwIfAborted();
      throw new SluiceError("unavailable", `The server at ${url} broke off in the middle of the file. Ask again.`, {
        cause,
      });
    }
  };
  return {
    language,
    list: (limit) =>
      asked(async () => {
        const jobs: Import[] = [];
        for await (const job of client.imports.each({ limit: Math.min(limit, mostOfPage) }, { signal })) {
          jobs.push(job);
          if (jobs.length === limit) break;
        }
        return jobs;
      }),
    show: (id) =>
      asked(async () => {
        const [job, report, undo, importers] = await Promise.all([
          client.imports.get(id, { signal }),
          client.imports.report(id, { lang, signal }),
          undoOf(client, id, signal),
          client.importers.list({ lang, signal }),
        ]);
        const rejected = report.counts.invalid + report.counts.failed > 0;
        const summary: Summary = {
          id,
          importer: job.importer,
          status: job.status,
          rows: job.totalRows,
          ...report.counts,
          phases: {},
          seconds: secondsOf(job),
          peakRssBytes: 0,
          rejectedRowsFile: rejected && job.completedAt !== null ? `${url}/api/v1/imports/${id}/rejected.csv` : null,
          issues: report.issues.map(({ field, code, count }) => ({ field, code, count })),
        };
        const labels = new Map(report.issues.map(({ field, label }) => [field, label]));
        return {
          summary,
          job,
          undo,
          label: (field) => labels.get(field) ?? field,
          // One that has been taken out of the config says nothing.
          records: importers.find(({ name }) => name === job.importer)?.records ?? [],
          step: job.next ?? undefined,
          next: nextOf(job, url),
        };
      }),
    async *report(id, outcomes) {
      if (outcomes.includes("warning"))
        throw new NeedsDecision("A server has no file of the rows with warnings: leave --server away, on its machine.");
      const response = await asked(() =>
        client.imports.download(id, "rejected.csv", {
          outcome: outcomes as Exclude<(typeof outcomes)[number], "warning">[],
          signal,
        }),
      );
      // The mark of the encoding is part of the file.
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      for await (const bytes of bodyOf(response)) yield decoder.decode(bytes, { stream: true });
    },
    async *corrected(id, format) {
      yield* bodyOf(await asked(() => client.imports.download(id, `corrected.${format}`, { signal })));
    },
    act: (id, action) => asked(() => client.imports[action](id, { signal })),
    editRows: (id, kind, { rows, from, to, within }) =>
      asked(() =>
        client.imports.edit(
          id,
          {
            kind,
            ...(rows !== undefined && { rows: [...rows] }),
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            ...(within !== undefined && { within: {} }),
          },
          { signal },
        ),
      ),
    afterwards: () => null,
    async close() {},
  };
}

/** The API's most for a page of imports. */
const mostOfPage = 200;

function secondsOf({ completedAt, parseStartedAt }: Import): number {
  return completedAt === null || parseStartedAt === null
    ? 0
    : (Date.parse(completedAt) - Date.parse(parseStartedAt)) / 1000;
}

async function undoOf(client: Client, id: number, signal: AbortSignal): Promise<UndoOutcome | null> {
  const report = await client.imports.undoReport(id, { signal });
  if (report.startedAt === null) return null;
  const kept = Object.fromEntries(keptReasons.map((reason) => [reason, report.kept[reason] ?? 0]));
  const keptRows: UndoOutcome["keptRows"] = [];
  for (let after: string | undefined; keptRows.length < jsonRows; ) {
    const { items, next } = await client.imports.kept(id, { after, limit: 500 }, { signal });
    keptRows.push(...items.map(({ id: _, ...row }) => row));
    if (next === null) break;
    after = next;
  }
  return { ...report, kept: kept as UndoOutcome["kept"], keptRows };
}

/** The server's workers take care of running imports; stopped ones wait for a person. */
function nextOf({ id, status, phase }: Import, url: string): string {
  if (status !== "paused" && status !== "failed") return "";
  return `${phase === "undo" ? `undo ${status}` : `phase ${phase}`}; goes on with: sluice jobs resume ${id} --server ${url}\n`;
}

/** The server's words, with what to do about it from here. */
function explained(error: unknown, { url, token }: ServerAddress): unknown {
  if (!(error instanceof ClientError)) return error;
  const { status, code, detail, next } = error;
  if (status === 0) {
    return new SluiceError(
      "unavailable",
      `No server answers at ${url}. Is it running (sluice serve), and is the address right?`,
      { cause: error },
    );
  }
  if (status === 401) {
    const what =
      token === ""
        ? `The server at ${url} asks for a token: pass it with --token, or in SLUICE_TOKEN.`
        : `The server at ${url} does not accept this token: it is wrong, revoked or expired.`;
    return new SluiceError(
      "unauthorized",
      `${what} Make one beside the server: sluice tokens create NAME --user USER`,
      {
        cause: error,
      },
    );
  }
  if (code === "network") {
    return new SluiceError(
      "unavailable",
      `${url} answered ${status}, and not as Sluice does. Is it the address of a server of Sluice?`,
      { cause: error },
    );
  }
  if (next?.code === "list_imports")
    return new SluiceError(code, `${detail} List them with: sluice jobs --server ${url}`, { cause: error });
  return new SluiceError(code, detail, { cause: error, ...(next !== null && { next }) });
}
