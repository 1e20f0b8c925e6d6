import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { expect, it, onTestFinished } from "vitest";
import { programId } from "../../src/core/users.ts";
import { type JwtOptions, jwtVerifier } from "../../src/http/auth/jwt.ts";
import { openAuthApp } from "./auth-app.ts";
import { openApp } from "./open-app.ts";

const secret = "a secret of at least thirty-two characters";
const issuer = "https://project.supabase.test/auth/v1";
const audience = "authenticated";
const supabase: JWTPayload = {
  sub: "6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d11",
  email: "anna@example.com",
  role: "authenticated",
  app_metadata: { provider: "email" },
  user_metadata: { role: "admin" },
};

type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

const seconds = (): number => Math.floor(Date.now() / 1000);

function signed(claims: JWTPayload, key: string | Key = secret, header: Record<string, string> = {}): Promise<string> {
  const bytes = typeof key === "string" ? new TextEncoder().encode(key) : key;
  const alg = typeof key === "string" ? "HS256" : "ES256";
  return new SignJWT({ iss: issuer, aud: audience, exp: seconds() + 300, ...claims })
    .setProtectedHeader({ alg, ...header })
    .sign(bytes);
}

/** A token with any header and no care. */
function forged(header: Record<string, unknown>, claims: JWTPayload, key: string | null): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part(header)}.${part({ iss: issuer, aud: audience, exp: seconds() + 300, ...claims })}`;
  return `${head}.${key === null ? "" : createHmac("sha256", key).update(head).digest("base64url")}`;
}

/** One that is signed as it must be, with anything for claims. */
function forgedOf(claims: string): string {
  const part = (text: string): string => Buffer.from(text).toString("base64url");
  const head = `${part('{"alg":"HS256"}')}.${part(claims)}`;
  return `${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`;
}

const bySecret: JwtOptions = { secret, issuer, audience };

it.each([
  ["a user of Supabase", supabase, { id: supabase.sub, name: "anna@example.com", role: "user" }],
  ["an admin by app_metadata", { ...supabase, app_metadata: { role: "admin" } }, { role: "admin" }],
  ["an admin by role", { sub: "7", role: "admin" }, { id: "7", name: "7", role: "admin" }],
  ["a user with a name", { sub: "7", name: "Seven" }, { id: "7", name: "Seven", role: "user" }],
  [
    "a user whose metadata is nonsense",
    { sub: "7", app_metadata: null, email: 5 },
    { id: "7", name: "7", role: "user" },
  ],
  ["a token that expired within the clock's skew", { sub: "7", exp: seconds() - 20 }, { id: "7" }],
])("takes %s", async (_, claims, user) => {
  expect(await jwtVerifier(bySecret)(await signed(claims as JWTPayload))).toMatchObject(user);
});

it.each([
  ["one that has expired", () => signed({ sub: "7", exp: seconds() - 40 }), /expired/],
  ["one that does not serve yet", () => signed({ sub: "7", nbf: seconds() + 60 }), /nbf/],
  ["one without an end", () => signed({ sub: "7", exp: undefined }), /exp/],
  ["one without a subject", () => signed({}), /sub/],
  ["one of another issuer", () => signed({ sub: "7", iss: "https://evil.test" }), /iss/],
  ["one for another audience", () => signed({ sub: "7", aud: "another" }), /aud/],
  ["one without an audience", () => signed({ sub: "7", aud: undefined }), /aud/],
  ["one of an anonymous user", () => signed({ ...supabase, is_anonymous: true }), /may not come in/],
  ["the key that Supabase gives to everybody", () => signed({ sub: "7", role: "anon" }), /may not come in/],
  ["one signed with another secret", () => signed(supabase, secret.replace("a", "b")), /not signed/],
  ["one that is not signed", async () => forged({ alg: "none" }, supabase, null), /not signed/],
  ["one that is not signed, spelled otherwise", async () => forged({ alg: "nOnE" }, supabase, null), /not signed/],
  ["one with another algorithm in its header", async () => forged({ alg: "RS256" }, supabase, secret), /not signed/],
  [
    "one with an unknown critical header",
    async () => forged({ alg: "HS256", crit: ["x"], x: 1 }, supabase, secret),
    /not signed/,
  ],
  ["one with a signature cut off", async () => (await signed(supabase)).slice(0, -4), /not signed/],
  [
    "one with other claims under the same signature",
    async () => {
      const [head, , tail] = (await signed(supabase)).split(".");
      return [head, Buffer.from(JSON.stringify({ ...supabase, role: "admin" })).toString("base64url"), tail].join(".");
    },
    /not signed/,
  ],
  ["one of an anonymous user, as a text", () => signed({ ...supabase, is_anonymous: "true" }), /may not come in/],
  ["one of an anonymous user, as a number", () => signed({ ...supabase, is_anonymous: 1 }), /may not come in/],
  ["one of an anonymous admin", () => signed({ ...supabase, is_anonymous: true, role: "admin" }), /may not come in/],
  ["one that expires at a text", () => signed({ sub: "7", exp: String(seconds() + 60) as unknown as number }), /exp/],
  ["one that serves from a text on", () => signed({ sub: "7", nbf: "0" as unknown as number }), /nbf/],
  ["one whose subject is a number", () => signed({ sub: 7 as unknown as string }), /sub|may not/],
  ["one whose subject is a list", () => signed({ sub: ["7"] as unknown as string }), /sub|may not/],
  ["one of several issuers", () => signed({ sub: "7", iss: [issuer] as unknown as string }), /iss/],
  ["one of an issuer with a slash behind it", () => signed({ sub: "7", iss: `${issuer}/` }), /iss/],
  ["one for an audience that holds ours", () => signed({ sub: "7", aud: `${audience} other` }), /aud/],
  ["one for no audience of a list", () => signed({ sub: "7", aud: [] }), /aud/],
  ["one whose claims are a list", async () => forgedOf("[]"), /no JWT|not signed/],
  ["one whose claims are no JSON", async () => forgedOf("{"), /no JWT|not signed/],
  [
    "one that brings its own key",
    async () => forged({ alg: "HS256", jwk: { kty: "oct", k: "b3du" } }, supabase, "own"),
    /not signed/,
  ],
  ["one that says where its key is", async () => forged({ alg: "HS256", jku: issuer }, supabase, "own"), /not signed/],
  ["one signed by an empty secret", async () => forged({ alg: "HS256" }, supabase, ""), /not signed/],
  [
    "one that asks for a body that is not encoded",
    async () => forged({ alg: "HS256", crit: ["b64"], b64: false }, supabase, secret),
    /not signed/,
  ],
  ["one whose algorithm is no text", async () => forged({ alg: ["HS256"] }, supabase, secret), /no JWT|not signed/],
  ["one without an algorithm", async () => forged({}, supabase, secret), /no JWT|not signed/],
  ["one with something behind it", async () => `${await signed(supabase)}.x`, /no JWT|not signed/],
  ["one that is signed by the secret in other letters", () => signed(supabase, secret.toUpperCase()), /not signed/],
  ["three words", async () => "not.a.token", /no JWT/],
  ["dots alone", async () => "..", /no JWT/],
  ["one that is far too long", () => signed({ sub: "7", pad: "x".repeat(20_000) }), /too long/],
])("refuses %s", async (_, token, reason) => {
  const check = jwtVerifier(bySecret)(await token());
  await expect(check).rejects.toMatchObject({ code: "unauthorized", message: expect.stringMatching(reason) });
});

/** An issuer that publishes its keys, on a port of its own. */
async function issuerOf(keys: unknown[], status = 200): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`, asked: () => asked };
}

