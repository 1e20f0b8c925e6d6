/** What the routes are made of: the engine and the ports they call, and what every request carries. */
import type { Context } from "hono";
import type { ContextDatabase, ContextValues } from "../../core/context.ts";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import { type Language, languages } from "../../core/fields/language.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import { addressOf, type Notified } from "../../core/mail.ts";
import type { Files, Format } from "../../core/ports.ts";
import type { Queue } from "../../core/queue.ts";
import type { SourceAdapters } from "../../core/source.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import type { ClaimedKey } from "../../core/store/idempotency.ts";
import type { Outbox } from "../../core/store/outbox.ts";
import type { Webhooks } from "../../core/store/webhooks.ts";
import type { SignedIn, UserAction } from "../../core/users.ts";
import type { WebhookSender } from "../../core/webhook.ts";
import type { Downloads } from "../../engine/downloads.ts";
import type { Engine } from "../../engine/engine.ts";
import type { FileAnalysis } from "../../engine/file-analysis.ts";
import type { Preparation } from "../../engine/preparation.ts";
import type { Access } from "../auth/auth.ts";
import type { Authenticate } from "../auth/authenticate.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Intake } from "../intake/intake.ts";
import type { Metrics } from "./metrics.ts";
import type { Reach } from "./reach.ts";

/** What happened in the server besides the imports, for the log. Never a body, a query or a token. */
export type HttpEvent =
  | {
      name: "http.failed";
      requestId: string;
      method: string;
      path: string;
      status: number;
      reason: string;
      /** The calls that led there, innermost first. */
      at: string[];
    }
  /** A language model was slow, or failed. */
  | { name: "analysis.failed"; jobId: number; reason: string }
  /** At the start: nothing says whose the importer's context is, so it is offered to nobody. `advice`: what to write. */
  | { name: "importer.unguarded"; importer: string; advice: string };

/** Webhooks as they are kept, and what judges their addresses. */
export interface WebhookService {
  store: Webhooks;
  sender: Pick<WebhookSender, "check" | "newSecret">;
}

export interface HttpParts {
  engine: Engine;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  /** What `from` of a context value may ask. */
  database: ContextDatabase;
  preparation: Preparation;
  analysis: FileAnalysis;
  downloads: Downloads;
  feed: EventFeed;
  /** Takes files in; `use` makes an import of one. */
  intake: Intake;
  /** Tells whose request it is. */
  authenticate: Authenticate;
  access: Access;
  metrics: Metrics;
  /** Null: there is none, or it does not tell. */
  queue: Pick<Queue, "depth" | "redrive" | "enqueue"> | null;
  outbox: Pick<Outbox, "standing" | "redrive" | "records"> | null;
  /** Null: there are none. */
  webhooks: WebhookService | null;
  /** Rows from which on mails are sent; null: none are. */
  mailRows: number | null;
  /** What sources are made of. Null: there are none. */
  sources: SourceAdapters | null;
  /** Aborts when the server is to stop. */
  stopping?: AbortSignal;
  /** Folders of the server, hidden from those who only use it. */
  places: readonly string[];
  /** Of readers who ask for none. */
  language: Language;
  onEvent: (event: HttpEvent) => void;
  /** The path before `/api/v1`: empty, or the one that the app is mounted below. */
  basePath: string;
  /** What every path of the API begins with. */
  root: string;
}

/** What the reader may see of an import. */
export function readerOf(c: HttpContext, parts: Pick<HttpParts, "language" | "places" | "importers">): Reader {
  const { places, importers } = parts;
  return { language: languageOf(c, parts), isUnbounded: c.get("reach").isUnbounded, places, importers };
}

/** What Hono carries with each request. */
export interface HttpEnv {
  Variables: {
    user: SignedIn;
    reach: Reach;
    requestId: string;
    /** Of a request with an Idempotency-Key: its claim, and the import that it had made when its process died before the answer. */
    keyed?: { claim: ClaimedKey; importId: number | null; since: Date | null };
  };
}
export type HttpContext = Context<HttpEnv>;

/** The language a reader asks for: `?lang=`, else the first known one of Accept-Language (RFC 9110, section 12.5.4). */
export function languageOf(context: Context, { language }: Pick<HttpParts, "language">): Language {
  return languageAsked(context.req.query("lang"), context.req.header("accept-language")) ?? language;
}

/** The same where there is no app yet. */
export function languageOfRequest(request: Request, language: Language): Language {
  const lang = new URL(request.url).searchParams.get("lang") ?? undefined;
  return languageAsked(lang, request.headers.get("accept-language") ?? undefined) ?? language;
}

