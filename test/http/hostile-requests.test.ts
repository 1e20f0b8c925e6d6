/**
 * No request is answered with a failure of the server: a few hundred in each run, ten thousand by `npm run fuzz:requests`. FUZZ_SEED
 * repeats a run, FUZZ_REQUESTS says how many.
 */
import { expect, it } from "vitest";
import { defaultUploadLimits } from "../../src/core/store/uploads.ts";
import type { HttpEvent } from "../../src/http/request/request-context.ts";
import { SeededDraw } from "../../src/importers/leads/seeded-draw.ts";
import { type HostileRequest, HostileRequests } from "./hostile-requests.ts";
import { openApp } from "./open-app.ts";

const requests = Number(process.env.FUZZ_REQUESTS ?? 400);
const seed = Number(process.env.FUZZ_SEED ?? 1);

/** In every parameter, in every run. */
const alwaysTried = ["\ud800", "\0", "-271821-04-20T00:00:00.000Z", "+275760-09-13", "99999999999999999999"];

const csv = "Email,First name,City\nanna@example.com,Anna,Lyon\nbroken,Bo,\nanna@example.com,Cy,Nice\n";

it(`answers ${requests} hostile requests without a failure of its own`, { timeout: 3_600_000 }, async () => {
  const failed: HttpEvent[] = [];
  const open = await openApp(undefined, undefined, {
    access: { requestsPerMinute: 0 },
    uploadLimits: { ...defaultUploadLimits, quota: { files: 1e6, bytes: 2 ** 50 } },
    onEvent: (event) => failed.push(event),
  });
  const { call, upload, work, app, document } = open;
  const users = await open.engine.users.create({ name: "Anna", role: "user" }, { id: null, name: "tester" });
  const known: { ids: number[]; texts: string[] } = {
    ids: [1, 2, 3],
    texts: ["leads", "email", "Email", "Anna", users.id],
  };

  /** Imports in every state, since the requests change, commit and delete them. */
  const replenish = async (): Promise<void> => {
    for (const state of ["pending", "ready", "completed"] as const) {
      const uploadId = await upload(csv);
      const made = await call("POST", "/imports", {
        uploadId,
        importer: "leads",
        again: true,
        start: state !== "pending",
      });
      if (state !== "pending") await work(made.json.id);
      if (state === "completed") {
        await call("POST", `/imports/${made.json.id}/commit`);
        await work(made.json.id);
      }
      known.ids.push(made.json.id);
      known.texts.push(await upload(csv));
    }
    known.ids = known.ids.slice(-6);
    known.texts = [...known.texts.slice(0, 5), ...known.texts.slice(-6)];
  };

  const makers = new HostileRequests(await document());
  const wrong: unknown[] = [];
  /** Of those that are drawn: one by one, nearly all are refused, and how many that is grows with the document. */
  const statuses = new Map<number, number>();
  const send = async ({ method, url, headers, body }: HostileRequest, k: number | string): Promise<number> => {
    const aborting = new AbortController();
    const request = new Request(`http://sluice.test${url}`, {
      method,
      headers: { authorization: "Bearer admin", ...headers },
      ...(body !== undefined && { body }),
      signal: aborting.signal,
    });
    const response = await app.fetch(request);
    // What is streamed is looked at as far as its first piece.
    const reader = response.body?.getReader();
    await Promise.race([reader?.read(), new Promise((resolve) => setTimeout(resolve, 50))]);
    await reader?.cancel().catch(() => {});
    aborting.abort();
    if (response.status < 500) return response.status;
    const { reason, at } = failed.at(-1) as Extract<HttpEvent, { name: "http.failed" }>;
    wrong.push({ k, method, url: url.slice(0, 300), body: body?.slice(0, 600), status: response.status, reason, at });
    return response.status;
  };
  await replenish();
  for (const request of makers.oneByOne(known, alwaysTried)) await send(request, "one by one");
  for (let k = 0; k < requests && wrong.length < 20; k++) {
    if (k % 200 === 0) await replenish();
    const status = await send(makers.next(new SeededDraw(seed, k, 3), known), k);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(wrong).toEqual([]);
  // They come as far as what is behind the doors.
  const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const share = (status: number): number => (statuses.get(status) ?? 0) / all;
  expect([share(200) > 0.05, share(404) < 0.6, share(422) > 0.1, share(401) < 0.05]).toEqual([true, true, true, true]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
