/** Sluice's own tables: made once, by whoever comes first, and never by an older Sluice than the newest. */
import { expect, inject, it, onTestFinished } from "vitest";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { migrate } from "../../src/postgres/schema/migrate.ts";
import { urlOf } from "../database-server.ts";

async function emptyDatabase(): Promise<{ database: Database; url: string }> {
  const admin = new Database(inject("serverUrl"), 1);
  const name = `migrate_${Math.random().toString(36).slice(2)}`;
  await admin.query(sql`create database ${sql.id(name)}`);
  const url = urlOf(inject("serverUrl"), name);
  const database = new Database(url, 2);
  onTestFinished(async () => {
    await database.close();
    await admin.query(sql`drop database ${sql.id(name)} with (force)`);
    await admin.close();
  });
  return { database, url };
}

it("applies every migration once, and none the second time", async () => {
  const { database } = await emptyDatabase();
  const first = await migrate(database);
  expect(first[0]).toBe(1);
  expect(await migrate(database)).toEqual([]);
  expect(
    (await database.query<{ number: number }>(sql`select number from sluice.migrations order by number`)).map(
      ({ number }) => number,
    ),
  ).toEqual(first);
});

it("stays one migration however many processes start at once", async () => {
  const { database, url } = await emptyDatabase();
  const others = Array.from({ length: 5 }, () => new Database(url, 1));
  try {
    const applied = await Promise.all(others.map((each) => migrate(each)));
    const known = await database.query<{ number: number }>(sql`select number from sluice.migrations order by number`);
    expect(applied.flat().sort((a, b) => a - b)).toEqual(known.map(({ number }) => number));
  } finally {
    await Promise.all(others.map((each) => each.close()));
  }
});

it("refuses a database that a newer Sluice has migrated", async () => {
  const { database } = await emptyDatabase();
  await migrate(database);
  await database.query(sql`insert into sluice.migrations (number) values (999999)`);
  await expect(migrate(database)).rejects.toThrow(
    /migrated by a newer Sluice \(migration 999999; this one knows \d+\)\. Update Sluice\./,
  );
});

it("says which Postgres it needs", async () => {
  // No Postgres 13 can be had here: a double that answers with its version.
  const old = {
    query: async () => [{ version: "PostgreSQL 13.11", number: 130_011, isCitus: false }],
  } as unknown as Database;
  await expect(migrate(old)).rejects.toThrow("The database is Postgres 13; Sluice needs 14 or newer.");
});

it("says what the database user must be granted when it may not create schemas", async () => {
  const { database, url } = await emptyDatabase();
  const role = `nobody_${Math.random().toString(36).slice(2)}`;
  await database.query(sql.raw(`create role ${role} login password 'x'`));
  const limited = new URL(url);
  limited.username = role;
  limited.password = "x";
  const theirs = new Database(limited.href, 1);
  try {
    await expect(migrate(theirs)).rejects.toThrow(
      /may not create Sluice's tables.*permission denied for database.*grant create on database/,
    );
  } finally {
    await theirs.close();
    await database.query(sql.raw(`drop role ${role}`));
  }
});
