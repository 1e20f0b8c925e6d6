/** The import API, for whoever is signed in to this application. */
import { createApp } from "sluice/server";
import { people } from "./importers.ts";

export const sluice = createApp({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  // worker.ts works on imports; without this, a server that has no public address would do so itself.
  queueKind: "pg-boss",
  // Your own session goes here: return null for a request that nobody is signed in for.
  authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }),
});
