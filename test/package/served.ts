/** An application's server with Sluice in it, on a database of its own. */
import { onTestFinished } from "vitest";
import { freePort } from "../free-port.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { answers, peopleTable, type RunningProgram, startProgram } from "./mounted.ts";

/**
 * A server of an application on a database of its own, and a worker beside it, from `worker.ts` in its folder; both end with the
 * test. `workerFolder` null: the server works on imports itself.
 */
export async function serve(
  folder: string,
  args: readonly string[],
  workerFolder: string | null,
  more: Readonly<Record<string, string>> = {},
) {
  const { url, database } = await freshDatabase();
  await database.pool.query(peopleTable);
  const port = await freePort();
  const env = {
    DATABASE_URL: url,
    SLUICE_DATA_DIR: await freshFolder(),
    PORT: String(port),
    HOSTNAME: "127.0.0.1",
    NODE_ENV: "production",
    ...more,
  };
  const programs: RunningProgram[] = [
    startProgram(
      folder,
      args.map((each) => each.replace("PORT", String(port))),
      env,
    ),
    ...(workerFolder === null ? [] : [startProgram(workerFolder, ["worker.ts"], env)]),
  ];
  onTestFinished(async () => {
    // Frameworks wait for clients that keep their connection, as this process does.
    const [server, ...workers] = programs;
    await Promise.all([server.end("SIGKILL"), ...workers.map((worker) => worker.end())]);
  });
  const origin = `http://127.0.0.1:${port}`;
  await answers(origin, programs[0]);
  return {
    origin,
    database,
    url,
    said: () => programs.map((each) => each.said()).join("\n"),
    rows: async (query = "select email, name from people order by 1") => (await database.pool.query(query)).rows,
  };
}
/** The records that `tryApi` brings. */
export const imported = [
  { email: "ann@example.org", name: "Ann" },
  { email: "bo@example.org", name: "Bo" },
];
