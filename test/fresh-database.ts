/** A database of its own for a test: a clone of the migrated template, dropped afterwards. */
import { randomUUID } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { Database, sql } from "../src/postgres/connect.ts";
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

async function databaseFrom(template: string): Promise<FreshDatabase> {
  const serverUrl = inject("serverUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = new Database(serverUrl, 1);
  await admin.query(sql`create database ${sql.id(name)} template ${sql.id(template)}`);
  const url = urlOf(serverUrl, name);
  const database = new Database(url, 4);
  onTestFinished(async () => {
    await database.close();
    await admin.query(sql`drop database ${sql.id(name)} with (force)`);
    await admin.close();
  });
  return { url, database };
}
