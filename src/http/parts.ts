/** What the routes are made of: the engine and the ports they call, and what every request carries. */
import type { Context } from "hono";
import type { ArchivedImport } from "../archive.ts";
import type { Downloads } from "../downloads.ts";
import type { Engine } from "../engine.ts";
import { SluiceError, type Telling, told } from "../errors.ts";
import { type Language, languages } from "../field.ts";
import type { ClaimedKey } from "../idempotency.ts";
import type { Importer } from "../importer.ts";
import type { Files, Format, Queue } from "../ports.ts";
import type { Preparation } from "../preparation.ts";
import { mayDo, type User, type UserAction } from "../users.ts";
import type { Access } from "./auth.ts";
import type { Authenticate } from "./authenticate.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Metrics } from "./metrics.ts";
import type { Intake } from "./upload-intake.ts";

/** What happened in the server beside the imports, told to whoever logs. Never a body, a query or a token. */
export type HttpEvent = {
  name: "http.failed";
  requestId: string;
  method: string;
  path: string;
  status: number;
  reason: string;
  /** The calls that led there, innermost first. */
  at: string[];
};

export interface HttpParts {
  engine: Engine;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  preparation: Preparation;
  downloads: Downloads;
  feed: EventFeed;
  /** Takes files in; `use` makes an import of one. */
  intake: Intake;
  /** Tells whose request it is. */
  authenticate: Authenticate;
  access: Access;
  metrics: Metrics;
  /** Null: there is none, or it does not tell. */
  queue: Pick<Queue, "depth" | "redrive"> | null;
  /** Aborts when the server is to stop. */
  stopping?: AbortSignal;
  /** Of readers who ask for none. */
  language: Language;
  onEvent: (event: HttpEvent) => void;
  /** What stands before `/api/v1`: empty, or the path that the app is mounted below. */
  basePath: string;
  /** What every path of the API begins with. */
  root: string;
}

/** What Hono carries with each request. */
export interface HttpEnv {
  Variables: {
    user: User;
    requestId: string;
    /** Of a request with an Idempotency-Key: its claim, and the import that it had made when its process died before the answer. */
    keyed?: { claim: ClaimedKey; importId: number | null };
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

/** The importer, where the user may do this with it. What they may not even see is not there for them. */
export function importerFor(parts: HttpParts, user: User, name: string, action: UserAction): Importer {
  const importer = parts.importers.get(name);
  if (importer === undefined || !mayDo(user, "view", importer)) {
    throw new SluiceError("not_found", told`There is no importer "${name}". List them with GET /importers.`);
  }
  if (!mayDo(user, action, importer)) {
    throw new SluiceError(
      "forbidden",
      told`You may not ${actionWords[action]} with the importer "${name}". Ask an administrator.`,
    );
  }
  return importer;
}

/** The import, where the user may do this with it. Other people's imports are not there for them. */
export async function importFor(parts: HttpParts, user: User, id: number, action: UserAction): Promise<ArchivedImport> {
  const gone = new SluiceError("not_found", told`There is no import ${id}. List yours with GET /imports.`);
  const job = await parts.engine.store.archive.get(id).catch((error: unknown) => {
    throw error instanceof SluiceError && error.code === "not_found" ? gone : error;
  });
  if (user.role !== "admin" && job.createdBy !== user.id) throw gone;
  const importer = parts.importers.get(job.importer);
  // An importer that was taken out of the config leaves its imports to the administrators.
  if (importer === undefined) {
    if (user.role === "admin") return job;
    throw gone;
  }
  if (!mayDo(user, "view", importer)) throw gone;
  if (!mayDo(user, action, importer)) {
    throw new SluiceError("forbidden", told`You may not ${actionWords[action]} import ${id}. Ask an administrator.`);
  }
  return job;
}
