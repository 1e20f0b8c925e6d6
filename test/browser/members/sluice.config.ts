/** A server with members whose rows have whole lists: of groups (links), phones (deleted) and roles (deactivated); for the worker's thread too. */
import { type ConfigFile, defineImporter, field, ref } from "../../../src/index.ts";

const list = () => field.list(field.text(), { separator: "|", column: null });

export const members = defineImporter({
  name: "members",
  label: { en: "Members", fr: "Membres", sv: "Medlemmar" },
  fields: { email: field.text({ required: true }), groups: list(), phones: list(), roles: list() },
  records: {
    member: { table: "people", key: ["email"], label: { en: "members", fr: "membres", sv: "medlemmar" } },
    group: {
      table: "groups",
      each: "groups",
      key: ["groups"],
      set: { title: "groups" },
      link: { table: "member_groups", from: ref("member") },
      others: "delete",
      label: { en: "groups", fr: "groupes", sv: "grupper" },
    },
    phone: {
      table: "phones",
      each: "phones",
      key: [ref("member"), "phones"],
      set: { number: "phones" },
      others: "delete",
      label: { en: "phones", fr: "téléphones", sv: "telefoner" },
    },
    role: {
      table: "roles",
      id: null,
      each: "roles",
      key: [ref("member"), "roles"],
      set: { role: "roles" },
      others: { deactivate: { active: false } },
      label: { en: "roles", fr: "rôles", sv: "roller" },
    },
  },
});

export const memberTables = `
  create table people (id bigint generated always as identity primary key, email text not null unique);
  create table groups (id bigint generated always as identity primary key, title text not null unique);
  create table member_groups (member_id bigint references people, group_id bigint references groups, primary key (member_id, group_id));
  create table phones (id bigint generated always as identity primary key, member_id bigint not null references people, number text not null, unique (member_id, number));
  create table roles (member_id bigint references people, role text, active boolean not null default true, primary key (member_id, role));
  insert into people (email) values ('a'), ('b');
  insert into groups (title) values ('red'), ('blue'), ('green');
  insert into member_groups select 1, id from groups;
  insert into phones (member_id, number) values (1, '1'), (1, '2'), (2, '3');
  insert into roles (member_id, role) values (1, 'chair'), (2, 'clerk');`;

/** Two links, a phone and a role go. */
export const memberFile = "email,groups,phones,roles\na,red,1,clerk\nb,,3,\n";

export const config: ConfigFile = { importers: [members] };
