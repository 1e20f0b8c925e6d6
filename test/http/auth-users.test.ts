import { expect, it } from "vitest";
import { author, openAuthApp } from "./auth-app.ts";

it("adds, renames, promotes and disables users, and writes who did it", async () => {
  const { ask, person } = await openAuthApp();
  const boss = await person("Boss", "admin");
  const as = { session: boss.session, address: "203.0.113.9" };
  const made = await ask("POST", "/api/v1/users", { ...as, body: { name: " Anna " } });
  expect([made.status, made.json]).toEqual([
    201,
    {
      id: expect.any(String),
      name: "Anna",
      role: "user",
      createdAt: expect.any(String),
      lastSignedInAt: null,
      disabledAt: null,
      email: null,
    },
  ]);
  const path = `/api/v1/users/${made.json.id}`;
  expect((await ask("PATCH", path, { ...as, body: { name: "Anna Berg", role: "admin" } })).json).toMatchObject({
    name: "Anna Berg",
    role: "admin",
  });
  expect((await ask("PATCH", path, { ...as, body: { disabled: true } })).json.disabledAt).toEqual(expect.any(String));
  expect((await ask("PATCH", path, { ...as, body: { disabled: true } })).status).toBe(200);
  expect((await ask("PATCH", path, { ...as, body: { disabled: false } })).json.disabledAt).toBe(null);

  const { json } = await ask("GET", `/api/v1/audit?actor=${boss.user.id}&userId=${made.json.id}`, as);
  const address = "203.0.113.9";
  expect(json.items.map(({ name, actorName, data }: Record<string, unknown>) => [name, actorName, data])).toEqual([
    ["user.enabled", "Boss", { address }],
    ["user.disabled", "Boss", { address }],
    ["user.changed", "Boss", { address, name: ["Anna", "Anna Berg"], role: ["user", "admin"] }],
    ["user.created", "Boss", { address, name: "Anna", role: "user" }],
  ]);
});

it("hands out a link that signs the user in", async () => {
  const { ask, person, engine } = await openAuthApp({ access: { publicUrl: "https://imports.example.com" } });
  const boss = await person("Boss", "admin");
  const anna = await engine.users.create({ name: "Anna", role: "user" }, author);
  const secure = { origin: "https://imports.example.com" };
  const { status, json } = await ask("POST", `/api/v1/users/${anna.id}/sign-in-link`, {
    ...secure,
    session: boss.session,
  });
  expect([status, Date.parse(json.expiresAt) > Date.now()]).toEqual([201, true]);
  expect(json.url).toMatch(/^https:\/\/imports\.example\.com\/sign-in\?code=/);
  const code = new URL(json.url).searchParams.get("code") as string;
  expect((await ask("POST", "/sign-in", { ...secure, form: { code } })).json).toMatchObject({ id: anna.id });
});

it("signs a user out everywhere", async () => {
  const { ask, person } = await openAuthApp();
  const [boss, anna] = [await person("Boss", "admin"), await person("Anna")];
  expect((await ask("DELETE", `/api/v1/users/${anna.user.id}/sessions`, { session: boss.session })).status).toBe(204);
  expect((await ask("GET", "/api/v1/me", { session: anna.session })).status).toBe(401);
  expect((await ask("GET", "/api/v1/me", { session: boss.session })).status).toBe(200);
});

it("gives lists page by page", async () => {
  const { ask, person, engine } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  for (const name of ["Anna", "Bo", "Cy"]) await engine.users.create({ name, role: "user" }, author);
  for (const list of ["users", "audit"]) {
    const seen: number[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: { items: unknown[]; next: string | null } = (
        await ask("GET", `/api/v1/${list}?limit=2${next === "" ? "" : `&after=${next}`}`, { session })
      ).json;
      seen.push(...page.items.map((item) => JSON.stringify(item).length));
      next = page.next;
    }
    expect([list, seen.length]).toEqual([list, list === "users" ? 4 : 6]);
  }
});

it.each([
  ["the last admin's role", { role: "user" }],
  ["the last admin's way in", { disabled: true }],
])("does not take %s", async (_, body) => {
  const { ask, person } = await openAuthApp();
  const { user, session } = await person("Boss", "admin");
  const answer = await ask("PATCH", `/api/v1/users/${user.id}`, { session, body });
  expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("last admin")]);
});

it("leaves an admin when two take one another's role at the same time", async () => {
  const { person, engine, rows } = await openAuthApp();
  const [a, b] = [await person("A", "admin"), await person("B", "admin")];
  const taken = await Promise.allSettled(
    [a, b].map(({ user }) => engine.users.change(user.id, { role: "user" }, author)),
  );
  expect(taken.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await rows("select count(*)::int as n from sluice.users where role = 'admin'")).toEqual([{ n: 1 }]);
});

it.each([
  ["a name that somebody has", "POST", "/users", { name: "boss" }, 409],
  ["no name", "POST", "/users", { name: "  " }, 422],
  ["an unknown role", "POST", "/users", { name: "x", role: "owner" }, 422],
  ["a user who is not there", "PATCH", "/users/nobody", { name: "x" }, 404],
  ["a link for nobody", "POST", "/users/nobody/sign-in-link", undefined, 404],
  ["sessions of nobody", "DELETE", "/users/nobody/sessions", undefined, 404],
  ["an audit of an unknown name", "GET", "/audit?name=x", undefined, 422],
])("refuses %s", async (_, method, path, body, status) => {
  const { ask, person } = await openAuthApp();
  const { session } = await person("Boss", "admin");
  expect((await ask(method, `/api/v1${path}`, { session, body })).status).toBe(status);
});

it("refuses a name that somebody has when a user is renamed, and a link of a disabled one", async () => {
  const { ask, person } = await openAuthApp();
  const [boss, anna] = [await person("Boss", "admin"), await person("Anna")];
  const path = `/api/v1/users/${anna.user.id}`;
  expect((await ask("PATCH", path, { session: boss.session, body: { name: "BOSS" } })).status).toBe(409);
  await ask("PATCH", path, { session: boss.session, body: { disabled: true } });
  expect((await ask("POST", `${path}/sign-in-link`, { session: boss.session })).status).toBe(409);
});

it("lets none but an admin see or change users, tokens and the audit trail", async () => {
  const { ask, person, program } = await openAuthApp();
  const [anna, robot] = [await person("Anna"), await program("robot")];
  for (const [method, path, body] of [
    ["GET", "/users"],
    ["POST", "/users", { name: "x" }],
    ["PATCH", `/users/${anna.user.id}`, { role: "admin" }],
    ["POST", `/users/${anna.user.id}/sign-in-link`],
    ["DELETE", `/users/${anna.user.id}/sessions`],
    ["GET", "/tokens"],
    ["POST", "/tokens", { name: "x" }],
    ["DELETE", `/tokens/${robot.tokenId}`],
    ["GET", "/audit"],
  ] as const) {
    for (const [as, status] of [
      [{ session: anna.session }, 403],
      [{ bearer: robot.bearer }, 403],
      [{}, 401],
    ] as const) {
      const answer = await ask(method, `/api/v1${path}`, { ...as, body });
      expect([method, path, answer.status]).toEqual([method, path, status]);
    }
  }
});
