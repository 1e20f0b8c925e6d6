/** A database of its own for a test: a clone of the migrated template, dropped afterwards. */
import { randomUUID } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { templateName, urlOf } from "./database-server.ts";

export interface FreshDatabase {
  url: string;
  database: Database;
}

/** Call it in a test: it is dropped when the test is over. */
export function freshDatabase(): Promise<FreshDatabase> {
  return databaseFrom(templateName);
}

/** The same with nothing in it, not even Sluice's own tables. */
export function emptyDatabase(): Promise<FreshDatabase> {
  return databaseFrom("template0");
}

/** A copy as `create database … template` makes it. Whoever is connected to the original is thrown out for it. */
export async function copyOf(url: string): Promise<FreshDatabase> {
  const name = new URL(url).pathname.slice(1);
  const admin = administration();
  try {
    await admin.query(sql`alter database ${sql.id(name)} allow_connections false`);
    await admin.query(sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ${name}`);
    return await databaseFrom(name);
  } finally {
    await admin.query(sql`alter database ${sql.id(name)} allow_connections true`);
  }
}

/** A clone of another template. Nobody may be connected to that. */
export async function databaseFrom(template: string): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = administration();
  // Files are copied as they are: without fsync that takes a third of the time of copying through the buffers and the log.
  await admin.query(sql`create database ${sql.id(name)} template ${sql.id(template)} strategy file_copy`);
  const url = urlOf(inject("serverUrl"), name);
  const database = new Database(url, 6);
  onTestFinished(async () => {
    await database.close();
    // It waits 0.1 s until Postgres is sure that nobody is connected. Nobody waits for that: the server's end is the database's.
    void admin.query(sql`drop database ${sql.id(name)} with (force)`).catch(() => {});
  });
  return { url, database };
}

/** A name for a role of the test's own, of a kind that has to be quoted. Ask for it before the database whose tables it may read. */
export function freshRole(): string {
  const name = `caller ${randomUUID().slice(0, 8)}`;
  // By the same one connection, so after the databases in which it has rights, where dropping it would fail.
  onTestFinished(() => {
    void administration()
      .query(sql`drop role if exists ${sql.id(name)}`)
      .catch(() => {});
  });
  return name;
}

let administrating: Database | undefined;
/** One connection for all tests of a process; it ends by itself when it has idled. */
const administration = (): Database => (administrating ??= new Database(inject("serverUrl"), 1));
