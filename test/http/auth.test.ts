import { expect, it } from "vitest";
import { firstSignInLink } from "../../src/core/users.ts";
import { author, openAuthApp, origin, sessionIn, statusesUntilHeld } from "./auth-app.ts";

const form = { accept: "text/html", origin };
const codeOf = (link: string | null): string => new URL(link ?? "").searchParams.get("code") ?? "";

it("signs the first admin in by the link that the first start prints", async () => {
  const { ask, engine } = await openAuthApp();
  const link = await firstSignInLink(engine, origin);
  expect(link).toMatch(/^http:\/\/sluice\.test\/sign-in\?code=[\w-]{43}$/);

  const page = await ask("GET", (link as string).slice(origin.length));
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.text).toContain(`<input type="hidden" name="code" value="${codeOf(link)}">`);

  const signedIn = await ask("POST", "/sign-in", { form: { code: codeOf(link) }, headers: form });
  expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, "import"]);
  const session = sessionIn(signedIn);
  const me = await ask("GET", "/api/v1/me", { session });
  expect(me.json).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/), name: "admin", role: "admin" });
  expect(await firstSignInLink(engine, origin)).toBe(null);
});

it("prints the link below the path that the app is mounted at", async () => {
  const { engine } = await openAuthApp();
  expect(await firstSignInLink(engine, "https://example.com/imports")).toMatch(
    /^https:\/\/example\.com\/imports\/sign-in\?code=/,
  );
});

it("prints a link at each start until somebody signs in, and the rest are then worthless", async () => {
  const { ask, engine } = await openAuthApp();
  const links = await Promise.all([1, 2, 3].map(() => firstSignInLink(engine, origin)));
  expect(new Set(links).size).toBe(3);
  const answers = [];
  for (const link of links) answers.push((await ask("POST", "/sign-in", { form: { code: codeOf(link) } })).status);
  expect(answers).toEqual([200, 401, 401]);
  expect((await engine.users.list({ limit: 10 })).map(({ name }) => name)).toEqual(["admin"]);
});

it("does not use the link up by opening it", async () => {
  const { ask, engine } = await openAuthApp();
  const code = codeOf(await firstSignInLink(engine, origin));
  for (const method of ["GET", "HEAD", "GET"]) await ask(method, `/sign-in?code=${code}`);
  expect((await ask("POST", "/sign-in", { form: { code } })).status).toBe(200);
});

it("lets one in of many who bring the same code at the same time", async () => {
  const { ask, engine, rows } = await openAuthApp();
  const code = codeOf(await firstSignInLink(engine, origin));
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask("POST", "/sign-in", { form: { code } })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  expect(await rows("select count(*)::int as n from sluice.sessions")).toEqual([{ n: 1 }]);
});

it.each([
  ["is used again", async () => {}, "same"],
  ["has expired", async (change: Change) => change("update sluice.sign_in_codes set expires_at = now()"), "fresh"],
  ["is of a disabled user", async (change: Change) => change("update sluice.users set disabled_at = now()"), "fresh"],
  ["is not known", async () => {}, "A".repeat(43)],
  ["is no code", async () => {}, "' or 1=1 --"],
  ["is empty", async () => {}, ""],
])("refuses a code that %s", async (_, spoil, which) => {
  const { ask, engine, rows } = await openAuthApp();
  const code = codeOf(await firstSignInLink(engine, origin));
  if (which === "same") await ask("POST", "/sign-in", { form: { code } });
  await spoil(rows);
  const brought = which === "same" || which === "fresh" ? code : which;
  const program = await ask("POST", "/sign-in", { form: { code: brought } });
  expect([program.status, program.json.code, program.headers.get("set-cookie")]).toEqual([401, "unauthorized", null]);
  const person = await ask("POST", "/sign-in", { form: { code: brought }, headers: form });
  expect([person.status, person.text.includes('role="alert"')]).toEqual([401, true]);
});
type Change = (statement: string) => Promise<unknown>;

it("speaks the reader's language, and writes no code into the page as markup", async () => {
  const { ask } = await openAuthApp();
  const page = await ask("GET", `/sign-in?code=${encodeURIComponent('"><script>')}&lang=sv`);
  expect(page.text).toContain("Logga in");
  expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;"');
  expect(page.text).not.toContain("<script");
});

