/** The app with the shipped way in, and requests as a browser, a program or a stranger sends them. */
import { expect } from "vitest";
import type { Author, Role, User } from "../../src/core/users.ts";
import type { HttpApiOptions } from "../../src/http/api.ts";
import { operationFor, undocumented } from "./document.ts";
import { type Answer as FullAnswer, type OpenApp, openApp } from "./open-app.ts";

export const origin = "http://sluice.test";

export type Answer = Omit<FullAnswer, "bytes">;

export interface Asked {
  /** Of another than the app's own address. */
  origin?: string;
  bearer?: string;
  /** A session's secret. */
  session?: string;
  headers?: Record<string, string>;
  body?: unknown;
  form?: Record<string, string>;
  /** Of the client's socket. */
  address?: string;
}

export interface AuthApp extends OpenApp {
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  /** A user with a session. */
  person(name: string, role?: Role): Promise<{ user: User; session: string }>;
  /** A token of a new user. */
  program(name: string, role?: Role): Promise<{ user: User; bearer: string; tokenId: number }>;
}

export const author: Author = { id: null, name: "tester" };

/** Call it in a test: everything goes when the test is over. */
export async function openAuthApp(options: Partial<HttpApiOptions> = {}): Promise<AuthApp> {
  const opened = await openApp(undefined, undefined, { authenticate: undefined, ...options });
  const { users } = opened.store;
  return {
    ...opened,
    async ask(method, path, asked = {}) {
      const base = asked.origin ?? origin;
      const isHttps = base.startsWith("https:");
      const headers = new Headers({
        ...(asked.bearer !== undefined && { authorization: `Bearer ${asked.bearer}` }),
        ...(asked.session !== undefined && {
          cookie: `${isHttps ? "__Host-" : ""}sluice_session=${asked.session}`,
          // As a browser does with a request of the page itself.
          ...(method !== "GET" && { "sec-fetch-site": "same-origin" }),
        }),
        ...(asked.body !== undefined && { "content-type": "application/json" }),
        ...asked.headers,
      });
      const body = asked.form
        ? new URLSearchParams(asked.form)
        : asked.body === undefined
          ? undefined
          : JSON.stringify(asked.body);
      const env = asked.address === undefined ? {} : { incoming: { socket: { remoteAddress: asked.address } } };
      const response = await opened.app.fetch(new Request(`${base}${path}`, { method, headers, body }), env);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") ?? false;
      const json = isJson ? JSON.parse(text) : null;
      // The paths of the document are those of an app at the root.
      const described = options.basePath === undefined ? await opened.document() : null;
      const operation = described === null ? undefined : operationFor(described, method, path.split("?")[0]);
      if (described !== null && operation !== undefined) {
        const contentType = response.headers.get("content-type");
        expect(undocumented(described, operation, { status: response.status, contentType, json })).toEqual([]);
      }
      return { status: response.status, headers: response.headers, text, json };
    },
    async person(name, role = "user") {
      const { id } = await users.create({ name, role }, author);
      const { code } = await users.newSignInCode(id, author);
      const begun = await users.signIn(code, {});
      return { user: { id, name, role }, session: begun?.secret ?? "" };
    },
    async program(name, role = "user") {
      const { id } = await users.create({ name, role }, author);
      const made = await users.createToken({ name, userId: id, role, expiresAt: null }, author);
      return { user: { id, name, role }, bearer: made.secret, tokenId: made.token.id };
    },
  };
}

/** The session that an answer's cookie begins. */
export function sessionIn(answer: Answer): string {
  return /sluice_session=([\w-]*)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "";
}

/** Asks until it is held back: what is allowed comes back with time, so on a slow machine that takes more requests. The statuses that it met. */
export async function statusesUntilHeld(ask: (k: number) => Promise<Answer>): Promise<number[]> {
  const statuses = new Set<number>();
  for (let k = 0; k < 2_000 && !statuses.has(429); k++) statuses.add((await ask(k)).status);
  return [...statuses];
}
