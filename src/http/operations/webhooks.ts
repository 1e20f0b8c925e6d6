/** `/webhooks`: addresses of other programs that are told of imports, their secrets, and the log of what they were told. For admins. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ContextValues, hasContext } from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import { knownContext } from "../../core/importer.ts";
import type { WebhookBounds, Webhooks } from "../../core/store/webhooks.ts";
import {
  deliveryStates,
  type Webhook,
  type WebhookDelivery,
  webhookEvents,
  webhookSinkName,
} from "../../core/webhook.ts";
import { refuseUnlessAdmin } from "../accounts/auth-guard.ts";
import type { HttpContext, HttpParts } from "../request/request-context.ts";
import { body, idNumber, json, newRouter, pageOf, problems, type Router, toPage } from "../request/router.ts";

const tags = ["Webhooks"];
const moment = z.iso.datetime();
const count = z.number().int();
const params = z.object({ id: idNumber.openapi({ param: { name: "id", in: "path" }, description: "The webhook." }) });
const deliveryParams = params.extend({
  deliveryId: z.uuid().openapi({ param: { name: "deliveryId", in: "path" }, description: "Its `webhook-id`." }),
});

const url = z.string().max(2000).openapi({ example: "https://crm.example.com/hooks/imports" });
const name = z.string().trim().min(1).max(200);
const events = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length);

const webhookSchema = z
  .object({
    id: count,
    url,
    name,
    events,
    importer: z.string().nullable().openapi({ description: "Null: all of them." }),
    context: z
      .record(z.string(), z.string())
      .nullable()
      .openapi({ description: "Of which imports; null: in every context." }),
    createdAt: moment,
    disabledAt: moment.nullable(),
    disabledReason: z.enum(["person", "gone"]).nullable().openapi({ description: "`gone`: its address answered 410." }),
    throttledUntil: moment.nullable().openapi({ description: "Its address asked for a pause (429, 502, 504)." }),
    previousSecretUntil: moment
      .nullable()
      .openapi({ description: "How long the secret from before the last rotation signs as well." }),
  })
  .openapi("Webhook");

const secretSchema = webhookSchema
  .extend({ secret: z.string().openapi({ description: "It is told this once.", example: "whsec_…" }) })
  .openapi("WebhookWithSecret");

const deliverySchema = z
  .object({
    id: z.string().openapi({ description: "The `webhook-id`, the same over all attempts." }),
    event: z.enum(webhookEvents),
    importId: count,
    state: z.enum(deliveryStates).openapi({ description: "`failed`: given up after the last attempt." }),
    page: count.nullable().openapi({ description: "Of `import.rows`: which page, from 1." }),
    createdAt: moment,
    nextAt: moment.nullable().openapi({ description: "When it is tried next." }),
    attempts: z
      .array(
        z.object({
          at: z.string(),
          status: count.nullable().openapi({ description: "Null: there was no answer." }),
          error: z.string().nullable(),
          milliseconds: count,
        }),
      )
      .openapi({ description: "The first one first." }),
  })
  .openapi("WebhookDelivery");

const description = "For an admin: those of importers and contexts that are theirs; an operator's are of all.";

const list = createRoute({
  method: "get",
  path: "/webhooks",
  operationId: "listWebhooks",
  tags,
  summary: "Webhooks",
  description,
  responses: {
    200: json(z.object({ items: z.array(webhookSchema) }).openapi("WebhookList"), "All of them."),
    ...problems(),
  },
});

const create = createRoute({
  method: "post",
  path: "/webhooks",
  operationId: "createWebhook",
  tags,
  summary: "Add a webhook",
  description: `${description} Its secret is told this once.`,
  request: body(
    z
      .object({
        url,
        name: name.optional().openapi({ description: "Default: the address' host." }),
        events,
        importer: z
          .string()
          .max(200)
          .nullable()
          .optional()
          .openapi({ description: "Default: all, where you may see all." }),
        context: z
          .record(z.string(), z.string())
          .nullable()
          .optional()
          .openapi({ description: "Default: yours; for an operator every context." }),
      })
      .openapi("NewWebhook", {
        example: { url: "https://crm.example.com/hooks/imports", events: ["import.completed"] } as never,
      }),
  ),
  responses: { 201: json(secretSchema, "The webhook."), ...problems("conflict", "not_found") },
});

const read = createRoute({
  method: "get",
  path: "/webhooks/{id}",
  operationId: "getWebhook",
  tags,
  summary: "A webhook",
  description,
  request: { params },
  responses: { 200: json(webhookSchema, "The webhook."), ...problems("not_found") },
});

const change = createRoute({
  method: "patch",
  path: "/webhooks/{id}",
  operationId: "changeWebhook",
  tags,
  summary: "Change a webhook, or turn it off and on",
  description: "What waits for one that is turned off is given up, and can be delivered again.",
  request: {
    params,
    ...body(
      z
        .object({
          url: url.optional(),
          name: name.optional(),
          events: events.optional(),
          isDisabled: z.boolean().optional(),
        })
        .openapi("WebhookChanges", { example: { isDisabled: true } }),
    ),
  },
  responses: { 200: json(webhookSchema, "The webhook."), ...problems("not_found") },
});

const remove = createRoute({
  method: "delete",
  path: "/webhooks/{id}",
  operationId: "deleteWebhook",
  tags,
  summary: "Delete a webhook, with its log",
  description,
  request: { params },
  responses: { 204: { description: "It is gone." }, ...problems("not_found") },
});

const rotate = createRoute({
  method: "post",
  path: "/webhooks/{id}/rotate",
  operationId: "rotateWebhookSecret",
  tags,
  summary: "Give a webhook a new secret",
  description: "Requests are signed with both for a while, so that a receiver is never without one that serves.",
  request: {
    params,
    ...body(
      z
        .object({
          keepHours: z.number().min(0).max(720).optional().openapi({
            description: "Hours that the old secret signs as well. Default: 24. 0: it is known to somebody.",
          }),
        })
        .openapi("WebhookRotation", { example: {} }),
    ),
  },
  responses: { 200: json(secretSchema, "The webhook with its new secret."), ...problems("not_found") },
});

const deliveries = createRoute({
  method: "get",
  path: "/webhooks/{id}/deliveries",
  operationId: "listWebhookDeliveries",
  tags,
  summary: "What a webhook was told, the newest first",
  description: "Kept for a week; what was given up, for a month.",
  request: {
    params,
    query: z.object({
      after: z.uuid().optional().openapi({ description: "`next` of the page before." }),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      state: z.enum(deliveryStates).optional(),
      importId: idNumber.optional(),
    }),
  },
  responses: { 200: json(pageOf(deliverySchema), "A page of them."), ...problems("not_found") },
});

const redeliver = createRoute({
  method: "post",
  path: "/webhooks/{id}/deliveries/{deliveryId}/redeliver",
  operationId: "redeliverWebhook",
  tags,
  summary: "Deliver again, under the same id",
  description: "At once, and from the first attempt on where it fails.",
  request: { params: deliveryParams },
  responses: { 202: json(deliverySchema, "It waits for a worker."), ...problems("not_found", "conflict") },
});

/** A secret from before goes on signing for as long. */
const usualKeepHours = 24;

