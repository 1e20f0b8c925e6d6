/** `/sources`: the places that files are fetched from: made, changed, run, paused, deleted, with what is known of their files. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { checkedOptions, optionNames, pickOptions, rememberedNames } from "../../core/import-options.ts";
import type { Importer } from "../../core/importer.ts";
import { type NewSource, partedPlace, type SourceAdapters, type SourceChoices } from "../../core/source.ts";
import { checkSource, defaultRules } from "../../core/source-definition.ts";
import { fileStates, type SourceStanding } from "../../core/store/sources.ts";
import type { UserAction } from "../../core/users.ts";
import { rememberedOf, unsaid } from "../../engine/given-mapping.ts";
import { refuseUnlessAdmin } from "../accounts/auth-guard.ts";
import { givenIn } from "../imports/options.ts";
import { templateFor } from "../imports/template-access.ts";
import {
  type HttpContext,
  type HttpParts,
  importerFor,
  languageOf,
  notifiedOf,
  refuseUnless,
} from "../request/request-context.ts";
import {
  body,
  idNumber,
  json,
  newRouter,
  pageOf,
  pageOfListed,
  pageQuery,
  problems,
  type Router,
} from "../request/router.ts";
import { changedSource, newSource } from "./source-input.ts";
import {
  presentFile,
  presentKinds,
  presentSource,
  sourceFileSchema,
  sourceKindsSchema,
  sourceSchema,
} from "./source-view.ts";

const tags = ["Sources"];
const forWhom = "For admins, within their contexts.";
const path = z.object({
  id: idNumber.openapi({ param: { name: "id", in: "path" }, example: 3, description: "The source." }),
});
const filePath = path.extend({ fileId: idNumber.openapi({ param: { name: "fileId", in: "path" }, example: 17 }) });

const list = createRoute({
  method: "get",
  path: "/sources",
  operationId: "listSources",
  tags,
  summary: "The places that files are fetched from",
  description: forWhom,
  request: { query: z.object(pageQuery(50, 200)) },
  responses: { 200: json(pageOf(sourceSchema).openapi("SourcePage"), "A page."), ...problems() },
});

const create = createRoute({
  method: "post",
  path: "/sources",
  operationId: "createSource",
  tags,
  summary: "Have files fetched from a place",
  description: `Its imports are in your name and in the context that it is made with. ${forWhom}`,
  request: body(newSource),
  responses: { 201: json(sourceSchema, "The source."), ...problems("not_found", "conflict") },
});

const kinds = createRoute({
  method: "get",
  path: "/sources/kinds",
  operationId: "listSourceKinds",
  tags,
  summary: "Which kinds of place a new source may have here",
  description: "For admins.",
  responses: { 200: json(sourceKindsSchema, "What this server allows."), ...problems("not_found") },
});

const get = createRoute({
  method: "get",
  path: "/sources/{id}",
  operationId: "getSource",
  tags,
  summary: "A source",
  description: forWhom,
  request: { params: path },
  responses: { 200: json(sourceSchema, "The source."), ...problems("not_found") },
});

const change = createRoute({
  method: "patch",
  path: "/sources/{id}",
  operationId: "changeSource",
  tags,
  summary: "Change a source that was made by the API",
  description: `Its name, importer and context stay. A place is changed as a whole, with its secrets. ${forWhom}`,
  request: { params: path, ...body(changedSource) },
  responses: { 200: json(sourceSchema, "The source."), ...problems("not_found", "conflict") },
});

const remove = createRoute({
  method: "delete",
  path: "/sources/{id}",
  operationId: "deleteSource",
  tags,
  summary: "Fetch from it no more, and forget its files",
  description: `Its imports stay. ${forWhom}`,
  request: { params: path },
  responses: { 204: { description: "It is deleted." }, ...problems("not_found", "conflict") },
});

const acts = {
  run: "Look at its place now; one that has stopped or rests works again",
  pause: "Let it rest",
  resume: "Let it work again, by its schedule",
} as const;
const act = createRoute({
  method: "post",
  path: "/sources/{id}/{act}",
  operationId: "actOnSource",
  tags,
  summary: "Run it now, let it rest, let it work again",
  description: `${Object.entries(acts)
    .map(([name, says]) => `\`${name}\`: ${says}.`)
    .join(" ")} ${forWhom}`,
  request: {
    params: path.extend({
      act: z.enum(Object.keys(acts) as (keyof typeof acts)[]).openapi({ param: { name: "act", in: "path" } }),
    }),
  },
  responses: { 200: json(sourceSchema, "The source."), ...problems("not_found") },
});

const files = createRoute({
  method: "get",
  path: "/sources/{id}/files",
  operationId: "listSourceFiles",
  tags,
  summary: "What is known of its files, the latest first",
  description: forWhom,
  request: { params: path, query: z.object({ ...pageQuery(50, 500), state: z.enum(fileStates).optional() }) },
  responses: { 200: json(pageOf(sourceFileSchema).openapi("SourceFilePage"), "A page."), ...problems("not_found") },
});

const retry = createRoute({
  method: "post",
  path: "/sources/{id}/files/{fileId}/retry",
  operationId: "retrySourceFile",
  tags,
  summary: "Fetch a file again that failed, or was skipped, or whose import was cancelled or undone",
  description: forWhom,
  request: { params: filePath },
  responses: { 204: { description: "It is fetched soon." }, ...problems("not_found", "conflict") },
});

export function sourceRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { sources } = parts.engine;
  /** Its chore would find it too, a moment later. */
  const wake = async (id: number): Promise<void> => {
    await parts.queue?.enqueue({ kind: "fetch", sourceId: id }).catch(() => {});
  };

  routes.openapi(list, async (c) => {
    refuseUnlessAdmin(c);
    const { after, limit } = c.req.valid("query");
    const found = await sources.list(await c.get("reach").bounds(), {
      after: after === undefined ? undefined : Number(after),
      limit,
    });
    return c.json(
      pageOfListed(
        found,
        ({ id }) => id,
        (source) => presentSource(parts, c, source),
      ),
      200,
    );
  });

  routes.openapi(create, async (c) => {
    refuseUnlessAdmin(c);
    const adapters = adaptersOf(parts);
    const input = c.req.valid("json");
    const importer = await importerFor(parts, c, input.importer, "import");
    const context = await c.get("reach").contextFor(importer, input.context ?? {});
    const template =
      input.templateId === undefined ? null : await templateFor(parts, c, input.templateId, { importer, context });
    const said = choicesIn(input);
    const { given = [] } = said;
    const choices: SourceChoices = {
      given: [...given, ...unsaid(template === null ? [] : rememberedOf(template.mapping), given)],
      acceptDoubts: said.acceptDoubts ?? false,
      options: {
        autoCommit: true,
        ...(template !== null && { ...pickOptions(template, rememberedNames), dialect: template.reading ?? {} }),
        ...said.options,
      },
    };
    const { name, place } = input;
    const source: NewSource = {
      ...defaultRules,
      ...rulesIn(input),
      name,
      importer: importer.name,
      context,
      place,
      choices,
    };
    await check(c, adapters, importer, source);
    const { open, secrets } = partedPlace(place);
    const user = c.get("user");
    const made = await sources.create({
      ...source,
      place: open,
      sealed: secrets === null ? null : adapters.seal(secrets),
      nextRunAt: adapters.nextRun(source, new Date()),
      createdBy: user.id,
      createdByName: user.name,
      notify: await notifiedOf(c),
    });
    return c.json(presentSource(parts, c, await sources.get(made.id)), 201);
  });

  // Before the one with an id in its place.
  routes.openapi(kinds, async (c) => {
    refuseUnlessAdmin(c);
    return c.json(presentKinds(adaptersOf(parts).allowed, c.get("reach")), 200);
  });

  routes.openapi(get, async (c) =>
    c.json(presentSource(parts, c, await ownSource(parts, c, c.req.valid("param").id, "view")), 200),
  );

  routes.openapi(change, async (c) => {
    const adapters = adaptersOf(parts);
    const before = await ownSource(parts, c, c.req.valid("param").id, "import");
    refuseConfigs(before);
    const input = c.req.valid("json");
    const importer = await importerFor(parts, c, before.importer, "import");
    const said = choicesIn(input);
    const choices: SourceChoices = {
      given: said.given ?? before.choices.given,
      acceptDoubts: said.acceptDoubts ?? before.choices.acceptDoubts,
      options: said.options === undefined ? before.choices.options : { autoCommit: true, ...said.options },
    };
    const rules = rulesIn(input);
    const { name, context } = before;
    const source: NewSource = { ...before, ...rules, name, context, choices, place: input.place ?? before.place };
    await check(c, adapters, importer, source, input.place !== undefined);
    const place = input.place === undefined ? null : partedPlace(input.place);
    await sources.change(before.id, {
      ...rules,
      choices,
      ...(place !== null && {
        place: place.open,
        sealed: place.secrets === null ? null : adapters.seal(place.secrets),
      }),
      ...((input.schedule !== undefined || input.timeZone !== undefined) && {
        nextRunAt: adapters.nextRun(source, new Date()),
      }),
    });
    return c.json(presentSource(parts, c, await sources.get(before.id)), 200);
  });

  routes.openapi(remove, async (c) => {
    const source = await ownSource(parts, c, c.req.valid("param").id, "delete");
    refuseConfigs(source);
    await sources.delete(source.id);
    return c.body(null, 204);
  });

  routes.openapi(act, async (c) => {
    const { id, act: asked } = c.req.valid("param");
    const source = await ownSource(parts, c, id, "import");
    if (asked === "run") {
      await sources.run(id);
      await wake(id);
    } else if (asked === "pause") await sources.pause(id);
    else {
      await sources.resume(id, adaptersOf(parts).nextRun(source, new Date()));
      await wake(id);
    }
    return c.json(presentSource(parts, c, await sources.get(id)), 200);
  });

  routes.openapi(files, async (c) => {
    const { id } = await ownSource(parts, c, c.req.valid("param").id, "view");
    const { after, limit, state } = c.req.valid("query");
    const found = await sources.files(id, { state }, { after: after === undefined ? undefined : Number(after), limit });
    const language = languageOf(c, parts);
    return c.json(
      pageOfListed(
        found,
        (file) => file.id,
        (file) => presentFile(file, language, parts.places),
      ),
      200,
    );
  });

  routes.openapi(retry, async (c) => {
    const { id, fileId } = c.req.valid("param");
    await ownSource(parts, c, id, "import");
    await sources.retryFile(id, fileId);
    await wake(id);
    return c.body(null, 204);
  });
  return routes;
}

