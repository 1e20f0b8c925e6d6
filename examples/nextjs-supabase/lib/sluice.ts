/** The imports of this app: whose they are, and where they are found. */
import { createApp, type MountedApp } from "sluice/server";
import { config } from "../sluice.config.ts";
import { signedIn } from "./session.ts";

// `next dev` runs a module again whenever it has changed; the app that is open stays.
const kept = globalThis as { sluice?: MountedApp };
kept.sluice ??= createApp({
  ...config,
  authenticate: signedIn,
  basePath: "/api/import",
  // A laptop needs no database: the one that comes with Sluice runs in .sluice/. Elsewhere DATABASE_URL is needed.
  embedded: process.env.NODE_ENV === "development" && !process.env.DATABASE_URL,
});
export const sluice = kept.sluice;

// Sluice loads a storage's SDK by itself, unseen by Next.js; named here, a build takes it along.
if (process.env.SLUICE_FILES?.startsWith("s3:"))
  void Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/s3-request-presigner")]);

/** Answers QStash: it calls a route for each step of an import. */
export const receive = sluice.receive;