export function webhookRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { importers } = parts;
  const service = (): NonNullable<HttpParts["webhooks"]> => {
    if (parts.webhooks !== null) return parts.webhooks;
    throw new SluiceError("not_found", told`This server has no webhooks.`);
  };
  const store = (): Webhooks => service().store;

  /** Null: all. */
  const boundsOf = async (c: HttpContext): Promise<WebhookBounds | null> => {
    refuseUnlessAdmin(c);
    if (c.get("reach").isUnbounded) return null;
    return (await c.get("reach").bounds())?.within ?? [];
  };
  /** As for an id that nobody has. */
  const own = async (c: HttpContext, id: number): Promise<Webhook> => {
    refuseUnlessAdmin(c);
    const gone = new SluiceError("not_found", told`There is no webhook ${id}, or it is not yours.`);
    const found = await store()
      .get(id)
      .catch((error: unknown) => {
        throw error instanceof SluiceError && error.code === "not_found" ? gone : error;
      });
    if (c.get("reach").isUnbounded) return found;
    const importer = found.importer === null ? undefined : importers.get(found.importer);
    if (importer === undefined || found.context === null) throw gone;
    if (!(await c.get("reach").may("view", importer, found.context))) throw gone;
    return found;
  };

  routes.openapi(list, async (c) => {
    const bounds = await boundsOf(c);
    return c.json({ items: (await store().list(bounds)).map(present) }, 200);
  });
  routes.openapi(create, async (c) => {
    refuseUnlessAdmin(c);
    const asked = c.req.valid("json");
    const of = await scopeOf(c, parts, asked);
    service().sender.check(asked.url);
    const secret = service().sender.newSecret();
    const created = await store().create({
      ...of,
      url: asked.url,
      name: asked.name ?? new URL(asked.url).host,
      events: [...new Set(asked.events)],
      createdBy: c.get("user").id,
      secret,
    });
    return c.json({ ...present(created), secret }, 201);
  });
  routes.openapi(read, async (c) => c.json(present(await own(c, c.req.valid("param").id)), 200));
  routes.openapi(change, async (c) => {
    const { id } = await own(c, c.req.valid("param").id);
    const changes = c.req.valid("json");
    if (changes.url !== undefined) service().sender.check(changes.url);
    return c.json(present(await store().change(id, changes)), 200);
  });
  routes.openapi(remove, async (c) => {
    const { id } = await own(c, c.req.valid("param").id);
    await store().delete(id);
    return c.body(null, 204);
  });
  routes.openapi(rotate, async (c) => {
    const { id } = await own(c, c.req.valid("param").id);
    const { keepHours = usualKeepHours } = c.req.valid("json");
    const secret = service().sender.newSecret();
    const rotated = await store().rotate(id, secret, new Date(Date.now() + keepHours * 3600 * 1000));
    return c.json({ ...present(rotated), secret }, 200);
  });
  routes.openapi(deliveries, async (c) => {
    const { id } = await own(c, c.req.valid("param").id);
    const { after, limit, state, importId } = c.req.valid("query");
    const filter = { ...(state !== undefined && { state }), ...(importId !== undefined && { importId }) };
    const page = { limit: limit + 1, ...(after !== undefined && { before: after }) };
    const found = await store().deliveries(id, filter, page);
    return c.json(
      toPage(found, limit, (each) => each.id, presentDelivery),
      200,
    );
  });
  routes.openapi(redeliver, async (c) => {
    const { id } = await own(c, c.req.valid("param").id);
    const again = await store().redeliver(id, c.req.valid("param").deliveryId);
    // Whoever delivers would find it too, where one looks.
    await parts.queue?.enqueue({ kind: "deliver", sink: webhookSinkName }).catch(() => {});
    return c.json(presentDelivery(again), 202);
  });
  return routes;
}

