/** Where Sluice runs, found by the environment: what wakes imports there, where QStash posts, and what is missing. */
import { describe, expect, it } from "vitest";
import { type ConfigFile, resolveOptions } from "../../src/config.ts";
import { hostingFindings, publicAddress, queueOf, requestLimitSeconds, tasksAddress } from "../../src/core/hosting.ts";

type Environment = Record<string, string>;

const database = "postgres://x@127.0.0.1/x";
const configOf = (environment: Environment, options: ConfigFile = {}) =>
  resolveOptions("createApp", environment, { databaseUrl: database, ...options });

/** As the first users have it. */
const supabase: Environment = {
  NEXT_PUBLIC_SUPABASE_URL: "https://abcdefgh.supabase.co",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "anon",
  SUPABASE_SERVICE_ROLE_KEY: "service",
};
const qstash: Environment = {
  QSTASH_URL: "https://qstash-us-east-1.upstash.io",
  QSTASH_TOKEN: "token",
  QSTASH_CURRENT_SIGNING_KEY: "sig_current",
  QSTASH_NEXT_SIGNING_KEY: "sig_next",
};
const production: Environment = {
  VERCEL: "1",
  VERCEL_ENV: "production",
  VERCEL_PROJECT_PRODUCTION_URL: "crm.example.com",
  VERCEL_URL: "crm-abc123.vercel.app",
};
const preview: Environment = { ...production, VERCEL_ENV: "preview" };

describe("what wakes the imports of a mount", () => {
  it.each<[string, Environment, string, RegExp]>([
    ["nothing is set", {}, "direct", /no public address is set \(APP_URL\)/],
    ["the app is on localhost", { APP_URL: "http://localhost:3000", ...qstash }, "direct", /which only this machine/],
    ["the app is on [::1]", { APP_URL: "http://[::1]:3000", ...qstash }, "direct", /which only this machine/],
    ["QStash alone is set", qstash, "direct", /no public address/],
    [
      "QStash and APP_URL are",
      { ...qstash, APP_URL: "https://crm.example.com/" },
      "qstash",
      /APP_URL is https:\/\/crm/,
    ],
    [
      "the first users' environment is",
      { ...supabase, ...qstash, APP_URL: "https://crm.fr" },
      "qstash",
      /QSTASH_TOKEN/,
    ],
    ["Vercel's production has QStash", { ...production, ...qstash }, "qstash", /VERCEL_PROJECT_PRODUCTION_URL/],
    ["Vercel's preview has QStash", { ...preview, ...qstash }, "qstash", /VERCEL_URL is https:\/\/crm-abc123/],
    ["`vercel dev` has QStash", { ...production, VERCEL_ENV: "development", ...qstash }, "direct", /no public address/],
    ["an address alone is set", { APP_URL: "crm.example.com" }, "pg-boss", /and QSTASH_TOKEN is not set/],
    ["the server's address is", { SLUICE_PUBLIC_URL: "https://x.example/imports" }, "pg-boss", /SLUICE_PUBLIC_URL/],
    [
      "a setting says so",
      { ...qstash, APP_URL: "https://x.example", SLUICE_QUEUE: "pg-boss" },
      "pg-boss",
      /SLUICE_QUEUE/,
    ],
  ])("is found when %s", (_, environment, kind, why) => {
    expect(queueOf(configOf(environment))).toEqual({ kind, why: expect.stringMatching(why) });
  });

  it("takes APP_URL before what Vercel says, and a path of it as it is", () => {
    const config = configOf({ ...production, APP_URL: "https://crm.example.com/app/" });
    expect(publicAddress(config)).toEqual({ url: "https://crm.example.com/app", from: "APP_URL" });
  });

  it.each<[string, Environment, string, string]>([
    ["the mount's path", { APP_URL: "https://x.example" }, "/api/import", "https://x.example/api/import/api/v1/tasks"],
    [
      "a public address with its own",
      { SLUICE_PUBLIC_URL: "https://x.example/i" },
      "/i",
      "https://x.example/i/api/v1/tasks",
    ],
    [
      "a path of its own",
      { APP_URL: "https://x.example", SLUICE_TASKS_URL: "/api/import/" },
      "",
      "https://x.example/api/import",
    ],
    ["an address of its own", { SLUICE_TASKS_URL: "https://t.example/x/" }, "/y", "https://t.example/x"],
  ])("posts below %s", (_, environment, basePath, address) => {
    expect(tasksAddress(configOf(environment), basePath)).toBe(address);
  });

  it.each<[Environment, number | null]>([
    [production, 300],
    [{ ...production, SLUICE_MAX_DURATION: "60" }, 60],
    [{}, null],
  ])("lets a request of %j run for %s s", (environment, seconds) => {
    expect(requestLimitSeconds(configOf(environment))).toBe(seconds);
  });
});