it("checks by the keys that the issuer publishes, which it asks for once", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const published = await issuerOf([{ ...(await exportJWK(publicKey)), kid: "one", alg: "ES256", use: "sig" }]);
  const check = jwtVerifier({ jwksUrl: published.url, issuer, audience });
  for (let k = 0; k < 3; k++)
    expect(await check(await signed(supabase, privateKey, { kid: "one" }))).toMatchObject({ role: "user" });
  expect(published.asked()).toBe(1);
  await expect(check(await signed(supabase, privateKey, { kid: "two" }))).rejects.toMatchObject({
    code: "unauthorized",
  });
  await expect(
    check(await signed(supabase, (await generateKeyPair("ES256")).privateKey, { kid: "one" })),
  ).rejects.toMatchObject({ code: "unauthorized" });
});

it("does not take the issuer's public key for a shared secret", async () => {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "one" };
  const { url } = await issuerOf([jwk]);
  for (const options of [{ jwksUrl: url }, { jwksUrl: url, secret }]) {
    const token = forged({ alg: "HS256", kid: "one" }, supabase, JSON.stringify(jwk));
    await expect(jwtVerifier(options)(token)).rejects.toMatchObject({ code: "unauthorized" });
  }
});

it("says that the issuer's keys cannot be had, which is not the bearer's fault", async () => {
  const { privateKey } = await generateKeyPair("ES256");
  const token = await signed(supabase, privateKey, { kid: "one" });
  const broken = await issuerOf([], 500);
  for (const jwksUrl of [broken.url, "http://127.0.0.1:1/jwks.json"])
    await expect(jwtVerifier({ jwksUrl })(token)).rejects.toMatchObject({ code: "unavailable" });
});

