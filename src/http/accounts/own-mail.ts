/** `/me/mail`: which mails about their imports a person gets. */
import { createRoute, z } from "@hono/zod-openapi";
import { languages } from "../../core/fields/language.ts";
import { addressOf } from "../../core/mail.ts";
import type { HttpContext, HttpParts } from "../request/request-context.ts";
import { body, json, newRouter, problems, type Router } from "../request/router.ts";

const tags = ["Users"];
const fromRows = z.number().int().min(0).max(1_000_000_000).nullable();
const language = z.enum(languages).nullable();

const mailSchema = z
  .object({
    isSent: z.boolean().openapi({ description: "Whether this server sends mails at all." }),
    address: z.string().nullable().openapi({
      description: "Where they go: as your sign-in says, or your account. Null: nobody has said, so none are sent.",
    }),
    isOff: z.boolean(),
    fromRows: fromRows.openapi({
      description: "Smaller imports send no mail, unless they need you; null: as the server has it.",
    }),
    usualFromRows: z.number().int().nullable().openapi({ description: "The server's; null: it sends none." }),
    language: language.openapi({ description: "Null: the language in which the import was made." }),
  })
  .openapi("MailSettings");

const read = createRoute({
  method: "get",
  path: "/me/mail",
  operationId: "getMailSettings",
  tags,
  summary: "Which mails about your imports you get",
  responses: { 200: json(mailSchema, "As it is now."), ...problems() },
});

const change = createRoute({
  method: "patch",
  path: "/me/mail",
  operationId: "changeMailSettings",
  tags,
  summary: "Choose which mails about your imports you get",
  request: body(
    z
      .object({ isOff: z.boolean().optional(), fromRows: fromRows.optional(), language: language.optional() })
      .openapi("MailSettingsChange", { example: { isOff: true } }),
  ),
  responses: { 200: json(mailSchema, "As it is now."), ...problems() },
});

export function ownMailRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { recipients } = parts.engine;
  const settings = async (c: HttpContext) => {
    const user = c.get("user");
    const { address, ...choices } = await recipients.get(await c.get("reach").identity(), user.id);
    const said = addressOf(user);
    return { isSent: parts.mailRows !== null, usualFromRows: parts.mailRows, address: said ?? address, ...choices };
  };
  routes.openapi(read, async (c) => c.json(await settings(c), 200));
  routes.openapi(change, async (c) => {
    await recipients.change(await c.get("reach").identity(), c.req.valid("json"));
    return c.json(await settings(c), 200);
  });
  return routes;
}
