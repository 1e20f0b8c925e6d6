/** Ways that somebody of one tenant might try into another: what changes while a stream is open, what was made before, odd values. */
import { expect, it, onTestFinished, vi } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { SignedIn } from "../../src/core/users.ts";
import type { OpenApp } from "./open-app.ts";
import { bring, contacts, tenantApp, tenantPeople } from "./tenant-app.ts";

const csv = "Email;Name\nkept@x.fr;New\n";

/** Whoever is asked for, as they are at the moment; the tokens of nobody serve no more. */
const changing = (people: Record<string, SignedIn | null>) => async (request: Request) =>
  people[request.headers.get("authorization")?.slice(7) ?? ""] ?? null;

/** A stream's text as it comes. */
async function follow(app: OpenApp, path: string, as: string) {
  const headers = { authorization: `Bearer ${as}`, accept: "text/event-stream" };
  const { body } = await app.app.fetch(new Request(`http://sluice.test/api/v1${path}`, { headers }));
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader.cancel());
  let text = (await reader.read()).value ?? "";
  /** All of it, up to something, or to its end. */
  return async (until?: string): Promise<string> => {
    while (until === undefined || !text.includes(until)) {
      const { value, done } = await reader.read();
      if (done) return `${text}(end)`;
      text += value;
    }
    return text;
  };
}

/** So that who somebody is is asked anew. */
function laterOn(): void {
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 60_000);
  onTestFinished(() => clock.mockRestore());
}

it("tells whoever follows nothing more of a tenant that they have left", async () => {
  const people: Record<string, SignedIn | null> = { ...tenantPeople };
  const app = await tenantApp(undefined, undefined, { authenticate: changing(people) });
  const before = (await bring(app, "anna", csv)).json.id;
  const all = await follow(app, "/events", "anna");
  const one = await follow(app, `/imports/${before}/events`, "anna");
  await one("import.created");
  people.anna = tenantPeople.twin;
  laterOn();
  await app.engine.cancel(before);
  const after = (await bring(app, "twin", csv)).json.id;
  expect(await all(`"jobId":${after}`)).not.toContain("import.cancelled");
  expect(await one()).not.toContain("import.cancelled");
});

it.each([
  ["is an administrator no more", { ...tenantPeople.head, role: "user" as const }],
  ["has no way in any more", null],
])("ends the streams of whoever %s", async (_, then) => {
  const people: Record<string, SignedIn | null> = { ...tenantPeople };
  const app = await tenantApp(undefined, undefined, { authenticate: changing(people) });
  const { id } = (await bring(app, "anna", csv)).json;
  const streams = [await follow(app, "/events", "head"), await follow(app, `/imports/${id}/events`, "head")];
  await streams[1]("import.created");
  people.head = then;
  laterOn();
  await app.engine.cancel(id);
  for (const told of streams) expect(await told()).not.toContain("import.cancelled");
});

it("loses nothing for whoever follows when `from` fails for a moment: the stream ends, and they come back", async () => {
  let fails = false;
  const from = (user: SignedIn) => {
    if (fails) throw new Error("away");
    return user.tenantId;
  };
  const app = await tenantApp([{ ...contacts, context: { tenant_id: { type: "integer", from } } }]);
  const { id } = (await bring(app, "anna", csv)).json;
  const told = await follow(app, "/events", "anna");
  fails = true;
  laterOn();
  await app.engine.cancel(id);
  expect(await told()).toMatch(/\(end\)$/);
});

it("never asks `can` about an import without the values that it judges", async () => {
  const wheels = defineImporter({
    name: "wheels",
    fields: { title: field.text({ required: true }) },
    context: { wheel_id: { type: "bigint" } },
    target: { table: "wheels" },
    can: (user, _action, { context }) => user.wheelId === context.wheel_id,
  });
  const app = await tenantApp([wheels], "create table wheels (id bigserial primary key, title text, wheel_id bigint)");
  const { json } = await bring(app, "operator", "title\nx\n", {
    importer: "wheels",
    options: { context: { wheel_id: "1" } },
  });
  await app.rows(`update sluice.import_jobs set context = '{}', created_by = 'anna' where id = ${json.id}`);
  // Nobody of these has a wheel: undefined is what the context says too.
  for (const as of ["anna", "twin", "head"]) {
    expect((await app.call("GET", `/imports/${json.id}`, undefined, { as })).status).toBe(404);
    expect((await app.call("GET", "/imports", undefined, { as })).json.count).toBe(0);
  }
  expect((await app.call("GET", `/imports/${json.id}`, undefined, { as: "operator" })).status).toBe(200);
});

it.each(["pending", "ready"])(
  "refuses to move a %s import to where its file has been brought already",
  async (status) => {
    const importer = {
      ...contacts,
      assign: undefined,
      context: { tenant_id: { type: "integer" as const, from: () => [1, 2] } },
    };
    const app = await tenantApp([importer]);
    const make = async (tenant: string) =>
      (await bring(app, "anna", csv, { options: { context: { tenant_id: tenant } } })).json.id;
    const [first, second] = [await make("1"), await make("2")];
    if (status === "ready") {
      await app.call("POST", `/imports/${second}/start`, { acceptDoubts: true }, { as: "anna" });
      await app.work(second);
    }
    const put = (tenant: string) =>
      app.call("PUT", `/imports/${second}/options`, { context: { tenant_id: tenant } }, { as: "anna" });
    const refused = await put("1");
    expect([refused.status, refused.json.importId]).toEqual([409, first]);
    expect((await put("2")).status).toBe(200);
    await app.engine.cancel(first);
    expect((await put("1")).status).toBe(200);
  },
);
