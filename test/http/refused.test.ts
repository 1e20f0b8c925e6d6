/** What the audit trail tells of those who were refused at the door: who was meant and why, never the secret, and not too often. */
import { expect, it } from "vitest";
import { type AuthApp, author, openAuthApp } from "./auth-app.ts";

const refusals = async (app: AuthApp): Promise<unknown[]> =>
  app.rows(`select name, actor, actor_name, data ->> 'reason' as reason, data ->> 'address' as address, (data ->> 'tokenId')::int as token,
    (select name from sluice.users u where u.id = user_id) as user from sluice.audit where name like '%.refused' order by id`);

const unknown = "x".repeat(43);

it.each<[string, (app: AuthApp, code: string) => Promise<unknown>, (code: string) => string, string, string | null]>([
  ["is not known", async () => {}, () => unknown, "unknown", null],
  ["is none at all", async () => {}, () => "' or 1=1 --", "unknown", null],
  ["was used", (app, code) => app.ask("POST", "/sign-in", { form: { code } }), (code) => code, "used", "Anna"],
  [
    "has expired",
    (app) => app.rows("update sluice.sign_in_codes set expires_at = now()"),
    (code) => code,
    "expired",
    "Anna",
  ],
  [
    "is of a disabled user",
    (app) => app.rows("update sluice.users set disabled_at = now()"),
    (code) => code,
    "disabled",
    "Anna",
  ],
  [
    "became worthless when another signed the user in",
    async ({ engine, ask }) => {
      const [{ id }] = await engine.users.list({ limit: 1 });
      const { code } = await engine.users.newSignInCode(id, author);
      await ask("POST", "/sign-in", { form: { code } });
    },
    (code) => code,
    "expired",
    "Anna",
  ],
])("writes down a code that %s", async (_, before, codeOf, reason, user) => {
  const app = await openAuthApp();
  const { id } = await app.engine.users.create({ name: "Anna", role: "user" }, author);
  const { code } = await app.engine.users.newSignInCode(id, author);
  await before(app, code);
  const answer = await app.ask("POST", "/sign-in", { form: { code: codeOf(code) }, address: "203.0.113.7" });
  expect(answer.status).toBe(401);
  expect(await refusals(app)).toEqual([
    { name: "sign_in.refused", actor: null, actor_name: "unknown", reason, address: "203.0.113.7", token: null, user },
  ]);
});

it.each<[string, string, string, string | null]>([
  ["is not known", "true", "unknown", null],
  ["was revoked", "update sluice.api_tokens set revoked_at = now()", "revoked", "robot"],
  ["has expired", "update sluice.api_tokens set expires_at = now()", "expired", "robot"],
  ["is of a disabled user", "update sluice.users set disabled_at = now()", "disabled", "robot"],
])("writes down a token that %s, when it comes again and again", async (_, change, reason, user) => {
  const app = await openAuthApp();
  const { bearer, tokenId } = await app.program("robot");
  if (user !== null) await app.rows(change);
  const secret = user === null ? `sluice_${unknown}` : bearer;
  const ask = () => app.ask("GET", "/api/v1/me", { bearer: secret, address: "203.0.113.7" });
  for (let k = 0; k < 4; k++) expect((await ask()).status).toBe(401);
  // A page whose token has just expired is nothing to tell of.
  expect(await refusals(app)).toEqual([]);
  for (let k = 0; k < 20; k++) expect((await ask()).status).toBe(401);
  const token = user === null ? null : tokenId;
  expect(await refusals(app)).toEqual([
    { name: "token.refused", actor: null, actor_name: "unknown", reason, address: "203.0.113.7", token, user },
  ]);
});

it("tells of a token that another program gave out without saying more", async () => {
  const app = await openAuthApp({ access: { jwt: { secret: "s".repeat(32) } } });
  for (let k = 0; k < 6; k++) await app.ask("GET", "/api/v1/me", { bearer: "a.b.c", address: "203.0.113.7" });
  expect(await refusals(app)).toMatchObject([{ name: "token.refused", reason: "not_accepted", user: null }]);
});

it("keeps one line for each address a minute, whatever server it asks, and no more than a hundred of all", async () => {
  const app = await openAuthApp();
  const { users } = app.store;
  const one = { kind: "code", secret: unknown, address: "203.0.113.1" } as const;
  await Promise.all(Array.from({ length: 10 }, () => users.noteRefused(one)));
  expect(await refusals(app)).toHaveLength(1);
  await users.noteRefused({ ...one, kind: "token" });
  await users.noteRefused({ ...one, address: undefined });
  await users.noteRefused({ ...one, address: undefined });
  expect(await refusals(app)).toHaveLength(3);
  for (let k = 0; k < 120; k++) await users.noteRefused({ ...one, address: `198.51.100.${k}` });
  expect(await refusals(app)).toHaveLength(100);
  await app.rows("update sluice.audit set at = at - interval '61 seconds'");
  await users.noteRefused(one);
  expect(await refusals(app)).toHaveLength(101);
  await app.rows("update sluice.audit set at = at - interval '91 days'");
  await app.engine.sweep({ stagingMs: 1, filesMs: 1, jobsMs: null });
  expect(await refusals(app)).toEqual([]);
});

it("never holds the secret, and shows what it holds to admins", async () => {
  const app = await openAuthApp();
  const boss = await app.person("Boss", "admin");
  const { code } = await app.engine.users.newSignInCode(boss.user.id, author);
  await app.rows("update sluice.sign_in_codes set expires_at = now()");
  await app.ask("POST", "/sign-in", { form: { code } });
  for (let k = 0; k < 6; k++) await app.ask("GET", "/api/v1/me", { bearer: `sluice_${code}` });
  const [{ told }] = await app.rows<{ told: string }>("select string_agg(a::text, ' ') as told from sluice.audit a");
  expect([told.includes("sign_in.refused"), told.includes("token.refused"), told.includes(code)]).toEqual([
    true,
    true,
    false,
  ]);
  const { json } = await app.ask("GET", "/api/v1/audit?name=sign_in.refused", { session: boss.session });
  expect(json.items).toMatchObject([{ actor: null, userId: boss.user.id, data: { reason: "expired" } }]);
});
