/** Users, tokens and the audit trail as the API returns them. */
import { z } from "@hono/zod-openapi";
import { isMailAddress } from "../../core/mail.ts";
import { type Account, type ApiToken, type AuditEntry, auditNames, roles } from "../../core/users.ts";

const moment = z.iso.datetime();

export const roleSchema = z.enum(roles).openapi({
  description:
    "A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything.",
});

export const userSchema = z
  .object({ id: z.string(), name: z.string(), role: roleSchema })
  .openapi("User", { example: { id: "0d9f6a1e-6a3b-4f0e-9c39-0e6f8f0f7c11", name: "Anna", role: "user" } });

/** One address, as core/mail.ts takes it. */
export const emailSchema = z
  .string()
  .refine(isMailAddress, "must be one e-mail address, such as anna@example.com")
  .nullable()
  .openapi({ description: "Where mails about their imports go; null: none are sent.", example: "anna@example.com" });

export const accountSchema = userSchema
  .extend({ createdAt: moment, lastSignedInAt: moment.nullable(), disabledAt: moment.nullable(), email: emailSchema })
  .openapi("Account");

export function presentAccount({ number: _, ...account }: Account) {
  return {
    ...account,
    createdAt: account.createdAt.toISOString(),
    lastSignedInAt: account.lastSignedInAt?.toISOString() ?? null,
    disabledAt: account.disabledAt?.toISOString() ?? null,
  };
}

export const tokenSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    userId: z.string(),
    userName: z.string(),
    role: roleSchema,
    createdAt: moment,
    createdBy: z.string().nullable(),
    lastUsedAt: moment.nullable().openapi({ description: "Within a minute." }),
    expiresAt: moment.nullable(),
    revokedAt: moment.nullable(),
  })
  .openapi("Token", { description: "A program's way in. The secret itself is told once, when it is made." });

export function presentToken(token: ApiToken) {
  return {
    ...token,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    expiresAt: token.expiresAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  };
}

export const auditSchema = z
  .object({
    id: z.number().int(),
    at: moment,
    name: z.enum(auditNames),
    actor: z.string().nullable().openapi({ description: "Id of a user; null: the command line, or Sluice itself." }),
    actorName: z.string().openapi({ description: "As they were called then." }),
    userId: z.string().nullable().openapi({ description: "Whom it is about." }),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("AuditEntry");

export function presentAuditEntry(entry: AuditEntry) {
  return { ...entry, at: entry.at.toISOString() };
}
