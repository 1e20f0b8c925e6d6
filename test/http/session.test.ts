import { expect, it } from "vitest";
import { firstSignInLink } from "../../src/core/users.ts";
import { author, openAuthApp, origin, sessionIn } from "./auth-app.ts";

it.each([
  ["http", {}, "http://sluice.test", /^sluice_session=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/],
  [
    "https",
    {},
    "https://sluice.test",
    /^__Host-sluice_session=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  ],
  [
    "https behind a proxy",
    { publicUrl: "https://imports.example.com" },
    "http://sluice.test",
    /^__Host-sluice_session=.*; Secure/,
  ],
])("gives a cookie that fits %s", async (_, access, base, cookie) => {
  const { ask, engine } = await openAuthApp({ access });
  const code = new URL((await firstSignInLink(engine, base)) as string).searchParams.get("code") as string;
  const answer = await ask("POST", "/sign-in", { origin: base, form: { code } });
  expect(answer.headers.get("set-cookie")).toMatch(cookie);
});

it("takes no plain cookie where it is reached by https", async () => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Anna");
  const secure = { origin: "https://sluice.test" };
  expect((await ask("GET", "/api/v1/me", { ...secure, headers: { cookie: `sluice_session=${session}` } })).status).toBe(
    401,
  );
  expect((await ask("GET", "/api/v1/me", { ...secure, session })).status).toBe(200);
});

it("begins a new session with each sign-in, whatever cookie was there, and ends the one before", async () => {
  const { ask, engine, person } = await openAuthApp();
  const { user, session } = await person("Anna");
  const { code } = await engine.users.newSignInCode(user.id, author);
  const fixed = await ask("POST", "/sign-in", { session, form: { code } });
  expect(sessionIn(fixed)).toMatch(/^[\w-]{43}$/);
  expect(sessionIn(fixed)).not.toBe(session);
  expect((await ask("GET", "/api/v1/me", { session })).status).toBe(401);
  expect((await ask("GET", "/api/v1/me", { session: sessionIn(fixed) })).json).toEqual(user);
});

it("ends a session by signing out, and no other", async () => {
  const { ask, engine, person } = await openAuthApp();
  const { user, session } = await person("Anna");
  const other = await engine.users.signIn((await engine.users.newSignInCode(user.id, author)).code, {});
  const out = await ask("POST", "/api/v1/sign-out", { session });
  expect([out.status, out.headers.get("set-cookie")]).toEqual([
    204,
    expect.stringMatching(/^sluice_session=; Max-Age=0;/),
  ]);
  expect((await ask("GET", "/api/v1/me", { session })).status).toBe(401);
  expect((await ask("GET", "/api/v1/me", { session: other?.secret })).status).toBe(200);
});

it.each([
  ["has expired", "update sluice.sessions set expires_at = now()"],
  ["was revoked", "delete from sluice.sessions"],
  ["is of a disabled user", "update sluice.users set disabled_at = now()"],
])("refuses a session that %s", async (_, statement) => {
  const { ask, person, rows } = await openAuthApp();
  const { session } = await person("Anna");
  await rows(statement);
  expect((await ask("GET", "/api/v1/me", { session })).status).toBe(401);
});

it.each(["", "x", "A".repeat(43), "' or 1=1 --"])("refuses %j as a session", async (session) => {
  const { ask } = await openAuthApp();
  expect((await ask("GET", "/api/v1/me", { session })).status).toBe(401);
});

it("lasts while it is used, with at most a write an hour", async () => {
  const { ask, person, rows } = await openAuthApp();
  const { session } = await person("Anna");
  const left =
    "select round(extract(epoch from expires_at - now()) / 86400)::int as days, xmin::text as version from sluice.sessions";
  const [fresh] = await rows(left);
  await ask("GET", "/api/v1/me", { session });
  expect(await rows(left)).toEqual([fresh]);
  await rows(
    "update sluice.sessions set last_seen_at = now() - interval '61 minutes', expires_at = now() + interval '1 day'",
  );
  await Promise.all([1, 2, 3].map(() => ask("GET", "/api/v1/me", { session })));
  expect(await rows(left)).toMatchObject([{ days: 14 }]);
});

it("signs out by an answer that came from this site alone", async () => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Anna");
  const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.test" };
  expect((await ask("POST", "/api/v1/sign-out", { session, headers })).status).toBe(403);
  expect((await ask("POST", "/api/v1/sign-out", { session, headers: { "sec-fetch-site": "", origin } })).status).toBe(
    204,
  );
});
