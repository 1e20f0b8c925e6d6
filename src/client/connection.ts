/** The way to the server: one call with its address, token and errors; calls that may be repeated are, when the network fails. */
import type { ApiLanguage } from "./api.ts";
import { ClientError, errorOf } from "./error.ts";
import type { RealtimeSource } from "./realtime-source.ts";

export interface ClientOptions {
  /** Where Sluice is: `https://import.example.com`, or a path such as `/sluice` in a browser. Default: where the page is. */
  baseUrl?: string | undefined;
  /** Sent as a bearer token; a function is asked before each call. Default: none, the browser's session counts. */
  token?: (string | (() => string | null | Promise<string | null>)) | undefined;
  /** Default: the global one. */
  fetch?: typeof fetch | undefined;
  /** Sent with each call. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Language of the server's texts: labels, issues, refusals, why an import has stopped. Default: the server's own. */
  language?: ApiLanguage | undefined;
  /** For pages on another origin that are signed in by a cookie: `include`. */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  /** A client of `@supabase/supabase-js`, signed in as the same person: one import is followed by its Realtime instead of the server's events. */
  realtime?: RealtimeSource | undefined;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface Call extends CallOptions {
  query?: object;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

interface Once {
  bytes?: Blob | Uint8Array | FormData;
  /** Beside the API, not below it. */
  outside?: boolean;
}

/** How often a call that may be repeated is, and how long is waited before the first time. */
const repeats = 3;
const firstPauseMs = 300;

export class Connection {
  /** Where Sluice is, and where its API is below that. */
  readonly #base: string;
  readonly #root: string;
  readonly #options: ClientOptions;

  /** Whether any call was answered: then the page's origin is allowed. */
  #isAllowed = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = (options.baseUrl ?? "").replace(/\/+$/, "");
    this.#root = `${this.#base}/api/v1`;
  }

  get realtime(): RealtimeSource | undefined {
    return this.#options.realtime;
  }

  /** The same server in another language. */
  inLanguage(language: ApiLanguage): Connection {
    return new Connection({ ...this.#options, language });
  }

  /** An address that a link may have: null where calls carry a token, headers or a way of their own. */
  plainUrl(path: string, query?: object): string | null {
    const { token, fetch: own, headers, credentials, language: lang } = this.#options;
    if (token !== undefined || own !== undefined || headers !== undefined || credentials === "omit") return null;
    return `${this.#root}${path}${queryOf({ lang, ...query })}`;
  }

  /** Begins a session with the code of a sign-in link, or the link itself. @throws ClientError `unauthorized` */
  async signIn<T>(codeOrLink: string, { signal }: CallOptions = {}): Promise<T> {
    const code = /[?&]code=([^&#]+)/.exec(codeOrLink)?.[1];
    const form = new URLSearchParams({ code: code === undefined ? codeOrLink.trim() : decodeURIComponent(code) });
    const response = await this.once("POST", "/sign-in", {
      outside: true,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      bytes: new TextEncoder().encode(form.toString()),
      signal,
    });
    return (await response.json()) as T;
  }

  /** A JSON answer. @throws ClientError */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.repeatedly(method, path, call);
    if (response.status === 204) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw new ClientError(response.status, "network", "The answer broke off.", {}, cause);
    }
  }

  /**
   * An answer whose body the caller reads. Every method of the API may be repeated: a POST has a key by which the server
   * tells a repetition.
   *
   * @throws ClientError
   */
  async repeatedly(method: string, path: string, call: Call = {}): Promise<Response> {
    const headers = { ...call.headers };
    if (method === "POST") headers["idempotency-key"] ??= randomKey();
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(method, path, { ...call, headers });
      } catch (error) {
        if (!(error instanceof ClientError) || !error.mayPass || attempt === repeats) throw error;
        await pause(firstPauseMs * 2 ** attempt, call.signal);
      }
    }
  }

  /** @throws ClientError for an answer that is no success; the signal's reason when it aborts. */
  async once(
    method: string,
    path: string,
    { query, body, bytes, headers, signal, outside = false }: Call & Once = {},
  ): Promise<Response> {
    const { language } = this.#options;
    const token = typeof this.#options.token === "function" ? await this.#options.token() : this.#options.token;
    const send = this.#options.fetch ?? fetch;
    let response: Response;
    try {
      response = await send(`${outside ? this.#base : this.#root}${path}${queryOf(query)}`, {
        method,
        headers: {
          // Any page may send it anywhere, without a preflight (Fetch standard, CORS-safelisted request-header).
          ...(language !== undefined && { "accept-language": language }),
          ...this.#options.headers,
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(bytes !== undefined && { body: bytes as Blob }),
        ...(this.#options.credentials !== undefined && { credentials: this.#options.credentials }),
        signal,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      const origin = this.#isAllowed || this.#options.fetch !== undefined ? null : await this.#keptOut(signal);
      const detail =
        origin === null
          ? "The server cannot be reached. Is the address right, and the network up?"
          : `The server does not let pages of ${origin} read its answers. Add ${origin} to its setting origins (SLUICE_ORIGINS).`;
      throw new ClientError(0, "network", detail, origin === null ? {} : { origin }, cause);
    }
    this.#isAllowed = true;
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  /** The page's origin, where a call that nobody may read the answer of gets through. A browser does not tell it otherwise. */
  async #keptOut(signal: AbortSignal | undefined): Promise<string | null> {
    const { location } = globalThis as { location?: { origin: string; href: string } };
    if (location === undefined || new URL(this.#root, location.href).origin === location.origin) return null;
    try {
      await fetch(`${this.#base}/healthz`, { mode: "no-cors", credentials: "omit", cache: "no-store", signal });
      return location.origin;
    } catch {
      signal?.throwIfAborted();
      return null;
    }
  }
}

/** `?a=1&b=x&b=y`; what is undefined or null is left out. */
function queryOf(query: object | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === undefined || each === null) continue;
      parameters.append(name, each instanceof Date ? each.toISOString() : String(each));
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** Not `randomUUID`, which browsers have on secure pages only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws the signal's reason when it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
