/** A source and its files as the API returns them. */
import { z } from "@hono/zod-openapi";
import type { Language } from "../../core/fields/language.ts";
import { isGivenField } from "../../core/given-mapping.ts";
import { statuses } from "../../core/import.ts";
import { type AllowedPlaces, placeKinds } from "../../core/source.ts";
import { fileStates, type SourceFile, type SourceStanding } from "../../core/store/sources.ts";
import { withoutPlaces } from "../../core/without-places.ts";
import { textIn } from "../../locale/told.ts";
import { givenColumn, givenField } from "../imports/options.ts";
import type { Reach } from "../request/reach.ts";
import { type HttpContext, type HttpParts, languageOf } from "../request/request-context.ts";

const count = z.number().int();
const moment = z.iso.datetime();

export const sourceSchema = z
  .object({
    id: count,
    name: z.string(),
    origin: z.enum(["config", "api"]).openapi({ description: "A config's are changed by it alone." }),
    importer: z.string(),
    context: z.record(z.string(), z.string()),
    place: z
      .looseObject({ kind: z.enum(placeKinds) })
      .openapi({ description: "Without its secrets; of a config's, its kind alone unless you run the server." }),
    hasSecrets: z.boolean(),
    files: z.array(z.string()),
    schedule: z.string().nullable(),
    timeZone: z.string(),
    done: z.union([z.enum(["keep", "delete"]), z.object({ moveTo: z.string() })]),
    settleSeconds: z.number(),
    parallel: z.boolean(),
    sameContent: z.enum(["skip", "import"]),
    mapping: z.object({ columns: z.array(givenColumn), fields: z.array(givenField) }),
    acceptDoubts: z.boolean(),
    options: z.record(z.string(), z.unknown()),
    state: z
      .enum(["working", "paused", "stopped"])
      .openapi({ description: "`stopped`: `error` says why, and it waits for a person." }),
    nextRunAt: moment.nullable(),
    lookAt: moment.nullable().openapi({ description: "When it is looked at beside its schedule." }),
    lookedAt: moment.nullable(),
    error: z.string().nullable().openapi({ description: "In the reader's language." }),
    waitsFor: count
      .nullable()
      .openapi({ description: "The import that was made last and is not over: the next file waits for it." }),
    counts: z
      .object(
        Object.fromEntries(fileStates.map((state) => [state, count])) as Record<
          (typeof fileStates)[number],
          typeof count
        >,
      )
      .openapi({ description: "Its files by their states." }),
    createdBy: z.string().nullable(),
    createdByName: z.string().nullable(),
    createdAt: moment,
    updatedAt: moment,
  })
  .openapi("Source", { description: "A place that files are fetched from." });

export const sourceFileSchema = z
  .object({
    id: count,
    name: z.string(),
    sizeBytes: count.nullable(),
    modifiedAt: moment.nullable(),
    state: z.enum(fileStates).openapi({
      description:
        "`new`: seen once, or still changing; `ready`, `made`: on its way; `imported`: has an import; `same`: its bytes were imported before; `empty`; `failed`: waits for a person, or for another version.",
    }),
    importId: count.nullable(),
    importStatus: z.enum(statuses).nullable(),
    error: z.string().nullable(),
    firstSeenAt: moment,
    awayAt: moment.nullable().openapi({ description: "When it was moved or deleted at its place." }),
  })
  .openapi("SourceFile");

export const sourceKindsSchema = z
  .object({
    kinds: z.array(z.enum(placeKinds)).openapi({
      description:
        "Without `SLUICE_SOURCE_FOLDERS` there is no `folder`, without `SLUICE_SECRETS_KEY` neither `sftp` nor `s3`.",
    }),
    secrets: z.boolean().openapi({ description: "Whether passwords, keys and headers can be kept." }),
    folders: z
      .array(z.string())
      .nullable()
      .openapi({ description: "Where folders must be; null: told to whoever runs the server alone." }),
  })
  .openapi("SourceKinds");

export function presentKinds(
  { kinds, secrets, folders }: AllowedPlaces,
  { isUnbounded }: Pick<Reach, "isUnbounded">,
): z.infer<typeof sourceKindsSchema> {
  return { kinds: [...kinds], secrets, folders: isUnbounded ? [...folders] : null };
}

export function presentSource(
  parts: Pick<HttpParts, "language" | "places">,
  c: HttpContext,
  source: SourceStanding,
): z.infer<typeof sourceSchema> {
  const { origin, place, choices, sealed, error, ...rest } = source;
  const { id, name, importer, context, files, schedule, timeZone, done, settleSeconds, parallel, sameContent } = rest;
  const isShown = origin === "api" || c.get("reach").isUnbounded;
  return {
    ...{ id, name, origin, importer, context, schedule, timeZone, done, settleSeconds, parallel, sameContent },
    place: isShown ? { ...place } : { kind: place.kind },
    hasSecrets: sealed !== null,
    files: [...files],
    mapping: {
      columns: choices.given.flatMap((each) => {
        if (isGivenField(each)) return [];
        const { readBy: _, ...column } = each;
        return [column];
      }),
      fields: choices.given.filter(isGivenField).map(({ unlessColumn: _, ...each }) => each),
    },
    acceptDoubts: choices.acceptDoubts,
    options: { ...choices.options },
    state: rest.state,
    nextRunAt: iso(rest.nextRunAt),
    lookAt: iso(rest.lookAt),
    lookedAt: iso(rest.lookedAt),
    error: error === null ? null : withoutPlaces(textIn(languageOf(c, parts), error), parts.places),
    waitsFor: rest.waitsFor,
    counts: rest.counts,
    createdBy: rest.createdBy,
    createdByName: rest.createdByName,
    createdAt: rest.createdAt.toISOString(),
    updatedAt: rest.updatedAt.toISOString(),
  };
}

export function presentFile(
  file: SourceFile,
  language: Language,
  places: readonly string[],
): z.infer<typeof sourceFileSchema> {
  const { id, name, sizeBytes, modifiedAt, state, importId, importStatus, error, firstSeenAt, awayAt } = file;
  return {
    ...{ id, name, sizeBytes, state, importId, importStatus },
    modifiedAt: iso(modifiedAt),
    error: error === null ? null : withoutPlaces(textIn(language, error), places),
    firstSeenAt: firstSeenAt.toISOString(),
    awayAt: iso(awayAt),
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
