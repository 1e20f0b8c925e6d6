/** Tokens of Supabase Auth, by the keys that a project publishes: both of its asymmetric algorithms, rotation, and what is nobody's token. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { expect, it, onTestFinished } from "vitest";
import { jwtVerifier } from "../../src/http/auth/jwt.ts";
import { openAuthApp } from "./auth-app.ts";

const audience = "authenticated";
const claims: JWTPayload = {
  sub: "6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d11",
  email: "anna@example.com",
  role: "authenticated",
  aal: "aal1",
  session_id: "6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d12",
  is_anonymous: false,
  app_metadata: { provider: "email", providers: ["email"] },
  user_metadata: { role: "admin" },
};

/** A project: it signs by its newest key and publishes all that are not revoked. */
async function openProject() {
  const keys: { kid: string; alg: "ES256" | "RS256"; pair: Awaited<ReturnType<typeof generateKeyPair>> }[] = [];
  const server = createServer(async (_, response) => {
    const published = keys.map(async ({ kid, alg, pair }) => ({
      ...(await exportJWK(pair.publicKey)),
      kid,
      alg,
      use: "sig",
      key_ops: ["verify"],
    }));
    response
      .writeHead(200, { "content-type": "application/json", "cache-control": "public, max-age=600" })
      .end(JSON.stringify({ keys: await Promise.all(published) }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth/v1`;
  return {
    issuer: url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    async rotate(alg: "ES256" | "RS256") {
      keys.unshift({ kid: String(keys.length), alg, pair: await generateKeyPair(alg, { extractable: true }) });
    },
    async token(more: JWTPayload = {}) {
      const [{ kid, alg, pair }] = keys;
      return new SignJWT({ ...claims, ...more })
        .setProtectedHeader({ alg, kid, typ: "JWT" })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(pair.privateKey);
    },
  };
}

it.each(["ES256", "RS256"] as const)(
  "takes a user's token by %s, and nobody's by their metadata for an admin",
  async (alg) => {
    const { jwksUrl, issuer, rotate, token } = await openProject();
    await rotate(alg);
    const check = jwtVerifier({ jwksUrl, issuer, audience });
    expect(await check(await token())).toMatchObject({ id: claims.sub, name: "anna@example.com", role: "user" });
    expect(await check(await token({ app_metadata: { role: "admin" } }))).toMatchObject({ role: "admin" });
    const refused = [{ is_anonymous: true }, { role: "anon" }, { role: "service_role", sub: undefined }];
    for (const more of refused) await expect(check(await token(more))).rejects.toMatchObject({ code: "unauthorized" });
    const [head, , tail] = (await token()).split(".");
    const others = Buffer.from(
      JSON.stringify({ ...claims, iss: issuer, aud: audience, exp: 9e9, sub: "another" }),
    ).toString("base64url");
    await expect(check([head, others, tail].join("."))).rejects.toMatchObject({ code: "unauthorized" });
    const elsewhere = jwtVerifier({ jwksUrl, issuer: "https://other.supabase.co/auth/v1", audience });
    await expect(elsewhere(await token())).rejects.toMatchObject({ code: "unauthorized" });
  },
);

it("takes tokens of before and after a rotation, by the key that is new by then too", async () => {
  const { jwksUrl, issuer, rotate, token } = await openProject();
  await rotate("RS256");
  const before = await token();
  await rotate("ES256");
  const check = jwtVerifier({ jwksUrl, issuer, audience });
  for (const each of [before, await token()]) expect(await check(each)).toMatchObject({ id: claims.sub });
});

it("takes no API key for anybody's token, old or new", async () => {
  const { jwksUrl, issuer, rotate } = await openProject();
  await rotate("ES256");
  const secret = "the project's legacy secret, which signed its API keys";
  const { ask } = await openAuthApp({ access: { jwt: { jwksUrl, issuer, audience, secret } } });
  // As the dashboard of a project shows them: HS256, without `sub`, for ten years.
  const legacy = (role: string): Promise<string> =>
    new SignJWT({ iss: "supabase", ref: "abcdefghijklmnopqrst", role })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setExpirationTime("10y")
      .sign(new TextEncoder().encode(secret));
  for (const bearer of [await legacy("anon"), await legacy("service_role")])
    expect((await ask("GET", "/api/v1/me", { bearer })).status).toBe(401);
  for (const bearer of [
    "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH",
    "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz",
    "sb_secret_a.b.c",
  ]) {
    const { status, json } = await ask("GET", "/api/v1/me", { bearer });
    expect([status, json.detail]).toEqual([401, expect.stringContaining("an API key of Supabase")]);
  }
});
