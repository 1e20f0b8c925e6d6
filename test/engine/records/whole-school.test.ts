/** A school on tables as Prisma makes them, with capitals in every name and policies that ask for the tenant: students and their classes. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineImporter, field, now, onCreate, ref } from "../../../src/index.ts";
import { type OpenEngine, openEngine } from "../../open-engine.ts";
import { concernsOf, importAndUndo } from "./whole.ts";

const id = onCreate(() => randomUUID());
const students = defineImporter({
  name: "students",
  context: { tenantId: { type: "bigint" } },
  fields: {
    nationalId: field.text({ validate: z.string().regex(/^\d{13}$/, "Thirteen digits.") }),
    email: field.email(),
    firstName: field.text({ required: true }),
    birthDate: field.date(),
    classes: field.list(field.text(), { separator: /[,;]/, aliases: { fr: ["Classes"] } }),
  },
  records: {
    student: {
      table: "SchoolApp.Student",
      keys: ["nationalId", "email"],
      set: {
        id,
        firstName: "firstName",
        birthDate: "birthDate",
        createdBy: onCreate((run) => run.user.id),
        updatedAt: now(),
      },
      where: "deleted_at is null",
      filledByDatabase: ["slug"],
    },
    class: {
      table: "SchoolApp.Class",
      each: "classes",
      key: ["classes"],
      set: { id, code: "classes" },
      link: { table: "SchoolApp.Enrollment", from: ref("student"), column: "studentId", to: "classId" },
    },
  },
  session: (run) => ({ "app.tenant": run.context.tenantId }),
});

const ddl = `
  create schema "SchoolApp"; set search_path = "SchoolApp";
  create table "Student" (id uuid primary key, "tenantId" bigint not null, "nationalId" text, email text, "firstName" text not null, "birthDate" date,
    slug text not null, "createdBy" text not null, "updatedAt" timestamptz not null, deleted_at timestamptz);
  create unique index on "Student" ("tenantId", "nationalId") where deleted_at is null;
  create unique index on "Student" ("tenantId", lower(email)) where deleted_at is null;
  create function slug() returns trigger language plpgsql as $$ begin new.slug := lower(new."firstName"); return new; end $$;
  create trigger slug before insert on "Student" for each row execute function slug();
  create table "Class" (id uuid primary key, "tenantId" bigint not null, code text not null);
  create unique index on "Class" ("tenantId", lower(code));
  create table "Enrollment" ("studentId" uuid references "Student", "classId" uuid references "Class", primary key ("studentId", "classId"));
  create index on "Enrollment" ("classId");
  insert into "Student" (id, "tenantId", "nationalId", email, "firstName", "createdBy", "updatedAt", deleted_at) values
    (gen_random_uuid(), 1, '1111111111111', null, 'Zoé', 'seed', '2026-01-01', null),
    (gen_random_uuid(), 1, null, 'gone@x.fr', 'Gone', 'seed', '2026-01-01', '2026-02-01'),
    (gen_random_uuid(), 2, '2222222222222', null, 'Theirs', 'seed', '2026-01-01', null);
  insert into "Class" values (gen_random_uuid(), 1, '6A'), (gen_random_uuid(), 2, '6B');
  alter table "Student" enable row level security; alter table "Class" enable row level security;
  create policy own on "Student" using ("tenantId" = current_setting('app.tenant')::bigint);
  create policy own on "Class" using ("tenantId" = current_setting('app.tenant')::bigint);
  set search_path = public;`;
const grants = `grant usage on schema "SchoolApp" to app; grant all on all tables in schema "SchoolApp" to app`;
const file = `nationalId;email;firstName;birthDate;Classes
1111111111111;zoe@x.fr;Zoé;;6a, Latin
;gone@x.fr;Gone;31/12/2012;
2222222222222;;Max;;6B,6A
12;;Short;;
`;
const people = `
  select concat_ws(' ', s."nationalId", s.email, s."firstName", s."birthDate", s.slug, s."createdBy", (s."updatedAt" > '2026-01-01')::text,
    (select string_agg(c.code, ',' order by c.code) from "SchoolApp"."Enrollment" e join "SchoolApp"."Class" c on c.id = e."classId" where e."studentId" = s.id)) as line
  from "SchoolApp"."Student" s where "tenantId" = 1 and deleted_at is null order by "firstName"`;

async function opened(): Promise<OpenEngine> {
  return openEngine([students], ddl, { grants });
}

it("fits its tables", async () => {
  expect(await concernsOf(await opened(), students)).toEqual([]);
});

it("makes and changes students and their classes, within the tenant, and takes all of it back", async () => {
  await importAndUndo(
    await opened(),
    [
      {
        importer: students,
        file,
        rows: { created: 2, updated: 1, invalid: 1 },
        issues: [[5, "nationalId", "value_rejected"]],
        records: {
          student: { created: 2, updated: 1 },
          class: { created: 2, unchanged: 1 },
          "class.link": { created: 4 },
        },
        content: {
          [people]: [
            "gone@x.fr Gone 2012-12-31 gone tester true",
            "2222222222222 Max max tester true 6A,6B",
            "1111111111111 zoe@x.fr Zoé zoé seed true 6A,Latin",
          ],
        },
      },
      {
        importer: students,
        file,
        rows: { unchanged: 3, invalid: 1 },
        issues: [[5, "nationalId", "value_rejected"]],
        changesNothing: true,
      },
      {
        importer: students,
        file: "email;firstName;Classes\nZOE@x.fr;Zoë;6C\nnew@x.fr;New;6A\n",
        rows: { created: 1, updated: 1 },
        content: {
          [people]: [
            "gone@x.fr Gone 2012-12-31 gone tester true",
            "2222222222222 Max max tester true 6A,6B",
            "new@x.fr New new tester true 6A",
            "1111111111111 zoe@x.fr Zoë zoé seed true 6A,6C,Latin",
          ],
        },
      },
    ],
    { context: { tenantId: "1" } },
  );
});
