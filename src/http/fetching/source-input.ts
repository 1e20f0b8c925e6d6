/** What a request may say of a source. */
import { z } from "@hono/zod-openapi";
import { maxPatterns, maxSettleSeconds, sourceNamePattern } from "../../core/source-definition.ts";
import { mappingInput, optionsInput } from "../imports/options.ts";

const text = z.string().min(1).max(2000);
const secret = z.string().min(1).max(20_000);
const port = z.number().int().min(1).max(65_535);

const secretsAway = "Its secrets are kept encrypted, and never shown again.";

/** Of each kind what it needs to be reached. */
const placeInput = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("url"),
      url: text.openapi({ example: "https://example.com/export/products.csv" }),
      headers: z.record(z.string().min(1).max(200), z.string().max(8000)).optional().openapi({
        description: "Sent with each request, but not to another origin that it redirects to. Secret.",
      }),
    }),
    z.strictObject({
      kind: z.literal("s3"),
      bucket: text,
      prefix: z.string().max(1000).optional(),
      region: text.optional(),
      endpoint: text.optional().openapi({ description: "Of a store that is not AWS." }),
      accessKeyId: text.optional(),
      secretAccessKey: secret.optional(),
      sessionToken: secret.optional(),
    }),
    z.strictObject({
      kind: z.literal("sftp"),
      host: text,
      port: port.optional(),
      user: text,
      password: secret.optional(),
      privateKey: secret.optional(),
      passphrase: secret.optional(),
      hostFingerprint: z.union([text, z.array(text).min(1).max(10)]).openapi({
        description: "Of the host's key, as `ssh-keygen -lf` prints it. Several: any of them.",
        example: "SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og",
      }),
      folder: text.optional(),
    }),
    z.strictObject({
      kind: z.literal("ftp"),
      host: text,
      port: port.optional(),
      tls: z.enum(["explicit", "implicit", "none"]).optional().openapi({ description: "Default: explicit." }),
      hostFingerprint: text.optional().openapi({
        description: "SHA-256 of the host's certificate in hex, where no authority vouches for it.",
      }),
      user: text.optional(),
      password: secret.optional(),
      folder: text.optional(),
    }),
    z.strictObject({ kind: z.literal("folder"), path: text }),
  ])
  .openapi("SourcePlace", { description: `Where the files are. ${secretsAway}` });

const rules = {
  files: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(maxPatterns)
    .openapi({ description: "Patterns of names; a file fits one of them. Default: all.", example: ["*.csv"] }),
  schedule: z
    .string()
    .max(200)
    .nullable()
    .openapi({ description: "Five fields of cron, or @daily and its like; null: when asked.", example: "0 6 * * 1-5" }),
  timeZone: z
    .string()
    .min(1)
    .max(60)
    .openapi({ description: "Of the schedule. Default: UTC.", example: "Europe/Paris" }),
  done: z.union([z.enum(["keep", "delete"]), z.strictObject({ moveTo: z.string().min(1).max(200) })]).openapi({
    description: "What becomes of a file once its import is completed: it stays (default), goes, or moves.",
  }),
  settleSeconds: z
    .number()
    .min(0)
    .max(maxSettleSeconds)
    .openapi({ description: "A file is taken when it is as it was this long before. Default: 30." }),
  parallel: z.boolean().openapi({
    description: "Files are imported at the same time. Default: one after the other, the oldest first.",
  }),
  sameContent: z.enum(["skip", "import"]).openapi({
    description: "A file of another name with bytes that were imported before. Default: skipped.",
  }),
};

export const sourceOptions = optionsInput
  .omit({ context: true })
  .openapi("SourceOptions", { description: "Of its imports. `autoCommit` is true unless it is said." });

const choices = {
  mapping: mappingInput.openapi({ description: "What it leaves out is as in the last import of the same columns." }),
  acceptDoubts: z.boolean().openapi({ description: "Take doubtful columns as suggested, instead of waiting." }),
  options: sourceOptions,
};

export const newSource = z
  .strictObject({
    name: z.string().regex(sourceNamePattern, "must be small letters, digits and hyphens, at most 60"),
    importer: z.string().min(1).max(100),
    context: z
      .record(z.string().max(60), z.string().max(1000))
      .optional()
      .openapi({ description: "Only what you may choose. It stays as it is." }),
    place: placeInput,
    templateId: z
      .number()
      .int()
      .positive()
      .optional()
      .openapi({ description: "A remembered mapping whose mapping and options it has, as they are now." }),
    ...z.object({ ...rules, ...choices }).partial().shape,
  })
  .openapi("NewSource", {
    example: {
      name: "night-orders",
      importer: "leads",
      place: { kind: "folder", path: "/srv/incoming" },
      files: ["*.csv"],
      schedule: "0 6 * * *",
      timeZone: "Europe/Paris",
    } as never,
  });

export const changedSource = z
  .strictObject({ place: placeInput.openapi({ description: "As a whole, with its secrets." }), ...rules, ...choices })
  .partial()
  .openapi("SourceChanges", { example: { schedule: "@daily" } as never });