it("does not take a claim that is asked for under another name for one that is not asked for", () => {
  const misspelt = { ...bySecret, audience: undefined, audiance: "sluice" } as JwtOptions;
  expect(() => jwtVerifier(misspelt)).toThrow('there is no option "audiance". Did you mean "audience"?');
});

it("lets an own rule say what a bearer may", async () => {
  const check = jwtVerifier({
    ...bySecret,
    roleOf: ({ groups }) => ((groups as string[])?.includes("import") ? "user" : null),
  });
  expect(await check(await signed({ sub: "7", groups: ["import"] }))).toMatchObject({ role: "user" });
  await expect(check(await signed({ sub: "7", groups: [] }))).rejects.toMatchObject({ code: "unauthorized" });
});

it.each(["", "a\0b", "\ud800"])("lets nobody in whose id no database holds: %j", async (sub) => {
  const { ask } = await openAuthApp({ access: { jwt: bySecret } });
  expect((await ask("GET", "/api/v1/imports", { bearer: await signed({ sub }) })).status).toBe(401);
});

it("serves over HTTP beside sessions and API tokens", async () => {
  const { ask, person, program } = await openAuthApp({ access: { jwt: bySecret } });
  const [anna, robot] = [await person("Anna"), await program("robot")];
  expect((await ask("GET", "/api/v1/me", { bearer: await signed(supabase) })).json).toEqual({
    id: supabase.sub,
    name: "anna@example.com",
    role: "user",
  });
  expect((await ask("GET", "/api/v1/me", { session: anna.session })).json).toEqual(anna.user);
  expect((await ask("GET", "/api/v1/me", { bearer: robot.bearer })).json).toEqual(robot.user);
  const refused = await ask("GET", "/api/v1/me", {
    bearer: await signed({ sub: "7", aud: "another" }),
    session: anna.session,
  });
  expect([refused.status, refused.json.detail]).toEqual([401, expect.stringContaining("aud")]);
  expect((await ask("GET", "/api/v1/users", { bearer: await signed(supabase) })).status).toBe(403);
  const admin = await signed({ ...supabase, app_metadata: { role: "admin" } });
  expect((await ask("GET", "/api/v1/users", { bearer: admin })).status).toBe(200);
});

it("takes nobody for a user that Sluice keeps because a token has their id, and hands its claims to `from`", async () => {
  const { ask, person, engine } = await openAuthApp({ access: { jwt: bySecret } });
  const { user } = await person("Anna");
  const asked = await ask("GET", "/api/v1/imports", { bearer: await signed({ sub: user.id }) });
  expect([asked.status, asked.json.detail]).toEqual([401, expect.stringContaining("a user that Sluice keeps")]);
  expect((await ask("GET", "/api/v1/me", { bearer: await signed({ sub: "another" }) })).json).toEqual({
    id: "another",
    name: "another",
    role: "user",
  });
  await engine.users.change(user.id, { disabled: true }, { id: null, name: "tester" });
  expect((await ask("GET", "/api/v1/me", { bearer: await signed({ sub: user.id }) })).status).toBe(401);
  const { claims } = await jwtVerifier(bySecret)(await signed({ ...supabase, app_metadata: { tenant_id: "t1" } }));
  expect(claims.app_metadata).toEqual({ tenant_id: "t1" });
});

it("makes nobody an operator by what a token says, unless the app's `roleOf` does", async () => {
  const token = await signed({ sub: "7", role: "operator", app_metadata: { role: "operator" } });
  expect((await jwtVerifier(bySecret)(token)).role).toBe("user");
  expect((await jwtVerifier({ ...bySecret, roleOf: () => "operator" })(token)).role).toBe("operator");
});

it("lets nobody in as the programs whose imports say nobody's name", async () => {
  const { ask } = await openAuthApp({ access: { jwt: bySecret } });
  expect((await ask("GET", "/api/v1/imports", { bearer: await signed({ sub: "programs" }) })).status).toBe(200);
  const { status, json } = await ask("GET", "/api/v1/imports", { bearer: await signed({ sub: programId }) });
  expect([status, json.detail]).toEqual([401, expect.stringMatching(/Nobody can sign in as "program"/)]);
  const open = await openApp(undefined, undefined, {
    authenticate: async () => ({ id: programId, name: "Anna", role: "user" }),
  });
  expect((await open.app.fetch(new Request("http://sluice.test/api/v1/imports"))).status).toBe(401);
});
