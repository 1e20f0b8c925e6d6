/**
 * `/sign-in`: a one-time link becomes a session. Opening the link uses nothing up, for mail programs and chats open links to
 * preview them; the button of its page does.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { clientAddress, limitKeyOf } from "../auth/client-address.ts";
import { refuseForeignOrigin } from "../auth/csrf.ts";
import { sessionCookie, sessionOf } from "../auth/session.ts";
import { bodyLimit } from "../request/body-limit.ts";
import { type HttpContext, type HttpParts, languageOf } from "../request/request-context.ts";
import { newRouter, problemSchema, type Router } from "../request/router.ts";
import { noteRefused, refuseTooMany } from "./auth-guard.ts";
import { type SignInState, signInHeaders, signInPage } from "./sign-in-page.ts";
import { userSchema } from "./user-view.ts";

/** A form with one code. */
const maxFormBytes = 4096;

const page = { "text/html": { schema: z.string() } };
const problem = { "application/problem+json": { schema: problemSchema } };

const open = createRoute({
  method: "get",
  path: "/sign-in",
  operationId: "getSignInPage",
  tags: ["Users"],
  security: [],
  summary: "The page of a sign-in link; uses nothing up",
  request: { query: z.object({ code: z.string().max(200).optional(), lang: z.string().optional() }) },
  responses: { 200: { description: "A page with a button.", content: page } },
});

const signIn = createRoute({
  method: "post",
  path: "/sign-in",
  operationId: "signIn",
  tags: ["Users"],
  security: [],
  summary: "Begin a session with the code of a link, which serves once",
  request: {
    body: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema: z.object({ code: z.string() }).openapi("SignIn") } },
    },
  },
  responses: {
    200: {
      description: "Signed in, for a client that accepts JSON. The cookie is the session.",
      content: { "application/json": { schema: userSchema } },
    },
    303: { description: "Signed in; on to the page. The cookie is the session." },
    401: { description: "The code is not known, has expired or was used.", content: { ...page, ...problem } },
    403: { description: "The form comes from another site.", content: { ...page, ...problem } },
    413: { description: "No form with a code is so large.", content: problem },
    422: { description: "The form has no code.", content: problem },
    429: { description: "Too many tries.", content: { ...page, ...problem } },
  },
});

export function signInRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { access } = parts;
  const { users } = parts.engine;

  const wantsPage = (c: HttpContext): boolean => c.req.header("accept")?.includes("text/html") ?? false;
  const show = (c: HttpContext, state: SignInState, status: 200 | 401 | 429, code = ""): Response =>
    c.body(signInPage(languageOf(c, parts), state, code), status, signInHeaders);

  routes.openapi(open, (c) => {
    const { code = "" } = c.req.valid("query");
    return show(c, code === "" ? "no_code" : "ready", 200, code) as never;
  });

  routes.use(
    "/sign-in",
    bodyLimit(undefined, () => maxFormBytes),
  );
  routes.openapi(signIn, async (c) => {
    refuseForeignOrigin(c.req.raw, access.origins);
    const address = clientAddress(c, access.proxies);
    const isHttps = access.isHttps(c.req.raw);
    // A session that came with the request is never taken over: what begins is a new one.
    const replaces = sessionOf(c.req.raw, isHttps) ?? undefined;
    const code = c.req.valid("form").code.trim();
    const begun = await users.signIn(code, { address: address ?? undefined, replaces });
    if (begun === null) {
      // A valid code is accepted whoever else guesses from the same address: 43 letters are not guessed.
      const seconds = access.signIns.take(limitKeyOf(address));
      if (seconds > 0 && wantsPage(c)) {
        c.header("Retry-After", String(seconds));
        return show(c, "too_many", 429) as never;
      }
      refuseTooMany(seconds);
      await noteRefused(parts, { kind: "code", secret: code, address: address ?? undefined });
      if (wantsPage(c)) return show(c, "refused", 401) as never;
      throw new SluiceError(
        "unauthorized",
        told`The code is unknown, has expired or was already used. Ask for a new link.`,
      );
    }
    c.header("Set-Cookie", sessionCookie(begun.secret, isHttps));
    if (!wantsPage(c)) return c.json(begun.user, 200);
    // Beside /sign-in, whatever path this is mounted below.
    return c.redirect("import", 303);
  });
  return routes;
}
