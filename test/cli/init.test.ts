import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { type CliResult, freshFolder, runCli } from "../run-cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface App {
  database: Database;
  cwd: string;
  sluice(...args: string[]): Promise<CliResult>;
  written(path: string): Promise<string>;
}

/** An application with its own database: `sluice` is installed in it, as this clone. */
async function freshApp(tables: string, type = "module"): Promise<App> {
  const { url, database } = await freshDatabase();
  await database.query(sql.raw(tables));
  const cwd = await freshFolder();
  const installed = join(cwd, "node_modules", "sluice");
  await mkdir(installed, { recursive: true });
  await writeFile(join(installed, "package.json"), '{ "name": "sluice", "type": "module", "exports": "./index.ts" }');
  await symlink(join(root, "src/index.ts"), join(installed, "index.ts"));
  await writeFile(join(cwd, "package.json"), JSON.stringify({ name: "app", type }));
  return {
    database,
    cwd,
    sluice: (...args) => runCli(args, { cwd, env: { DATABASE_URL: url } }),
    written: (path) => readFile(join(cwd, path), "utf8"),
  };
}

/** What the TypeScript compiler says of the app, strictly; nothing when all is well. */
async function compile(cwd: string): Promise<string> {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2023",
    lib: ["esnext"],
    module: "nodenext",
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    typeRoots: [join(root, "node_modules/@types")],
    types: ["node"],
  };
  await writeFile(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts", "**/*.mts"] }));
  const tsc = promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", cwd]);
  return tsc.then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
}

const shop = `
  create schema crm;
  create table crm.companies (id bigint generated always as identity primary key, code varchar(10) not null unique, name text);
  insert into crm.companies (code, name) values ('ACME', 'Acme SA'), ('BOLT', 'Bolt AB');
  create type stage as enum ('new', 'in progress', 'won');
  create domain postcode as varchar(8) check (length(value) >= 3);
  create table customers (
    id uuid primary key default gen_random_uuid(),
    email text not null,
    "fullName" varchar(80) not null,
    mobile_phone text,
    zip postcode,
    visits integer not null default 0 check (visits >= 0),
    rating smallint check (rating between 1 and 5),
    balance numeric(10,2),
    born date,
    last_seen timestamptz,
    active boolean not null default true,
    stage stage not null default 'new',
    kind text check (kind in ('person', 'it''s a firm')),
    company_id bigint references crm.companies (id),
    token uuid,
    tags varchar(9)[],
    zips postcode[],
    moods stage[],
    opens time,
    website text,
    extra jsonb,
    slug text generated always as (lower("fullName")) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create unique index customers_email_key on customers (lower(email));
  comment on column customers.balance is E'What they owe us.\\n*/ Euros.';
`;

/** Products with small tables beside them, which files call by name. */
const catalogue = `
  create table brands (id bigint generated always as identity primary key, name varchar(40) not null, made_at timestamptz default now());
  create unique index on brands (lower(name));
  create schema geo;
  create table geo.countries ("countryNo" serial primary key, "Name" text unique);
  create table users (id serial primary key, email text not null unique);
  create table suppliers (id serial primary key, name text not null unique, country text not null);
  create table products (
    id uuid primary key default gen_random_uuid(),
    sku text not null unique,
    "displayName" text,
    price numeric(9,2),
    brand_id bigint not null references brands,
    "countryId" integer references geo.countries,
    supplier_id integer references suppliers,
    "createdBy" integer references users,
    parent_id uuid references products,
    gone_at timestamptz,
    updated_at timestamptz
  );
  create table prices (id serial primary key, product_id uuid references products, amount numeric);
  insert into brands (name) values ('Acme');
  insert into suppliers (name, country) values ('Bolt', 'SE');
`;

describe("sluice init", () => {
  it("writes records for the small tables that a table refers to", async () => {
    const app = await freshApp(catalogue);
    const { exitCode, stderr } = await app.sluice("init", "--table", "products");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const text = await app.written("src/importers/products.ts");
    expect(
      text
        .split("\n")
        .filter((line) => !/^\s*\/\//.test(line))
        .slice(1),
    ).toEqual(
      `import { defineImporter, field, now, ref } from "sluice";

export const products = defineImporter({
  name: "products",
  fields: {
    sku: field.text({ required: true }),
    display_name: field.text(),
    price: field.decimal({ scale: 2, min: -9_999_999.99, max: 9_999_999.99 }),
    brand: field.text({ required: true, maxLength: 40 }),
    country: field.text(),
    supplier_id: field.reference({ table: "suppliers", by: ["name"] }),
    created_by: field.reference({ table: "users", by: ["email"] }),
    parent_id: field.reference({ table: "products", by: ["sku"] }),
    gone_at: field.datetime({ timeZone: "UTC" }),
  },
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
    country: {
      table: "geo.countries",
      id: "countryNo",
      key: ["country"],
      set: { Name: "country" },
      onMatch: "use",
    },
    product: {
      table: "products",
      key: ["sku"],
      onMatch: "skip",
      set: {
        sku: "sku",
        displayName: "display_name",
        price: "price",
        supplier_id: "supplier_id",
        createdBy: "created_by",
        parent_id: "parent_id",
        gone_at: "gone_at",
        brand_id: ref("brand"),
        countryId: ref("country"),
        updated_at: now(),
      },
    },
  },
});
`.split("\n"),
    );
    expect(text).toContain(
      '// What brands does not have yet is made there. To refuse it instead: field.reference({ table: "brands", by: ["name"] }), and no record.',
    );
    expect(text).toContain(
      "// These refer to it, and a row may make records there too (`records`): prices (product_id).",
    );
    expect(await compile(app.cwd)).toBe("");
    const check = await app.sluice("check");
    expect(check).toMatchObject({ exitCode: 0, stderr: "" });
    expect(check.stdout).toContain("the tables public.brands, geo.countries, public.products have every column");

    await writeFile(
      join(app.cwd, "products.csv"),
      "Sku,Display name,Price,Brand,Country,Supplier id\nA1,Lamp,12.50,ACME,Sweden,bolt\nA2,Chair,,Nytt,Sweden,\nA3,Table,,,,\nA4,Sofa,,Acme,,Nobody\n",
    );
    const done = await app.sluice("import", "products", "products.csv", "--yes", "--json");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    const { created, invalid, issues } = JSON.parse(done.stdout);
    expect({ created, invalid, issues: issues.map(({ code }: { code: string }) => code) }).toEqual({
      created: 2,
      invalid: 2,
      issues: ["reference_unknown", "required"],
    });
    expect(
      await app.database.query(sql`
        select p.sku, p."displayName" as name, p.price, b.name as brand, c."Name" as country, s.name as supplier,
          p.updated_at is not null as told
        from products p join brands b on b.id = p.brand_id left join geo.countries c on c."countryNo" = p."countryId"
          left join suppliers s on s.id = p.supplier_id
        order by p.sku
      `),
    ).toEqual([
      { sku: "A1", name: "Lamp", price: "12.50", brand: "Acme", country: "Sweden", supplier: "Bolt", told: true },
      { sku: "A2", name: "Chair", price: null, brand: "Nytt", country: "Sweden", supplier: null, told: true },
    ]);
    expect(await app.database.query(sql`select name from brands order by id`)).toEqual([
      { name: "Acme" },
      { name: "Nytt" },
    ]);
  });

  it("writes lists for tables that are linked to a table", async () => {
    const app = await freshApp(`
      create table tags (id serial primary key, label varchar(20) not null unique);
      create table posts (id serial primary key, slug text not null unique);
      create table post_tags (post_id integer references posts on delete cascade, tag integer references tags, primary key (post_id, tag));
      create table comments (id serial primary key, post_id integer references posts, tag_id integer references tags, unique (post_id, tag_id), line text not null);
    `);
    expect(await app.sluice("init", "--table", "posts")).toMatchObject({ exitCode: 0, stderr: "" });
    const text = await app.written("src/importers/posts.ts");
    expect(text).toContain("    tags: field.list(field.text({ maxLength: 20 })),\n");
    expect(text).toContain(
      [
        "    tag: {",
        '      each: "tags",',
        '      table: "tags",',
        '      key: ["tags"],',
        '      set: { label: "tags" },',
        '      onMatch: "use",',
        '      link: { table: "post_tags", from: ref("post"), to: "tag" },',
        "    },",
      ].join("\n"),
    );
    expect(text).toContain("These refer to it, and a row may make records there too (`records`): comments (post_id).");
    expect(await compile(app.cwd)).toBe("");
    await writeFile(join(app.cwd, "posts.csv"), "slug,tags\na,new; sale\nb,sale\nc,\n");
    const done = await app.sluice("import", "posts", "posts.csv", "--yes", "--json");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(
      await app.database.query(sql`
        select p.slug, array(select t.label from post_tags l join tags t on t.id = l.tag where l.post_id = p.id order by 1) as tags
        from posts p order by 1
      `),
    ).toEqual([
      { slug: "a", tags: ["new", "sale"] },
      { slug: "b", tags: ["sale"] },
      { slug: "c", tags: [] },
    ]);
  });

  it("writes an importer of a table's types, constraints, references and unique keys", async () => {
    const app = await freshApp(shop);
    const { exitCode, stdout, stderr } = await app.sluice("init", "--table", "customers");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("src/importers/customers.ts written");
    expect(stdout).toContain("sluice import customers FILE --dry-run");
    const text = await app.written("src/importers/customers.ts");
    const fields = text.split("\n").filter((line) => /^ {4}\w+: /.test(line));
    expect(fields.map((line) => line.trim())).toEqual([
      "email: field.email({ required: true }),",
      'full_name: field.text({ column: "fullName", required: true, maxLength: 80 }),',
      'mobile_phone: field.phone({ country: "FR" }),',
      "zip: field.text({ minLength: 3, maxLength: 8 }),",
      "visits: field.integer({ min: 0, max: 2_147_483_647 }),",
      "rating: field.integer({ min: 1, max: 5 }),",
      "balance: field.decimal({ scale: 2, min: -99_999_999.99, max: 99_999_999.99 }),",
      "born: field.date(),",
      'last_seen: field.datetime({ timeZone: "UTC" }),',
      "active: field.boolean(),",
      'stage: field.choice({ new: [], "in progress": [], won: [] }),',
      'kind: field.choice({ person: [], "it\'s a firm": [] }),',
      'company_id: field.reference({ table: "crm.companies", by: ["code"] }),',
      "token: field.uuid(),",
      "tags: field.list(field.text({ maxLength: 9 })),",
      "zips: field.list(field.text({ maxLength: 8 })),",
      'moods: field.list(field.choice({ new: [], "in progress": [], won: [] })),',
      "opens: field.time(),",
      "website: field.url(),",
      "extra: field.json({}),",
    ]);
    expect(text).toContain('match: { keys: ["email"], onDuplicate: "skip" }');
    expect(text).toContain('target: { table: "customers", updatedAt: "updated_at" }');
    expect(text).toContain("// What they owe us. */ Euros.");
    for (const left of ["id (", "slug (", "created_at ("]) expect(text).toContain(`// Left out: ${left}`);
    expect(await app.written("sluice.config.ts")).toContain(
      'import { customers } from "./src/importers/customers.ts";',
    );
    expect(await compile(app.cwd)).toBe("");
  });

  it("writes an importer that imports", async () => {
    const app = await freshApp(shop);
    await app.sluice("init", "--table", "customers");
    await writeFile(
      join(app.cwd, "customers.csv"),
      [
        "Email,Full name,Mobile phone,Zip,Visits,Rating,Balance,Born,Active,Stage,Kind,Company id",
        "Ann@Example.org,Ann Bé,06 12 34 56 78,01234,3,5,12.50,2001-12-31,yes,In progress,person,acme",
        "bo@example.org,Bo,,,,,,,,,it's a firm,BOLT",
        "bad@example.org,Bad,,,,9,,,,,,",
        "who@example.org,Who,,,,,,,,,,NOBODY",
        "ANN@example.org,Ann again,,,,,,,,,,",
        "",
      ].join("\n"),
    );
    const check = await app.sluice("check");
    expect(check.stdout).toContain("customers: the table public.customers has every column the importer fills");
    const { exitCode, stdout, stderr } = await app.sluice("import", "customers", "customers.csv", "--yes", "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { created, skipped, invalid, issues } = JSON.parse(stdout);
    expect({ created, skipped, invalid }).toEqual({ created: 2, skipped: 1, invalid: 2 });
    expect(issues.map(({ field, code }: { field: string | null; code: string }) => `${field} ${code}`).sort()).toEqual([
      "company_id reference_unknown",
      "null duplicate_in_file",
      "rating number_too_large",
    ]);
    expect(
      await app.database.query(sql`
        select email, "fullName", mobile_phone as phone, zip, visits, rating, balance, born::text, active, stage::text, kind,
          (select code from crm.companies c where c.id = company_id) as company
        from customers order by email
      `),
    ).toEqual([
      {
        email: "ann@example.org",
        fullName: "Ann Bé",
        phone: "+33612345678",
        zip: "01234",
        visits: 3,
        rating: 5,
        balance: "12.50",
        born: "2001-12-31",
        active: true,
        stage: "in progress",
        kind: "person",
        company: "ACME",
      },
      {
        email: "bo@example.org",
        fullName: "Bo",
        phone: null,
        zip: null,
        visits: 0,
        rating: null,
        balance: null,
        born: null,
        active: true,
        stage: "new",
        kind: "it's a firm",
        company: "BOLT",
      },
    ]);
  });

  it.each([
    [
      "a unique index that leaves deleted records out",
      "create table members (id serial primary key, email text not null, gone_on date); create unique index on members (lower(email)) where gone_on is null",
      'match: { keys: ["email"], onDuplicate: "skip", where: "gone_on is null" },',
      "gone_on: field.date(",
    ],
    [
      "a time of deletion",
      'create table members (id serial primary key, email text not null unique, "deletedAt" timestamptz)',
      'match: { keys: ["email"], onDuplicate: "skip", where: "\\"deletedAt\\" is null" },',
      "// Left out: deletedAt (the application says when it deletes a record).",
    ],
  ])("matches the records that are there alone, by %s", async (_what, tables, match, about) => {
    const { sluice, written, cwd } = await freshApp(tables);
    expect(await sluice("init", "--table", "members")).toMatchObject({ exitCode: 0 });
    const text = await written("src/importers/members.ts");
    expect(text).toContain(match);
    expect(text).toContain(about);
    expect(await compile(cwd)).toBe("");
    expect((await sluice("check")).exitCode).toBe(0);
  });

  it("matches on columns that are unique together", async () => {
    const app = await freshApp(`
      create table teams (id serial primary key, name text not null unique);
      create table players (
        id serial primary key, first_name text, last_name text, born date, email text unique, team_id integer references teams,
        shirt integer, unique (first_name, last_name, born), unique (team_id, shirt)
      );
      create table seats (id serial primary key, hall text, "Row" integer, tenant_id uuid, unique (hall, "Row"), unique (tenant_id, hall));
    `);
    await app.sluice("init", "--table", "players");
    const players = await app.written("src/importers/players.ts");
    expect(players).toContain('      keys: ["email", ["first_name", "last_name", "born"]],\n');
    expect(players).toContain(
      '  // (team_id, shirt) is unique together: key: [ref("team"), "shirt"] would recognise a record by it.\n',
    );
    await app.sluice("init", "--table", "seats");
    const seats = await app.written("src/importers/seats.ts");
    expect(seats).toContain('  match: { keys: [["hall", "row"], ["tenant_id", "hall"]], onDuplicate: "skip" },\n');
    expect(await compile(app.cwd)).toBe("");
    await writeFile(
      join(app.cwd, "players.csv"),
      "First name,Last name,Born,Email,Team\nAnn,Bé,2001-12-31,,Reds\nAnn,Bé,2001-12-31,ann@x.fr,Blues\nAnn,Bé,2002-12-31,,Reds\n",
    );
    const done = await app.sluice("import", "players", "players.csv", "--yes", "--json");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(done.stdout)).toMatchObject({ created: 2, skipped: 1, invalid: 0 });
  });

  it("copes with names of every kind", async () => {
    const app = await freshApp(`
      create table "Class" (
        "default" bigint generated by default as identity primary key,
        "First Name" text unique,
        "first-name" text,
        "prénom" text,
        "select" text,
        "a""b" text,
        "it's \\ here" text,
        "row_no" integer,
        "1st" text,
        "日本" text,
        "__proto__" text,
        ${`"${"x".repeat(63)}"`} text,
        "mode" text check ("mode" in ('__proto__', 'new', 'a "b"', 'back\\slash'))
      )`);
    const { exitCode, stderr } = await app.sluice("init", "--table", "Class", "--out", "mes imports/été.ts");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await compile(app.cwd)).toBe("");
    await writeFile(
      join(app.cwd, "c.csv"),
      'first_name,first_name_2,prenom,select,a_b,it_s_here,row_no_2,field_1st,field,proto,mode\nAnn,1,2,3,4,5,6,7,8,9,"a ""b"""\n',
    );
    const done = await app.sluice("import", "class", "c.csv", "--yes", "--json");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(done.stdout)).toMatchObject({ created: 1, invalid: 0 });
    const [record] = await app.database.query<Record<string, unknown>>(sql`select * from "Class"`);
    expect(Object.values(record).slice(1)).toEqual(["Ann", "1", "2", "3", "4", "5", 6, "7", "8", "9", null, 'a "b"']);
  });

  it("reads what a CHECK says where a field can say it, and leaves the rest to the reader", async () => {
    const app = await freshApp(`
      create table checked (
        id bigint generated always as identity primary key,
        a text check (a = 'one'),
        b varchar(9) check (b in ('x', 'y') or b is null),
        c integer check (c in (1, 2, -3)),
        d integer check (d > 0 and d < 10),
        e numeric check (e > 0),
        f text check (char_length(f) <= 7),
        g text check (g ~ '^A'),
        h integer,
        check (h > d)
      )`);
    await app.sluice("init", "--table", "checked");
    const text = await app.written("src/importers/checked.ts");
    expect(text).toContain("a: field.choice({ one: [] })");
    expect(text).toContain("b: field.choice({ x: [], y: [] })");
    expect(text).toContain('c: field.choice({ "1": [], "2": [], "-3": [] })');
    expect(text).toContain("d: field.integer({ min: 1, max: 9 })");
    expect(text).toContain("f: field.text({ maxLength: 7 })");
    expect(text).toMatch(/demands \(e > .*\n {4}e: field.decimal\(\)/);
    expect(text).toMatch(/demands \(g ~ '\^A'::text\).*\n {4}g: field.text\(\)/);
    expect(text).toMatch(/The database also demands \(h > d\)/);
    expect(text).toContain("No unique column tells a duplicate");
    expect(await compile(app.cwd)).toBe("");
  });

  it("leaves a file that is there alone unless forced, and an existing config to its owner", async () => {
    const app = await freshApp("create table things (id bigint generated always as identity primary key, name text)");
    await writeFile(join(app.cwd, "sluice.config.ts"), "export const config = { importers: [] };\n");
    const first = await app.sluice("init", "--table", "things");
    expect(first.stdout).toContain('Add to sluice.config.ts:\n  import { things } from "./src/importers/things.ts";');
    expect(await app.written("sluice.config.ts")).toBe("export const config = { importers: [] };\n");
    await writeFile(join(app.cwd, "src/importers/things.ts"), "// my work\n");
    const again = await app.sluice("init", "--table", "things");
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Pass --force") });
    expect(await app.written("src/importers/things.ts")).toBe("// my work\n");
    expect(await app.sluice("init", "--table", "things", "--force")).toMatchObject({ exitCode: 0 });
    expect(await app.written("src/importers/things.ts")).toContain("defineImporter");
  });

  it("writes .mts in a package whose files are CommonJS unless told", async () => {
    const app = await freshApp(
      "create table things (id bigint generated always as identity primary key, name text)",
      "commonjs",
    );
    await app.sluice("init", "--table", "things");
    expect(await app.written("sluice.config.mts")).toContain('from "./src/importers/things.mts"');
    const check = await app.sluice("check");
    expect(check).toMatchObject({ stderr: "", stdout: expect.stringContaining("things:") });
    expect(await compile(app.cwd)).toBe("");
  });

  it("names similar tables when there is none of that name", async () => {
    const app = await freshApp(
      "create table customers (id bigint primary key); create schema crm; create table crm.customer (id bigint primary key)",
    );
    const { exitCode, stderr } = await app.sluice("init", "--table", "custmers");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        'There is no table "custmers" in the schema "public". Similar names: "customers", "customer" (--schema crm).\n',
    });
  });

  it("refuses a table whose records it could not tell apart, with what to do", async () => {
    const app = await freshApp("create table log (line text)");
    const { exitCode, stderr } = await app.sluice("init", "--table", "log");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('alter table "log" add column id bigint generated always as identity unique;');
  });
});

