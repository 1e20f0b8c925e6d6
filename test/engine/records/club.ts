/** A club whose rows have whole lists: of a member's groups (links), phones (children that are deleted) and roles (that are deactivated). */
import { defineImporter, field, ref } from "../../../src/index.ts";
import type { OpenEngine } from "../../open-engine.ts";

export const club = defineImporter({
  name: "club",
  context: { club_id: { type: "bigint" } },
  modes: ["upsert", "update_only", "append", "replace", "mirror"],
  maxRemoval: 1,
  fields: {
    email: field.text({ required: true }),
    name: field.text(),
    groups: field.list(field.text(), { separator: "|", column: null }),
    phones: field.list(field.text(), { separator: "|", column: null }),
    kinds: field.list(field.text(), { separator: "|", column: null }),
    roles: field.list(field.text(), { separator: "|", column: null }),
  },
  records: {
    member: { table: "people", key: ["email"], set: { name: "name" }, absent: "delete" },
    group: {
      table: "groups",
      each: "groups",
      key: ["groups"],
      set: { title: "groups" },
      where: "not hidden",
      link: { table: "member_groups", from: ref("member") },
      others: "delete",
      label: { en: "groups", fr: "groupes", sv: "grupper" },
    },
    phone: {
      table: "phones",
      each: ["phones", "kinds"],
      key: [ref("member"), "phones"],
      set: { number: "phones", kind: "kinds" },
      context: [],
      others: "delete",
    },
    role: {
      table: "roles",
      id: null,
      each: "roles",
      key: [ref("member"), "roles"],
      set: { role: "roles", active: { kind: "constant", value: true } },
      context: [],
      others: { deactivate: { active: false } },
    },
  },
});

export const clubTables = `
  create table people (id bigint generated always as identity primary key, club_id bigint not null, email text not null, name text, unique (club_id, email));
  create table groups (id bigint generated always as identity primary key, club_id bigint not null, title text not null, hidden boolean not null default false);
  create unique index on groups (club_id, lower(title)) where not hidden;
  create table member_groups (member_id bigint not null references people, group_id bigint not null references groups, since date default '2026-01-01',
    primary key (member_id, group_id));
  create index on member_groups (group_id);
  create table phones (id bigint generated always as identity primary key, member_id bigint not null references people, number text not null, kind text,
    note text default 'by hand', unique (member_id, number));
  create table roles (member_id bigint not null references people, role text not null, active boolean not null default true, primary key (member_id, role));`;

export const clubContext = { club_id: "1" };
export const clubHeader = "email,name,groups,phones,kinds,roles\n";

/** All that the tables hold. */
export async function clubOf({ rows }: Pick<OpenEngine, "rows">): Promise<Record<string, string[]>> {
  const stand: Record<string, string[]> = {};
  for (const table of ["people", "groups", "member_groups", "phones", "roles"]) {
    const lines = await rows<{ line: string }>(`select t::text as line from ${table} t order by 1`);
    stand[table] = lines.map(({ line }) => line);
  }
  return stand;
}

/** What belongs to each member, in words. */
export async function listsOf({ rows }: Pick<OpenEngine, "rows">): Promise<Record<string, string>> {
  const lists = await rows<{ email: string; lists: string }>(`
    select m.email, concat_ws(' / ',
      coalesce((select string_agg(lower(g.title), ' ' order by lower(g.title)) from member_groups l join groups g on g.id = l.group_id where l.member_id = m.id), ''),
      coalesce((select string_agg(p.number || coalesce('=' || p.kind, ''), ' ' order by p.number) from phones p where p.member_id = m.id), ''),
      coalesce((select string_agg(r.role || case when r.active then '' else '!' end, ' ' order by r.role) from roles r where r.member_id = m.id), '')) as lists
    from people m where club_id = 1 order by email`);
  return Object.fromEntries(lists.map(({ email, lists: each }) => [email, each]));
}
