/** `sluice users` and `sluice tokens`. */
import { expect, it } from "vitest";
import type { Users } from "../../src/core/users.ts";
import { postgresUsers } from "../../src/postgres/accounts/users.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { type InProcessResult, runInProcess } from "../run-in-process.ts";

async function desk(): Promise<{ users: Users; sluice(...args: string[]): Promise<InProcessResult> }> {
  const { url, database } = await freshDatabase();
  const cwd = await freshFolder();
  return { users: postgresUsers(database), sluice: (...args) => runInProcess(args, { cwd, url, user: "operator" }) };
}

it("prints a link that signs the first admin in, as often as it is asked for", async () => {
  const { users, sluice } = await desk();
  for (let k = 0; k < 2; k++) {
    const { exitCode, stdout } = await sluice("users", "link");
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/localhost:3000\/sign-in\?code=[\w-]{43}\n$/),
    ]);
    const code = new URL(stdout.trim()).searchParams.get("code") as string;
    // Among the importers that come with Sluice some belong to a context: an admin would see none of theirs.
    expect((await users.signIn(code, {}))?.user).toMatchObject({ name: "admin", role: "operator" });
  }
  expect(await users.list({ limit: 10 })).toHaveLength(1);
});

it("adds a user with a link, lists, disables and enables them", async () => {
  const { users, sluice } = await desk();
  const added = await sluice("users", "add", "Anna", "--url", "https://example.com/imports");
  expect(added.stdout).toMatch(/^https:\/\/example\.com\/imports\/sign-in\?code=/);
  await sluice("users", "add", "Boss", "--admin");
  expect((await sluice("users")).stdout).toBe("user      never             Anna\nadmin     never             Boss\n");
  expect((await sluice("users", "disable", "anna")).stdout).toBe("user      never             Anna (disabled)\n");
  expect((await sluice("users", "link", "anna")).exitCode).toBe(1);
  expect((await sluice("users", "enable", "anna")).stdout).toBe("user      never             Anna\n");
  const trail = await users.audit({}, { limit: 10 });
  expect(trail.map(({ name, actor, actorName }) => [name, actor, actorName])).toEqual(
    ["user.enabled", "user.disabled", "sign_in_link.made", "user.created", "sign_in_link.made", "user.created"].map(
      (name) => [name, null, "operator"],
    ),
  );
});

it("makes a token, which alone goes to standard output, lists and revokes it", async () => {
  const { users, sluice } = await desk();
  await sluice("users", "add", "Anna");
  const { stdout } = await sluice("tokens", "create", "nightly", "--user", "anna", "--days", "30");
  expect(stdout).toMatch(/^sluice_[\w-]{43}\n$/);
  expect(await users.userOfToken(stdout.trim())).toMatchObject({ name: "Anna", role: "user" });
  expect((await sluice("tokens")).stdout.replaceAll(/ +/g, " ")).toMatch(
    /^ 1 user used [\d-]{10} until [\d-]{10} Anna: nightly\n$/,
  );
  expect((await sluice("tokens", "revoke", "1")).stdout).toContain("revoked");
  expect(await users.userOfToken(stdout.trim())).toBe(null);
});

it.each([
  ["a name that is taken", ["users", "add", "ANNA"], 1, "already"],
  ["no name", ["users", "add", " "], 1, "1 to 200"],
  ["an address that is none", ["users", "link", "--url", "localhost"], 1, "--url"],
  ["a user who is not there", ["users", "disable", "Bo"], 1, 'no user "Bo"'],
  ["a token of nobody", ["tokens", "create", "x", "--user", "Bo"], 1, 'no user "Bo"'],
  [
    "a token more than its user is",
    ["tokens", "create", "x", "--user", "Anna", "--role", "admin"],
    1,
    "a token cannot have a higher one",
  ],
  ["a token of an unknown role", ["tokens", "create", "x", "--user", "Anna", "--role", "root"], 2, "--role"],
  ["a token of no days", ["tokens", "create", "x", "--user", "Anna", "--days", "0"], 1, "--days"],
  ["a token that is not there", ["tokens", "revoke", "7"], 1, "no token 7"],
  ["a token without a number", ["tokens", "revoke", "x"], 1, "number of a token"],
])("refuses %s", async (_, args, exitCode, message) => {
  const { sluice } = await desk();
  await sluice("users", "add", "Anna");
  const refused = await sluice(...args);
  expect([refused.exitCode, refused.stdout]).toEqual([exitCode, ""]);
  expect(refused.stderr).toContain(message);
});

it("says what to do where there is nobody yet", async () => {
  const { sluice } = await desk();
  expect((await sluice("users")).stderr).toContain("first start");
  expect((await sluice("tokens")).stderr).toContain("sluice tokens create");
  expect(JSON.parse((await sluice("users", "--json")).stdout)).toEqual([]);
});

it("makes an admin again where all that were there are disabled", async () => {
  const { url, database } = await freshDatabase();
  const sluice = async (...args: string[]) => runInProcess(args, { cwd: await freshFolder(), url });
  await sluice("users", "add", "Boss", "--admin");
  await database.query(sql`update sluice.users set disabled_at = now(), last_signed_in_at = now()`);
  const none = await sluice("users", "link");
  expect([none.exitCode, none.stderr]).toEqual([
    1,
    "There is no admin left. Make one: sluice users add NAME --admin\n",
  ]);
  expect((await sluice("users", "add", "Next", "--admin")).exitCode).toBe(0);
});