function languageAsked(lang: string | undefined, acceptLanguage: string | undefined): Language | undefined {
  const known = (name: string | undefined): Language | undefined =>
    languages.find((each) => each === name?.slice(0, 2).toLowerCase());
  const asked = known(lang);
  if (asked !== undefined) return asked;
  const accepted = (acceptLanguage ?? "").slice(0, 200).split(",");
  const weighed = accepted.map((each) => {
    const [name, weight] = each.trim().split(";q=");
    return { name, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  for (const { name } of weighed.sort((a, b) => b.weight - a.weight)) {
    const found = known(name);
    if (found !== undefined) return found;
  }
}

const actionWords: Readonly<Record<UserAction, Telling>> = {
  import: told`import`,
  view: told`view`,
  edit: told`edit`,
  commit: told`commit`,
  undo: told`undo`,
  delete: told`delete`,
};

/** The importer, if the caller may see it and do this with it. */
export async function importerFor(
  parts: Pick<HttpParts, "importers">,
  c: HttpContext,
  name: string,
  action: UserAction,
): Promise<Importer> {
  const reach = c.get("reach");
  const importer = parts.importers.get(name);
  if (importer === undefined || !(await reach.offers(importer, "view"))) {
    throw new SluiceError("not_found", told`There is no importer "${name}", or you may not use it.`, {
      next: { code: "list_importers" },
    });
  }
  if (!(await reach.offers(importer, action))) {
    throw new SluiceError(
      "forbidden",
      told`You may not ${actionWords[action]} with the importer "${name}". Ask an administrator.`,
    );
  }
  return importer;
}

/** The import, where the user may do this with it. Other people's imports, and those of other contexts, are not there for them. */
export async function importFor(
  { engine }: Pick<HttpParts, "engine">,
  c: HttpContext,
  id: number,
  action: UserAction,
): Promise<ArchivedImport> {
  const reach = c.get("reach");
  const gone = new SluiceError("not_found", told`There is no import ${id}, or it is not yours.`, {
    next: { code: "list_imports" },
  });
  const job = await engine.archive.get(id).catch((error: unknown) => {
    throw error instanceof SluiceError && error.code === "not_found" ? gone : error;
  });
  if (!(await reach.mayWith("view", job))) throw gone;
  if (!(await reach.mayWith(action, job)))
    throw new SluiceError("forbidden", told`You may not ${actionWords[action]} import ${id}. Ask an administrator.`);
  return job;
}

/** The importer of an import with which the caller may do this. */
export async function importerOf(
  { importers }: Pick<HttpParts, "importers">,
  c: HttpContext,
  job: ImportJob,
  action: UserAction = "view",
): Promise<Importer> {
  const importer = importers.get(job.importer);
  if (importer === undefined)
    throw new SluiceError("not_found", told`There is no importer "${job.importer}", or you may not use it.`, {
      next: { code: "list_importers" },
    });
  await refuseUnless(c, action, importer, job.context);
  return importer;
}

/** @throws SluiceError `forbidden` when they may not do this with the importer's imports of a context. */
export async function refuseUnless(
  c: HttpContext,
  action: UserAction,
  importer: Importer,
  context: ContextValues,
): Promise<void> {
  if (await c.get("reach").may(action, importer, context)) return;
  throw new SluiceError(
    "forbidden",
    told`You may not ${actionWords[action]} with the importer "${importer.name}". Ask an administrator.`,
  );
}

/** Whose uploads and repeated requests a request may see: of this person in this tenant. */
export async function bringerOf(c: HttpContext): Promise<{ id: string }> {
  return { id: await c.get("reach").identity() };
}

/** Who hears by mail of an import that they make. */
export async function notifiedOf(c: HttpContext): Promise<Notified> {
  return { id: await c.get("reach").identity(), address: addressOf(c.get("user")) };
}

/** The imports of corrected rejects of one, as far as the caller may see them. */
export async function childrenOf(parts: Pick<HttpParts, "engine">, c: HttpContext, id: number): Promise<number[]> {
  const children = await parts.engine.archive.children(id);
  const visible = await visibleOf(parts, c, children);
  return children.filter((child) => visible.has(child));
}

/** Those of the imports that the caller may see. */
export async function visibleOf(
  { engine }: Pick<HttpParts, "engine">,
  c: HttpContext,
  ids: readonly number[],
): Promise<Set<number>> {
  const visible = new Set<number>();
  if (ids.length === 0) return visible;
  for (const job of await engine.archive.belonging([...new Set(ids)]))
    if (await c.get("reach").mayWith("view", job)) visible.add(job.id);
  return visible;
}

/** Who reads of an import: in what language, and whether they run the server, whose folders and faults are theirs to know. */
export interface Reader {
  language: Language;
  isUnbounded: boolean;
  /** Folders of the server, hidden from others. */
  places: readonly string[];
  /** They say what their records are called. */
  importers: ReadonlyMap<string, Importer>;
}
