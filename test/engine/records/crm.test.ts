/** A CRM with tenants: a row is a contact in a company, with tags, an owner and what else the file has, known by e-mail or by name and birthday. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { defineImporter, field, now, ref } from "../../../src/index.ts";
import { checkImporter } from "../../../src/postgres/check/check.ts";
import { type ImportOptions, type OpenEngine, openEngine, some, workToEnd } from "../../open-engine.ts";
import { importForetold } from "./foretold.ts";

// begin
const contacts = defineImporter({
  name: "contacts",
  context: { tenant_id: { type: "bigint" } },
  fields: {
    firstName: field.text({ column: "first_name", required: true }),
    lastName: field.text({ column: "last_name", required: true }),
    birthDate: field.date({ column: "birth_date", twoDigitYearsFrom: 1925 }),
    email: field.email(),
    phone: field.phone({ country: "FR" }),
    company: field.text(),
    city: field.text({ aliases: { fr: ["Ville société"] } }),
    tags: field.list(field.text(), { separator: /[;,]/ }),
    custom: field.json({ size: field.integer() }, { rest: true }),
  },
  records: {
    company: { table: "companies", key: ["company"], set: { name: "company", city: "city" }, onMatch: "use" },
    contact: {
      table: "contacts",
      keys: ["email", ["firstName", "lastName", "birthDate"]],
      set: { phone: "phone", custom: "custom", company_id: ref("company"), updated_at: now() },
      where: "deleted_at is null",
    },
    tag: {
      table: "tags",
      each: "tags",
      key: ["tags"],
      set: { name: "tags" },
      link: { table: "contact_tags", from: ref("contact") },
    },
  },
  assign: { column: "owner_id", table: "users", by: ["email", "full_name"], context: ["tenant_id"] },
});
// end

const ddl = `
  create table companies (id bigserial primary key, tenant_id bigint not null, name text not null, city text);
  create unique index on companies (tenant_id, lower(name));
  create table users (id bigserial primary key, tenant_id bigint not null, email text, full_name text);
  create table contacts (
    id bigserial primary key, tenant_id bigint not null, email text, first_name text, last_name text, birth_date date, phone text,
    custom jsonb, company_id bigint references companies, owner_id bigint references users, updated_at timestamptz not null, deleted_at timestamptz
  );
  create unique index on contacts (tenant_id, lower(email)) where deleted_at is null;
  create index on contacts (tenant_id, lower(first_name), lower(last_name), birth_date);
  create index on contacts (company_id);
  create table tags (id bigserial primary key, tenant_id bigint not null, name text not null);
  create unique index on tags (tenant_id, lower(name));
  create table contact_tags (tenant_id bigint not null, contact_id bigint references contacts on delete cascade, tag_id bigint references tags, primary key (contact_id, tag_id));
  create index on contact_tags (tag_id);
  insert into users (tenant_id, email, full_name) values (1, 'ann@sales.fr', 'Ann Sales'), (2, 'bo@sales.fr', 'Bo Sales');
  insert into companies (tenant_id, name, city) values (1, 'Acme', 'Lyon'), (2, 'Bolt', 'Nice');
  insert into tags (tenant_id, name) values (2, 'vip');
  insert into contacts (tenant_id, email, first_name, last_name, birth_date, phone, custom, updated_at, deleted_at) values
    (1, null, 'Zoé', 'Roux', '1990-05-01', '+33612345678', '{"size": 1, "shoe": "41"}', '2020-01-01', null),
    (1, 'gone@x.fr', 'Gone', 'Away', null, null, null, '2020-01-01', '2021-01-01'),
    (2, 'max@x.fr', 'Max', 'Other', null, null, null, '2020-01-01', null);
`;
const text = `First name,Last name,Birth date,Email,Phone,Company,Ville société,Tags,Size,Sector,Owner
Zoé,Roux,01/05/1990,zoe@x.fr,,ACME,Paris,"VIP; new",3,shoes,ann@sales.fr
Max,Fort,31/12/1985,max@x.fr,06 12 00 00 00,Bolt,Brest,new,,,
Gone,Again,31/12/1980,GONE@x.fr,,,,,,,Ann Sales
Nemo,Nobody,31/12/1981,,,Bolt,,,,,bo@sales.fr
max,fort,31/12/1985,,06 12 00 00 01,bolt,,"new, old",,,
`;
const options: ImportOptions = {
  context: { tenant_id: "1" },
  assignment: { mode: "column", column: "Owner" },
  // Who owns a contact is not kept with what else the file has.
  map: [{ column: "Owner", field: null }],
};

const people = `
  select c.first_name || ' ' || c.last_name as name, c.email, c.phone, c.custom, o.name as company, o.city, u.full_name as owner,
    array(select t.name from contact_tags l join tags t on t.id = l.tag_id where l.contact_id = c.id order by 1) as tags
  from contacts c left join companies o on o.id = c.company_id left join users u on u.id = c.owner_id
  where c.tenant_id = 1 and c.deleted_at is null order by c.birth_date desc`;
const others = `
  select (select count(*)::int from contacts where tenant_id = 2) as contacts, (select count(*)::int from companies where tenant_id = 2) as companies,
    (select count(*)::int from tags where tenant_id = 2) as tags`;

async function opened(): Promise<OpenEngine> {
  return openEngine([contacts], ddl);
}

describe("a contact in a company, with tags and an owner", () => {
  it("takes no more than 35 lines to define", async () => {
    const source = await readFile(new URL(import.meta.url), "utf8");
    const lines = source.split("// begin\n")[1].split("// end\n")[0].trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(35);
  });

  it("fits its tables", async () => {
    const { database } = await opened();
    expect((await checkImporter(database, contacts)).map(({ level, message }) => [level, message])).toEqual([
      ["ok", "the tables public.companies, public.contacts, public.tags have every column the importer fills"],
      // Two people may have the same name and birthday.
      ["warning", expect.stringMatching(/^no unique index on public\.contacts \(first_name, last_name, birth_date\)/)],
    ]);
  });

  it("is found by e-mail, or by name and birthday together, within the tenant", async () => {
    const open = await opened();
    const before = await open.rows(people);
    const { job, counts, issues, records } = await importForetold(open, contacts, text, options);
    expect(issues).toEqual([[5, "owner_id", "owner_unknown"]]);
    expect(some(counts)).toEqual({ created: 2, updated: 2, invalid: 1 });
    expect(records).toEqual({
      company: { created: 1, unchanged: 1 },
      contact: { created: 2, updated: 1 },
      tag: { created: 3 },
      "tag.link": { created: 4 },
    });
    expect(await open.rows(people)).toEqual([
      {
        name: "Zoé Roux",
        email: "zoe@x.fr",
        phone: "+33612345678",
        custom: { size: 3, shoe: "41", Sector: "shoes" },
        company: "Acme",
        city: "Lyon",
        owner: null,
        tags: ["VIP", "new"],
      },
      {
        name: "max fort",
        email: "max@x.fr",
        phone: "+33612000001",
        custom: null,
        company: "Bolt",
        city: "Brest",
        owner: null,
        tags: ["new", "old"],
      },
      {
        name: "Gone Again",
        email: "gone@x.fr",
        phone: null,
        custom: null,
        company: null,
        city: null,
        owner: "Ann Sales",
        tags: [],
      },
    ]);
    expect(await open.rows(others)).toEqual([{ contacts: 1, companies: 1, tags: 1 }]);
    expect(await open.rows("select distinct tenant_id::int from contact_tags")).toEqual([{ tenant_id: 1 }]);
    await open.engine.undo(job.id, "ann");
    await workToEnd(open.engine, job.id);
    expect(await open.rows(people)).toEqual(before);
  });
});
