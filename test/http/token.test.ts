import { expect, it } from "vitest";
import { author, openAuthApp } from "./auth-app.ts";

it("makes a token that is told once and serves from then on", async () => {
  const { ask, person } = await openAuthApp();
  const admin = await person("Boss", "admin");
  const anna = await person("Anna");
  const made = await ask("POST", "/api/v1/tokens", {
    session: admin.session,
    body: { name: "nightly", userId: anna.user.id, expiresInDays: 30 },
  });
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({
    name: "nightly",
    userName: "Anna",
    role: "user",
    createdBy: admin.user.id,
    lastUsedAt: null,
  });
  expect(made.json.token).toMatch(/^sluice_[\w-]{43}$/);
  expect((await ask("GET", "/api/v1/me", { bearer: made.json.token })).json).toEqual(anna.user);
  const listed = await ask("GET", "/api/v1/tokens", { session: admin.session });
  expect(listed.json.items).toHaveLength(1);
  expect(listed.json.items[0]).not.toHaveProperty("token");
  expect(Date.parse(listed.json.items[0].lastUsedAt)).toBeGreaterThan(0);
});

it("notes at most once a minute that a token was used", async () => {
  const { ask, program, rows } = await openAuthApp();
  const { bearer } = await program("robot");
  const version = "select xmin::text as version from sluice.api_tokens";
  await ask("GET", "/api/v1/me", { bearer });
  const [first] = await rows(version);
  await ask("GET", "/api/v1/me", { bearer });
  expect(await rows(version)).toEqual([first]);
  await rows("update sluice.api_tokens set last_used_at = now() - interval '61 seconds'");
  await ask("GET", "/api/v1/me", { bearer });
  expect(await rows("select last_used_at > now() - interval '30 seconds' as fresh from sluice.api_tokens")).toEqual([
    { fresh: true },
  ]);
});

it.each([
  ["was revoked", "update sluice.api_tokens set revoked_at = now()"],
  ["has expired", "update sluice.api_tokens set expires_at = now()"],
  ["is of a disabled user", "update sluice.users set disabled_at = now()"],
])("refuses a token that %s", async (_, statement) => {
  const { ask, program, rows } = await openAuthApp();
  const { bearer } = await program("robot");
  expect((await ask("GET", "/api/v1/me", { bearer })).status).toBe(200);
  await rows(statement);
  const refused = await ask("GET", "/api/v1/me", { bearer });
  expect([refused.status, refused.json.code]).toEqual([401, "unauthorized"]);
});

it.each([
  ["another's letters", (bearer: string) => `sluice_${bearer.slice(7).split("").reverse().join("")}`],
  ["no prefix", (bearer: string) => bearer.slice(7)],
  ["an end cut off", (bearer: string) => bearer.slice(0, -1)],
  ["more behind it", (bearer: string) => `${bearer}x`],
  ["nothing", () => ""],
])("refuses a token with %s, whatever cookie comes with it", async (_, spoil) => {
  const { ask, program, person } = await openAuthApp();
  const { bearer } = await program("robot");
  const { session } = await person("Anna", "admin");
  const headers = { authorization: `Bearer ${spoil(bearer)}` };
  expect((await ask("GET", "/api/v1/me", { headers, session })).status).toBe(401);
});

it("leaves a scheme that is not its own to the proxy in front, and goes by the cookie", async () => {
  const { ask, person } = await openAuthApp();
  const { session, user } = await person("Anna");
  const headers = { authorization: `Basic ${btoa("proxy:secret")}` };
  expect((await ask("GET", "/api/v1/me", { headers, session })).json).toEqual(user);
});

it("lets a token do no more than its user may now", async () => {
  const { ask, program, engine } = await openAuthApp();
  const { bearer, user } = await program("boss", "admin");
  await engine.users.create({ name: "other", role: "admin" }, author);
  expect((await ask("GET", "/api/v1/users", { bearer })).status).toBe(200);
  await engine.users.change(user.id, { role: "user" }, author);
  expect((await ask("GET", "/api/v1/users", { bearer })).status).toBe(403);
});

it("gives a token of an admin the role of a user where that is asked for", async () => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  const { json } = await ask("POST", "/api/v1/tokens", { session, body: { name: "small" } });
  expect((await ask("GET", "/api/v1/me", { bearer: json.token })).json).toMatchObject({ name: "Boss", role: "user" });
});

it("revokes a token for good", async () => {
  const { ask, person, program } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  const { bearer, tokenId } = await program("robot");
  const first = await ask("DELETE", `/api/v1/tokens/${tokenId}`, { session });
  const again = await ask("DELETE", `/api/v1/tokens/${tokenId}`, { session });
  expect([first.status, again.status, again.json.revokedAt]).toEqual([200, 200, first.json.revokedAt]);
  expect((await ask("GET", "/api/v1/me", { bearer })).status).toBe(401);
  const trail = await ask("GET", "/api/v1/audit?name=token.revoked", { session });
  expect(trail.json.items).toHaveLength(1);
});

it.each([
  ["a token more than its user is", { name: "x", role: "admin" }, 409],
  ["a token of nobody", { name: "x", userId: "nobody" }, 404],
  ["a token without a name", { name: " " }, 422],
  ["a token of an unknown role", { name: "x", role: "root" }, 422],
  ["a token of no days", { name: "x", expiresInDays: 0 }, 422],
])("does not make %s", async (_, body, status) => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  const { user } = await person("Anna");
  const asked = "role" in body && body.role === "admin" ? { ...body, userId: user.id } : body;
  expect((await ask("POST", "/api/v1/tokens", { session, body: asked })).status).toBe(status);
});

it("makes two of what is asked for twice, for an answer with a secret is not kept", async () => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  const asked = { session, body: { name: "robot" }, headers: { "idempotency-key": "same" } };
  const [first, second] = [await ask("POST", "/api/v1/tokens", asked), await ask("POST", "/api/v1/tokens", asked)];
  expect(first.json.token).not.toBe(second.json.token);
});