/** A source of the caller's contexts. @throws SluiceError `not_found` for any other */
async function ownSource(
  { engine }: Pick<HttpParts, "engine">,
  c: HttpContext,
  id: number,
  action: UserAction,
): Promise<SourceStanding> {
  refuseUnlessAdmin(c);
  const source = await engine.sources.get(id);
  if (await c.get("reach").mayWith(action, source)) return source;
  throw new SluiceError("not_found", told`There is no source ${id}, or it is not yours.`);
}

function refuseConfigs({ origin, name }: SourceStanding): void {
  if (origin !== "config") return;
  throw new SluiceError(
    "conflict",
    told`The source "${name}" is in the server's config, which alone changes it. It can be run and paused here.`,
  );
}

/** Whether it can be, and its maker may have all that it will do by itself. `isPlaceNew`: its place is to be looked at too. */
async function check(
  c: HttpContext,
  adapters: SourceAdapters,
  importer: Importer,
  source: NewSource,
  isPlaceNew = true,
): Promise<void> {
  const { context, choices } = source;
  // A place that is kept has no secrets here.
  checkSource(source, isPlaceNew);
  if (isPlaceNew) adapters.checkPlace(source.place, "api");
  await refuseUnless(c, "import", importer, context);
  if (choices.options.autoCommit !== false) await refuseUnless(c, "commit", importer, context);
  checkedOptions(
    importer,
    pickOptions(choices.options, optionNames as Exclude<(typeof optionNames)[number], "context">[]),
  );
  adapters.nextRun(source, new Date());
}

function adaptersOf({ sources }: HttpParts): SourceAdapters {
  if (sources !== null) return sources;
  throw new SluiceError("not_found", told`This server fetches from no sources.`);
}

type Input = z.infer<typeof changedSource>;

function choicesIn({ mapping, acceptDoubts, options }: Input): Partial<SourceChoices> {
  return {
    ...(mapping !== undefined && { given: givenIn(mapping) }),
    ...(acceptDoubts !== undefined && { acceptDoubts }),
    ...(options !== undefined && { options: options as SourceChoices["options"] }),
  };
}

function rulesIn({ files: patterns, schedule, timeZone, done, settleSeconds, parallel, sameContent }: Input) {
  return Object.fromEntries(
    Object.entries({ files: patterns, schedule, timeZone, done, settleSeconds, parallel, sameContent }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Partial<Omit<NewSource, "name" | "importer" | "context" | "place" | "choices">>;
}
