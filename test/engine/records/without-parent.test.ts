/** A child without its parent: the row of the parent is invalid, or its table refuses it, and what would belong to it goes nowhere. */
import { describe, expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { fieldLabel, issueText } from "../../../src/locale/locale.ts";
import { type OpenEngine, openEngine, some } from "../../open-engine.ts";
import { undo } from "../undo-import.ts";
import { type Foretold, importForetold } from "./foretold.ts";

const words = (en: string, fr: string, sv: string) => ({ label: { en, fr, sv } });

/** A company, of it a department, of that a contact, and the contact's notes. */
const crm = (onMissing: "create" | "issue" = "create") =>
  defineImporter({
    name: "crm",
    fields: {
      email: field.text({ required: true }),
      company: field.text({ maxLength: 8, ...words("Company", "Société", "Företag") }),
      department: field.text(words("Department", "Service", "Avdelning")),
      size: field.integer({ min: 1, ...words("Size", "Effectif", "Storlek") }),
      note: field.text(),
    },
    records: {
      company: {
        table: "companies",
        key: ["company"],
        set: { name: "company", size: "size" },
        onMissing,
        ...words("companies", "sociétés", "företag"),
      },
      department: {
        table: "departments",
        key: [ref("company"), "department"],
        set: { name: "department" },
        ...words("departments", "services", "avdelningar"),
      },
      contact: { table: "contacts", key: ["email"], set: { department_id: ref("department") } },
      note: { table: "notes", key: [ref("contact"), "note"], set: { text: "note" } },
    },
  });
const tables = `
  create table companies (id bigint generated always as identity primary key, name text not null unique, size integer);
  create table departments (id bigint generated always as identity primary key, company_id bigint not null references companies, name text not null, unique (company_id, name));
  create table contacts (id bigint generated always as identity primary key, email text not null unique, department_id bigint references departments);
  create table notes (id bigint generated always as identity primary key, contact_id bigint not null references contacts, text text not null);`;

const content = (engine: OpenEngine): Promise<{ line: string }[]> =>
  engine.rows(`
    select concat_ws(' ', 'company', name, size) as line from companies
    union all select concat_ws(' ', 'department', c.name, d.name) from departments d join companies c on c.id = d.company_id
    union all select concat_ws(' ', 'contact', email, d.name) from contacts t left join departments d on d.id = t.department_id
    union all select concat_ws(' ', 'note', email, text) from notes n join contacts t on t.id = n.contact_id
    order by 1`);

/** What a row's issues say in each language. */
function said({ rows }: Foretold, importer: ReturnType<typeof crm>, row: number): string[] {
  const { issues } = rows.find((each) => each.row === row) ?? { issues: [] };
  return (["en", "fr", "sv"] as const).map((language) =>
    issues.map((issue) => issueText(language, issue, fieldLabel(importer, language))).join(" "),
  );
}

const header = "email,company,department,size,note\n";
const good = ["company Good", "contact a Sales", "department Good Sales", "note a hi"];

describe.each([1, 2, 1000])("in chunks of %i rows", (chunkRows) => {
  const open = async (importer: ReturnType<typeof crm>, more = ""): Promise<OpenEngine> =>
    openEngine([importer], tables + more, { chunkRows });

  it("is invalid with its parent where a value of the parent's is: nothing of its row is made, and a later row makes them", async () => {
    const importer = crm();
    const engine = await open(importer);
    const outcome = await importForetold(
      engine,
      importer,
      `${header}b,Far too long,Sales,,ho\na,Good,Sales,,hi\nc,New,Lab,0,he\nd,New,Lab,3,hu\n`,
    );
    expect(some(outcome.counts)).toEqual({ created: 2, invalid: 2 });
    expect(outcome.issues).toEqual([
      [2, "company", "text_too_long"],
      [4, "size", "number_too_small"],
    ]);
    expect(outcome.records).toEqual({
      company: { created: 2 },
      department: { created: 2 },
      contact: { created: 2 },
      note: { created: 2 },
    });
    expect((await content(engine)).map(({ line }) => line)).toEqual(
      [...good, "company New 3", "contact d Lab", "department New Lab", "note d hu"].sort(),
    );
    expect((await undo(engine, outcome.job.id)).kept).toEqual({});
    expect(await content(engine)).toEqual([]);
  });

  it("is invalid where its parent is not there and none may be made, or the parent's key is blank", async () => {
    const importer = crm("issue");
    const engine = await open(importer, "insert into companies (name) values ('Good');");
    const outcome = await importForetold(
      engine,
      importer,
      `${header}b,Nobody,Sales,,ho\na,Good,Sales,,hi\nc,,Lab,,he\n`,
    );
    expect(some(outcome.counts)).toEqual({ created: 1, invalid: 2 });
    expect(outcome.issues).toEqual([
      [2, "company", "record_unknown"],
      [4, "company", "record_key_blank"],
    ]);
    expect((await content(engine)).map(({ line }) => line)).toEqual(good);
    expect(said(outcome, importer, 2)).toEqual([
      "There is no record (companies) called “Nobody”.",
      "Aucun enregistrement (sociétés) ne s’appelle « Nobody ».",
      "Det finns ingen post (företag) som heter ”Nobody”.",
    ]);
    expect(said(outcome, importer, 4)).toEqual([
      "Company is blank, but this row has other values for the same record (departments), which cannot be recognised without it.",
      "Société est vide, mais la ligne contient d’autres valeurs du même enregistrement (services), qu’on ne peut reconnaître sans ce champ.",
      "Företag är tomt, men raden har andra värden för samma post (avdelningar), som inte kan kännas igen utan det.",
    ]);
  });

  it("fails with its parent where the parent's table refuses it, in every row that names it; the parents that were made for such rows alone are not left behind", async () => {
    const importer = crm();
    const engine = await open(
      importer,
      `create function refuse() returns trigger language plpgsql as 'begin if new.name = ''Bad'' then raise exception ''no such company''; end if; return new; end';
      create trigger refuse before insert on companies for each row execute function refuse();
      create trigger refuse before insert on departments for each row execute function refuse();
      alter table contacts add check (email <> 'worst');`,
    );
    const outcome = await importForetold(
      engine,
      importer,
      `${header}b,Bad,Sales,,ho\na,Good,Sales,,hi\nc,Bad,Lab,,he\nd,Good,Bad,,hu\nworst,Only,Only,,x\n`,
    );
    expect(some(outcome.counts)).toMatchObject({ created: 1 });
    expect(outcome.issues).toEqual([
      [2, null, "database_rejected"],
      [4, null, "database_rejected"],
      [5, null, "database_rejected"],
      [6, "email", "database_check"],
    ]);
    expect((await content(engine)).map(({ line }) => line)).toEqual(good);
    expect(outcome.records).toEqual({
      company: { created: 1 },
      department: { created: 1 },
      contact: { created: 1 },
      note: { created: 1 },
    });
    expect(said(outcome, importer, 2)).toEqual([
      "The database rejected the row: no such company",
      "La base a refusé la ligne : no such company",
      "Databasen tog inte emot raden: no such company",
    ]);
    expect((await undo(engine, outcome.job.id)).kept).toEqual({});
    expect(await content(engine)).toEqual([]);
  });

  it("goes in with the parent that is there already, though an earlier row would have changed it and is invalid", async () => {
    const importer = crm();
    const engine = await open(importer, "insert into companies (name, size) values ('Good', 5);");
    const outcome = await importForetold(engine, importer, `${header}b,Good,Sales,0,ho\na,Good,Sales,,hi\n`);
    expect(some(outcome.counts)).toEqual({ created: 1, invalid: 1 });
    expect((await content(engine)).map(({ line }) => line)).toEqual(["company Good 5", ...good.slice(1)]);
  });
});
