/** What the app and the command line have in common: `npx sluice check`, `npx sluice supabase migration`. */
import { defineConfig } from "sluice";
import { leads } from "sluice/importers";

export const config = defineConfig({
  importers: [leads],
  language: "fr",
  // QStash finds a route for each step of an import there.
  tasksUrl: "/api/import",
});
