/** `sluice serve` and `sluice work`: how they start, answer, and end. */
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder, runCli, startCli } from "../run-cli.ts";

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  it("stops a server with exit code 0 while someone is still connected", async () => {
    const { url, database } = await freshDatabase();
    const run = startCli(["serve", "--port", "0"], { cwd: await freshFolder(), env: { DATABASE_URL: url } });
    onTestFinished(() => run.kill("SIGKILL"));
    await run.shows("Ctrl-C stops it");
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(run.shown()) ?? [];
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/nowhere`)).status).toBe(404);
    run.kill(signal);
    const { exitCode, stderr } = await run.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining("Sluice has stopped") });
    expect(await database.query(sql`select from sluice.workers`)).toEqual([]);
  });

  it("stops a worker with exit code 0", async () => {
    const { url, database } = await freshDatabase();
    const run = startCli(["work"], { cwd: await freshFolder(), env: { DATABASE_URL: url } });
    onTestFinished(() => run.kill("SIGKILL"));
    await run.shows("This worker takes up to 4 imports");
    run.kill(signal);
    expect((await run.ended).exitCode).toBe(0);
    expect(await database.query(sql`select from sluice.workers`)).toEqual([]);
  });
});

it("says which port is taken, and how to take another", async () => {
  const { url } = await freshDatabase();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())));
  const { port } = taken.address() as { port: number };
  const { exitCode, stderr } = await runCli(["serve", "--port", String(port)], {
    cwd: await freshFolder(),
    env: { DATABASE_URL: url },
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`),
  });
});

it.each([
  [["serve", "--port", "many"], /--port must be a whole number from 0 to 65535/],
  [["serve", "--host", "203.0.113.7", "--port", "0"], /203\.0\.113\.7 is no address of this machine/],
])("refuses %j", async (args, message) => {
  const { url } = await freshDatabase();
  const { exitCode, stderr } = await runCli(args, { cwd: await freshFolder(), env: { DATABASE_URL: url } });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(1);
});

it("says at its first start how one signs in, and later how one does again", async () => {
  const { url } = await freshDatabase();
  const place = { cwd: await freshFolder(), env: { DATABASE_URL: url } };
  const signIn = async (link: string): Promise<number> => {
    const at = new URL(link);
    const body = new URLSearchParams({ code: at.searchParams.get("code") as string });
    return (await fetch(new URL("/sign-in", at), { method: "POST", headers: { accept: "application/json" }, body }))
      .status;
  };
  const first = startCli(["serve", "--port", "0"], place);
  onTestFinished(() => first.kill("SIGKILL"));
  await first.shows("Sign in as operator");
  expect(await signIn((/http:\S+sign-in\S+/.exec(first.shown()) as string[])[0])).toBe(200);
  first.kill("SIGTERM");
  await first.ended;
  const second = startCli(["serve", "--port", "0"], place);
  onTestFinished(() => second.kill("SIGKILL"));
  await second.shows("prints a new link");
  const [, command] = /`sluice (users link --url \S+)`/.exec(second.shown()) as string[];
  const { stdout } = await runCli(command.split(" "), place);
  expect(await signIn(stdout.trim())).toBe(200);
});