it("sends headers that keep the page to itself", async () => {
  const { ask } = await openAuthApp();
  const { headers } = await ask("GET", "/sign-in?code=x");
  expect(
    Object.fromEntries(
      ["cache-control", "referrer-policy", "x-content-type-options", "x-frame-options"].map((name) => [
        name,
        headers.get(name),
      ]),
    ),
  ).toEqual({
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'.*form-action 'self'.*frame-ancestors 'none'$/,
  );
});

it.each([
  ["another site", { origin: "https://evil.test" }],
  ["a page without an address", { origin: "null" }],
  ["another site, as the browser says", { "sec-fetch-site": "cross-site" }],
])("takes no sign-in from %s", async (_, headers) => {
  const { ask, engine } = await openAuthApp();
  const code = codeOf(await firstSignInLink(engine, origin));
  const refused = await ask("POST", "/sign-in", { form: { code }, headers: headers as Record<string, string> });
  expect([refused.status, refused.headers.get("set-cookie")]).toEqual([403, null]);
  expect((await ask("POST", "/sign-in", { form: { code } })).status).toBe(200);
});

it("holds back whoever tries codes, by address, and says when to come again; a right one is let in", async () => {
  const { ask, engine } = await openAuthApp();
  const code = codeOf(await firstSignInLink(engine, origin));
  const tries = [];
  for (let k = 0; k < 12; k++)
    tries.push((await ask("POST", "/sign-in", { form: { code: "B".repeat(43) }, address: "203.0.113.9" })).status);
  expect(tries).toEqual([...Array(10).fill(401), 429, 429]);
  const wrong = { code: "C".repeat(43) };
  const held = await ask("POST", "/sign-in", { form: wrong, address: "203.0.113.9", headers: form });
  expect([held.status, Number(held.headers.get("retry-after"))]).toEqual([429, expect.closeTo(60, -1)]);
  expect((await ask("POST", "/sign-in", { form: wrong, address: "203.0.113.10" })).status).toBe(401);
  expect((await ask("POST", "/sign-in", { form: { code }, address: "203.0.113.9" })).status).toBe(200);
});

it("refuses a form that is too large", async () => {
  const { ask } = await openAuthApp();
  expect((await ask("POST", "/sign-in", { form: { code: "x".repeat(5000) } })).status).toBe(413);
});

it("keeps no secret but as a hash, and tells none to the log", async () => {
  const told: unknown[] = [];
  const { ask, engine, rows } = await openAuthApp({ onEvent: (event) => told.push(event) });
  const code = codeOf(await firstSignInLink(engine, origin));
  const session = sessionIn(await ask("POST", "/sign-in", { form: { code } }));
  const made = await ask("POST", "/api/v1/tokens", {
    session,
    body: { name: "robot" },
    headers: { "idempotency-key": "once" },
  });
  const { id } = (await ask("GET", "/api/v1/me", { session })).json;
  const link = await ask("POST", `/api/v1/users/${id}/sign-in-link`, {
    session,
    headers: { "idempotency-key": "twice" },
  });
  expect([made.status, link.status]).toEqual([201, 201]);
  const kept = await rows<{ line: string }>(
    ["users", "sessions", "sign_in_codes", "api_tokens", "audit", "idempotency_keys"]
      .map((table) => `select t::text || encode(convert_to(t::text, 'utf8'), 'base64') as line from sluice.${table} t`)
      .join(" union all "),
  );
  expect(kept.length).toBeGreaterThan(5);
  const everything = JSON.stringify([kept, told]);
  for (const secret of [code, session, made.json.token.slice(7), codeOf(link.json.url)]) {
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(everything).not.toContain(secret);
  }
});

it("asks strangers to sign in, and holds back who goes on without", async () => {
  const { ask } = await openAuthApp();
  const first = await ask("GET", "/api/v1/me", { address: "2001:db8::1" });
  expect([first.status, first.json.code, first.headers.get("www-authenticate")]).toEqual([
    401,
    "unauthorized",
    'Bearer realm="sluice"',
  ]);
  const asked = () => ask("GET", "/api/v1/me", { bearer: "x", address: "2001:db8::2" });
  expect(await statusesUntilHeld(asked)).toEqual([401, 429]);
});

it("lets in whoever has a token or a link, whatever strangers behind the same address do", async () => {
  const { ask, program, engine } = await openAuthApp();
  const { users } = engine;
  const address = "203.0.113.9";
  const { user, bearer } = await program("robot");
  expect(await statusesUntilHeld(() => ask("GET", "/api/v1/me", { address }))).toEqual([401, 429]);
  for (let k = 0; k < 20; k++) await ask("GET", "/api/v1/me", { bearer: "A".repeat(43), address });
  expect((await ask("GET", "/api/v1/me", { bearer, address })).json).toMatchObject({ id: user.id });

  const guess = (code: string) => ask("POST", "/sign-in", { form: { code }, headers: form, address });
  const guesses = [];
  for (let k = 0; k < 12; k++) guesses.push((await guess("B".repeat(43))).status);
  expect(guesses.slice(9)).toEqual([401, 429, 429]);
  const { code } = await users.newSignInCode(user.id, author);
  expect((await guess(code)).status).toBe(303);
});

it("promises https to browsers where the public address is https, and asks for nothing they would have to allow", async () => {
  const secure = await openAuthApp({ access: { publicUrl: "https://imports.example.com" } });
  const plain = await openAuthApp({ access: { publicUrl: "http://imports.example.com" } });
  for (const path of ["/api/v1/me", "/sign-in", "/healthz", "/nothing"]) {
    const { headers } = await secure.ask("GET", path, { origin: "https://imports.example.com" });
    expect([path, headers.get("strict-transport-security")]).toEqual([path, "max-age=31536000"]);
    expect(headers.get("permissions-policy")).toMatch(/camera=\(\).*microphone=\(\)/);
    expect((await plain.ask("GET", path)).headers.get("strict-transport-security")).toBeNull();
  }
});

it("holds back a user who asks too often, and nobody else", async () => {
  const { ask, person } = await openAuthApp({ access: { requestsPerMinute: 3 } });
  const [anna, bo] = [await person("Anna"), await person("Bo")];
  const answers = [];
  for (let k = 0; k < 4; k++) answers.push(await ask("GET", "/api/v1/me", { session: anna.session }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers[3].json.code).toBe("too_many");
  // A third of a minute, less what the requests took.
  expect(answers[3].headers.get("retry-after")).toMatch(/^(?:[1-9]|1\d|20)$/);
  expect((await ask("GET", "/api/v1/me", { session: bo.session })).status).toBe(200);
});

it("takes an own authenticate in place of the shipped one", async () => {
  const { ask } = await openAuthApp({
    authenticate: async (request) =>
      request.headers.get("x-user") === "7" ? { id: "7", name: "Seven", role: "user" } : null,
  });
  expect((await ask("GET", "/api/v1/me", { headers: { "x-user": "7" } })).json).toEqual({
    id: "7",
    name: "Seven",
    role: "user",
  });
  expect((await ask("GET", "/api/v1/me")).status).toBe(401);
});

it("refuses settings that cannot serve", async () => {
  const { engine } = await openAuthApp();
  await expect(openAuthApp({ access: { publicUrl: "imports.example.com" } })).rejects.toThrow(/SLUICE_PUBLIC_URL/);
  await expect(openAuthApp({ access: { jwt: { secret: "short" } } })).rejects.toThrow(/SLUICE_JWT_SECRET/);
  await expect(openAuthApp({ access: { jwt: { jwksUrl: "file:///etc/keys" } } })).rejects.toThrow(/SLUICE_JWKS_URL/);
  await expect(engine.users.newSignInCode("nobody", author)).rejects.toMatchObject({ code: "not_found" });
});

it("serves below the path that the app is mounted at, links and all", async () => {
  const { ask, person } = await openAuthApp({ basePath: "/imports-api" });
  const { user, session } = await person("Boss", "admin");
  const made = await ask("POST", `/imports-api/api/v1/users/${user.id}/sign-in-link`, { session });
  expect(made.json.url).toMatch(/^http:\/\/sluice\.test\/imports-api\/sign-in\?code=/);
  const signedIn = await ask("POST", "/imports-api/sign-in", { form: { code: codeOf(made.json.url) }, headers: form });
  // Beside itself: /imports-api/import.
  expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, "import"]);
  expect((await ask("GET", "/imports-api/api/v1/me", { session: sessionIn(signedIn) })).json).toEqual(user);
});