it("fills what Prisma's client would: an id and the time of a change without a default", async () => {
  const app =
    await freshApp(`create table "Contact" (id text not null primary key, email text not null unique, name text,
    "createdAt" timestamp(3) not null default current_timestamp, "updatedAt" timestamp(3) not null);
    create table on_create ("note id" text primary key, title text not null unique, "updatedAt" timestamp(3) not null)`);
  expect(await app.sluice("init", "--table", "Contact")).toMatchObject({ exitCode: 0 });
  const source = await app.written("src/importers/contact.ts");
  expect(source).toContain("set: { id: onCreate(() => crypto.randomUUID()) }");
  expect(await app.sluice("init", "--table", "on_create")).toMatchObject({ exitCode: 0 });
  expect(await app.written("src/importers/on-create.ts")).toContain(
    'set: { "note id": onCreate(() => crypto.randomUUID()) }',
  );
  expect(await compile(app.cwd)).toBe("");
  await writeFile(join(app.cwd, "contacts.csv"), "email,name\na@x.fr,Ann\nb@x.fr,Bo\n");
  expect(await app.sluice("import", "contact", "contacts.csv")).toMatchObject({ exitCode: 0 });
  const rows = await app.database.query(
    sql`select length(id) as id, email, name, "updatedAt" is not null as fresh from "Contact" order by email`,
  );
  expect(rows).toEqual([
    { id: 36, email: "a@x.fr", name: "Ann", fresh: true },
    { id: 36, email: "b@x.fr", name: "Bo", fresh: true },
  ]);
});
