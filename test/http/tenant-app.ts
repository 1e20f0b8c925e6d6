/** The API of an app with tenants: who is of which, what they import into, and an import of the first tenant with all that comes of it. */

import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { Importer } from "../../src/core/importer.ts";
import type { SignedIn } from "../../src/core/users.ts";
import type { HttpApiOptions } from "../../src/http/api.ts";
import { type OpenApp, openApp } from "./open-app.ts";

/** Two tenants with a user or two and an administrator each; one person of none, and an operator. */
export const tenantPeople: Readonly<Record<string, SignedIn>> = {
  anna: { id: "anna", name: "Anna Markberg", role: "user", tenantId: 1 },
  cleo: { id: "cleo", name: "Cleo", role: "user", tenantId: 1 },
  head: { id: "head", name: "Head", role: "admin", tenantId: 1 },
  dan: { id: "dan", name: "Dan", role: "user", tenantId: 2 },
  rival: { id: "rival", name: "Rival", role: "admin", tenantId: 2 },
  /** The same id as Anna's, in the other tenant: ids of an app may be unique within a tenant only. */
  twin: { id: "anna", name: "Anna Two", role: "user", tenantId: 2 },
  loose: { id: "loose", name: "Loose", role: "admin" },
  operator: { id: "operator", name: "Operator", role: "operator" },
};

export const contacts = defineImporter({
  name: "contacts",
  fields: { email: field.email({ required: true }), name: field.text({}) },
  context: { tenant_id: { type: "integer", from: (user) => user.tenantId } },
  match: { keys: ["email"], onDuplicate: "update" },
  assign: { column: "owner_id", table: "sellers", by: ["email"], context: ["tenant_id"] },
  target: { table: "contacts" },
});

/** Without a context: everybody's own, and every administrator's. */
export const notes = defineImporter({
  name: "notes",
  fields: { email: field.email({ required: true }) },
  target: { table: "notes" },
});

export const tenantTables = `
  create table sellers (id int primary key, email text, tenant_id int);
  insert into sellers values (11, 'seller.markone@x.fr', 1), (22, 'seller.two@x.fr', 2);
  create table contacts (id bigserial primary key, email text, name text, owner_id int, tenant_id int);
  insert into contacts (email, name, tenant_id) values ('kept@x.fr', 'Markolder', 1), ('kept@x.fr', 'Other', 2);
  create table notes (id bigserial primary key, email text)`;

export async function tenantApp(
  importers: readonly Importer[] = [contacts, notes],
  ddl = tenantTables,
  options: Partial<HttpApiOptions> = {},
): Promise<OpenApp> {
  return openApp(importers, ddl, {
    authenticate: async (request) => tenantPeople[request.headers.get("authorization")?.slice(7) ?? ""] ?? null,
    ...options,
  });
}

/** Brings a file of somebody's; returns the answer. */
export async function bring(app: OpenApp, as: string, text: string, more: Record<string, unknown> = {}) {
  const uploadId = await app.upload(text, "people.csv", as);
  return app.call("POST", "/imports", { uploadId, importer: "contacts", ...more }, { as });
}
