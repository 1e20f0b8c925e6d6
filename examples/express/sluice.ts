/** The import API, for whoever is signed in to this application. */
import { createApp } from "sluice/server";
import { people } from "./importers.ts";

export const sluice = createApp({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  // Your own session goes here: return null for a request that nobody is signed in for.
  authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }),
});