describe("what is missing", () => {
  const everything = { ...production, ...qstash, SLUICE_FILES: "s3://bucket" };
  const developmentKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
  const errors = (config: ReturnType<typeof configOf>) =>
    hostingFindings(config).flatMap(({ level, message }) => (level === "error" ? [message] : []));
  const warnings = (config: ReturnType<typeof configOf>) =>
    hostingFindings(config).flatMap(({ level, message }) => (level === "warning" ? [message] : []));

  it("is nothing on Vercel with QStash and object storage, nor on a laptop", () => {
    expect(hostingFindings(configOf(everything))).toEqual([]);
    expect(hostingFindings(configOf({}))).toEqual([]);
  });

  it.each<[string, Environment, RegExp]>([
    ["object storage on Vercel", { ...everything, SLUICE_FILES: "" }, /set SLUICE_FILES to the address of a bucket/],
    ["other storage than a folder", { ...everything, SLUICE_FILES: "file:///tmp/x" }, /Vercel keeps no files/],
    ["storage on Lambda", { AWS_LAMBDA_FUNCTION_NAME: "f" }, /AWS Lambda keeps no files/],
    ["a signing key", { ...everything, QSTASH_NEXT_SIGNING_KEY: "" }, /^QSTASH_NEXT_SIGNING_KEY not set/],
    [
      "both",
      { ...everything, QSTASH_CURRENT_SIGNING_KEY: " ", QSTASH_NEXT_SIGNING_KEY: "" },
      /^QSTASH_CURRENT_SIGNING_KEY and/,
    ],
    ["a key of one's own", { ...everything, QSTASH_CURRENT_SIGNING_KEY: developmentKey }, /which everybody has/],
    ["the token", { ...everything, QSTASH_TOKEN: "", SLUICE_QUEUE: "qstash" }, /^QSTASH_TOKEN is not set/],
    ["an address", { ...qstash, SLUICE_QUEUE: "qstash" }, /set APP_URL to the app's public address/],
    ["a public address", { ...everything, APP_URL: "http://localhost", SLUICE_QUEUE: "qstash" }, /cannot reach/],
  ])("is said: %s", (_, environment, message) => {
    expect(errors(configOf(environment))).toEqual([expect.stringMatching(message)]);
  });

  it.each<[string, Environment, RegExp]>([
    ["QStash cannot reach the app", qstash, /set APP_URL/],
    ["nothing works on Vercel", { ...everything, QSTASH_TOKEN: "" }, /run `sluice work` on a machine/],
    ["a preview is protected", { ...everything, VERCEL_ENV: "preview" }, /VERCEL_AUTOMATION_BYPASS_SECRET/],
    ["the way is open to read", { ...qstash, APP_URL: "http://crm.example.com" }, /is not encrypted/],
    ["requests end", { AWS_LAMBDA_FUNCTION_NAME: "f", SLUICE_FILES: "s3://b" }, /Imports stop with the request/],
  ])("is warned of where %s", (_, environment, message) => {
    expect(warnings(configOf(environment))).toEqual([expect.stringMatching(message)]);
  });

  it("lets the development server's keys be used on localhost alone", () => {
    const keys = { QSTASH_CURRENT_SIGNING_KEY: developmentKey, QSTASH_NEXT_SIGNING_KEY: developmentKey };
    const local = { ...qstash, ...keys, APP_URL: "http://localhost:3000", SLUICE_QUEUE: "qstash" };
    expect(errors(configOf(local))).toEqual([]);
    expect(errors(configOf({ ...local, NODE_ENV: "production" }))).toEqual([expect.stringMatching(/everybody has/)]);
    expect(errors(configOf({ ...local, APP_URL: "http://10.0.0.7" }))).toEqual([
      expect.stringMatching(/everybody has/),
    ]);
  });

  it("has a database that Supabase's keys do not open", () => {
    expect(() => resolveOptions("createApp", supabase, {})).toThrow(
      /createApp needs a database: set DATABASE_URL\. NEXT_PUBLIC_SUPABASE_URL names the project abcdefgh\.supabase\.co, .*transaction pooler \(port 6543\)/,
    );
  });
});

it.each([
  ["SLUICE_QUEUE", "bull", /SLUICE_QUEUE must be one of: auto, qstash, direct, pg-boss/],
  ["SLUICE_TASKS_URL", "api/import", /SLUICE_TASKS_URL must be a path such as \/api\/import/],
  ["QSTASH_URL", "qstash.upstash.io", /QSTASH_URL must begin with https/],
  ["SLUICE_MAX_DURATION", "300s", /SLUICE_MAX_DURATION must be a whole number from 0 to 3600/],
  ["SLUICE_SWEEP_MINUTES", "60", /SLUICE_SWEEP_MINUTES must be a whole number from 1 to 59/],
])("refuses %s=%s", (name, value, message) => {
  expect(() => configOf({ [name]: value })).toThrow(message);
});
