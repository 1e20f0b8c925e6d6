/** kill -9 of a server in the middle of `POST /imports`: the upload is free at once, or the import is there; a repetition tells. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { makeScenario, type Scenario } from "./scenario.ts";
import { adminToken, startServing } from "./serving.ts";
import { prepareStandstills, type StandstillPlace, standstill } from "./standstill.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

const csv = "Email\nanna@example.com\n";

it.each<[StandstillPlace, string]>([
  ["claim", "its key is being claimed"],
  ["create", "the import is being made"],
  ["answer", "the answer is being kept"],
])("is killed while %s is held: %s", async (at) => {
  const place = await scenario.place();
  await prepareStandstills(place.database);
  const token = await adminToken(place);
  const first = await startServing(place, token);
  const { id: uploadId } = await first.client.upload(Buffer.from(csv), { name: "a.csv" });
  const post = (url: string, key: string | null) =>
    fetch(`${url}/api/v1/imports`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...(key !== null && { "idempotency-key": key }),
      },
      body: JSON.stringify({ uploadId, importer: "leads" }),
    });

  const { reached, free } = await standstill(place.url, at);
  const lost = post(first.url, "k").then(
    () => "answered",
    () => "lost",
  );
  await reached();
  first.run.signal("SIGKILL");
  await first.run.ended;
  expect(await lost).toBe("lost");
  await free();

  const { url } = await startServing(place, token);
  const answers = [await post(url, "k"), await post(url, "k"), await post(url, null)];
  const [{ id }] = await place.database.query<{ id: number }>(sql`select id from sluice.import_jobs`);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
  const bodies = (await Promise.all(answers.map((each) => each.json()))) as { id: number; importId: number }[];
  expect([bodies[0].id, bodies[1].id, bodies[2].importId]).toEqual([id, id, id]);
});
