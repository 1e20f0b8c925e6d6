/** A Supabase project as far as an application asks it: the keys by which its tokens are signed, and its Realtime. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { onTestFinished } from "vitest";
import { type RealtimeServer, realtimeOn } from "./realtime-server.ts";

export interface AuthProject {
  /** As NEXT_PUBLIC_SUPABASE_URL. */
  url: string;
  token: string;
  /** The cookie in which @supabase/ssr keeps the session of that token. */
  cookie: { name: string; value: string };
  realtime: RealtimeServer;
}

export async function openAuthProject(): Promise<AuthProject> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256", use: "sig" };
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [key] }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const verified = (given: string) =>
    jwtVerify(given, publicKey).then(
      ({ payload }) => payload as Record<string, unknown>,
      () => null,
    );
  const realtime = realtimeOn(server, verified);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sub = "6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d11";
  const email = "anne@cap.example";
  const token = await new SignJWT({ sub, email, role: "authenticated", app_metadata: { role: "admin" } })
    .setProtectedHeader({ alg: "ES256", kid: "1", typ: "JWT" })
    .setIssuer(`${url}/auth/v1`)
    .setAudience("authenticated")
    .setExpirationTime("1h")
    .sign(privateKey);
  const session = {
    ...{ access_token: token, token_type: "bearer", refresh_token: "r", expires_in: 3600 },
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    user: { id: sub, email },
  };
  const value = `base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
  // Named after the first part of the project's host.
  return { url, token, cookie: { name: "sb-127-auth-token", value }, realtime };
}