/** Of which imports a new one is told: pinned by the server for whoever does not see all. */
async function scopeOf(
  c: HttpContext,
  { importers }: Pick<HttpParts, "importers">,
  asked: { importer?: string | null | undefined; context?: ContextValues | null | undefined },
): Promise<{ importer: string | null; context: ContextValues | null }> {
  const reach = c.get("reach");
  const { importer: name = null, context = null } = asked;
  if (name === null) {
    if (!reach.isUnbounded)
      throw new SluiceError("invalid", told`The request does not say which importer to use.`, {
        next: { code: "choose_importer" },
      });
    if (context !== null)
      throw new SluiceError("invalid", told`A context belongs to an importer: name the importer as well.`);
    return { importer: null, context: reach.isOperator ? null : noContext };
  }
  const importer = importers.get(name);
  if (importer === undefined || !(await reach.offers(importer, "view")))
    throw new SluiceError("not_found", told`There is no importer "${name}", or you may not use it.`, {
      next: { code: "list_importers" },
    });
  if (reach.isOperator)
    return {
      importer: name,
      context: context === null ? null : completeContext(knownContext(importer, context), name, importer),
    };
  return { importer: name, context: await reach.contextFor(importer, context ?? {}, "view") };
}

/** Of an admin as long as there are no tenants: what comes to have a context later is not theirs. */
const noContext: ContextValues = {};

/** An operator's is compared as a whole. */
function completeContext(
  context: ContextValues,
  name: string,
  importer: Parameters<typeof hasContext>[0],
): ContextValues {
  const missing = Object.keys(importer.context ?? {}).filter((each) => !Object.hasOwn(context, each));
  if (missing.length === 0) return context;
  throw new SluiceError(
    "invalid",
    told`The context of the importer "${name}" lacks ${missing.map((each) => told`"${each}"`)}: give all of its values, or none for every context.`,
  );
}

function present({ createdBy: _, ...webhook }: Webhook) {
  const { createdAt, disabledAt, throttledUntil, previousSecretUntil } = webhook;
  return {
    ...webhook,
    context: webhook.context === null ? null : { ...webhook.context },
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    throttledUntil: throttledUntil?.toISOString() ?? null,
    previousSecretUntil: previousSecretUntil?.toISOString() ?? null,
  };
}

function presentDelivery({ webhookId: _, createdAt, nextAt, ...delivery }: WebhookDelivery) {
  return { ...delivery, createdAt: createdAt.toISOString(), nextAt: nextAt?.toISOString() ?? null };
}
