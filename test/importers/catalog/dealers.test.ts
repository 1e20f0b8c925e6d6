/** The dealers of a catalogue: their aliases, what becomes of a list that comes again, and the views that programs read. */
import { describe, expect, it } from "vitest";
import { dealers } from "../../../src/importers/catalog/dealers.ts";
import { leads } from "../../../src/importers/leads/leads.ts";
import { sql } from "../../../src/postgres/connection/session.ts";
import { createTables } from "../../../src/postgres/tables/tables.ts";
import { openEngine, some } from "../../open-engine.ts";

const columns = ["code", "name", "email", "phone", "address", "region", "discount"];

describe("the dealers importer", () => {
  it.each([
    ["Code;Name;E-mail;Phone;Address;Region;Discount", "12.5"],
    ["Code revendeur;Raison sociale;Courriel;Téléphone;Adresse;Secteur;Remise %", "12,5 %"],
    ["Återförsäljarkod;Företag;E-post;Telefon;Adress;Område;Rabatt", "12,5"],
  ])("reads %s", async (header, discount) => {
    const app = await openEngine([dealers]);
    const row = `D-007;Garage du Port;PORT@x.fr;01 23 45 67 89;1 quai du Port;Nord;${discount}`;
    const { job, counts } = await app.importCsv(dealers, `${header}\n${row}\n`);
    expect(job.mapping.columns.map(({ field, doubt }) => [field, doubt])).toEqual(
      columns.map((field) => [field, undefined]),
    );
    expect(some(counts)).toEqual({ created: 1 });
    expect(await app.rows(`select ${columns.join(", ")} from dealers`)).toEqual([
      {
        code: "D-007",
        name: "Garage du Port",
        email: "port@x.fr",
        phone: "+33123456789",
        address: "1 quai du Port",
        region: "Nord",
        discount: "12.50",
      },
    ]);
  });

  it("changes whom it knows by the code, in any case, and leaves the others", async () => {
    const app = await openEngine([dealers]);
    await app.importCsv(dealers, "Code,Name,Discount\nD1,One,5\nD2,Two,7\n");
    const { counts } = await app.importCsv(
      dealers,
      "Code,Name,Discount\nd1,One,10\nD2,Two,7\nD3,Three,\nD4,Four,200\n",
    );
    expect(some(counts)).toEqual({ updated: 1, unchanged: 1, created: 1, invalid: 1 });
    expect(await app.rows("select code, name, discount from dealers order by code")).toEqual([
      { code: "D2", name: "Two", discount: "7.00" },
      { code: "D3", name: "Three", discount: null },
      { code: "d1", name: "One", discount: "10.00" },
    ]);
  });
});

describe("the views of imports", () => {
  it("tell of each import and of each row that did not go in", async () => {
    const app = await openEngine([dealers, leads]);
    await app.importCsv(dealers, "Code,Name,E-mail\nD1,One,one@x.fr\nD2,,nowhere\nD3,Three,\n");
    await app.importCsv(leads, "Email,Company\na@x.fr,A\na@x.fr,A\n", { createdBy: "anna" });
    await app.create(dealers, "Code,Name\nD9,Nine\n");
    await app.dryRun(dealers, "Code,Name\nD8,Eight\n");
    expect(
      await app.rows(
        `select id, type, "fileName", "importStatus", "totalRows", "successCount", "errorCount", "createdBy", message,
           "completedAt" is not null as done from "ImportLog" order by "createdAt"`,
      ),
    ).toEqual([
      {
        id: 1,
        type: "DEALERS",
        fileName: "test.csv",
        importStatus: "COMPLETED",
        totalRows: 3,
        successCount: 2,
        errorCount: 1,
        createdBy: "tester",
        message: null,
        done: true,
      },
      {
        id: 2,
        type: "leads",
        fileName: "test.csv",
        importStatus: "COMPLETED",
        totalRows: 2,
        successCount: 1,
        errorCount: 1,
        createdBy: "anna",
        message: null,
        done: true,
      },
      {
        id: 3,
        type: "DEALERS",
        fileName: "test.csv",
        importStatus: "PENDING",
        totalRows: 0,
        successCount: 0,
        errorCount: 0,
        createdBy: "tester",
        message: null,
        done: false,
      },
    ]);
    expect(
      await app.rows(
        'select id, "importLogId", type, row, field, code, message, value from "ImportErrorsLog" order by id',
      ),
    ).toEqual([
      {
        id: "1-3-1",
        importLogId: 1,
        type: "DEALERS",
        row: 3,
        field: "name",
        code: "required",
        message: "required",
        value: "",
      },
      {
        id: "1-3-2",
        importLogId: 1,
        type: "DEALERS",
        row: 3,
        field: "email",
        code: "email_invalid",
        message: "email invalid",
        value: "nowhere",
      },
      {
        id: "2-3-1",
        importLogId: 2,
        type: "leads",
        row: 3,
        field: null,
        code: "duplicate_in_file",
        message: "duplicate in file (row: 2)",
        value: null,
      },
    ]);
  });

  it.each([
    ["FAILED", "failed"],
    ["PROCESSING", "parsing"],
  ] as const)("say %s of an import that is %s", async (word, status) => {
    const app = await openEngine([dealers]);
    const { id } = await app.create(dealers, "Code,Name\nD1,One\n");
    await app.engine.start(id);
    await app.store.imports.move(id, "parsing");
    if (status === "failed") await app.store.imports.move(id, "failed", { errorMessage: "the disk is full" });
    const found = await app.rows('select "importStatus", message from "ImportLog"');
    expect(found).toEqual([{ importStatus: word, message: status === "failed" ? "the disk is full" : null }]);
  });

  it("run as their programs have them written", async () => {
    const app = await openEngine([dealers]);
    await app.importCsv(dealers, "Code,Name\nD1,One\nD2,\n");
    const asked = [
      `select * from "ImportLog" where type = 'PARTS' and "completedAt" is null`,
      `select * from "ImportLog" where type = 'DEALERS' and "errorCount" > 0`,
      `select * from "ImportLog" order by "createdAt"`,
      `select * from "ImportErrorsLog" where "importLogId" = 1`,
    ];
    const counts = [];
    for (const statement of asked) counts.push((await app.rows(statement)).length);
    expect(counts).toEqual([0, 1, 1, 1]);
  });

  it("are nobody's but their owner's, whatever the schema gives away by default", async () => {
    const role =
      "create role reader_of_all; alter default privileges in schema public grant all on tables to public, reader_of_all";
    const app = await openEngine([dealers], role);
    try {
      await createTables(app.database, dealers);
      expect(
        await app.rows(
          `select a.grantee::regrole::text as role from pg_class c cross join aclexplode(c.relacl) a
           where c.oid = '"ImportLog"'::regclass and a.grantee <> c.relowner`,
        ),
      ).toEqual([]);
    } finally {
      await app.database.query(sql.raw("drop owned by reader_of_all; drop role reader_of_all"));
    }
  });

  it("are made anew by a newer version, and leave what somebody else called so", async () => {
    const app = await openEngine([dealers], 'create table "ImportErrorsLog" (own text)');
    const older = { ...dealers, views: [{ name: "ImportLog", query: "select 1 as old" }] };
    await createTables(app.database, older);
    expect(await app.rows('select * from "ImportLog"')).toEqual([{ old: 1 }]);
    await createTables(app.database, dealers);
    expect(await app.rows('select * from "ImportLog"')).toEqual([]);
    expect(await app.rows('select * from "ImportErrorsLog"')).toEqual([]);
    expect(await app.rows(`select relkind from pg_class where oid = '"ImportErrorsLog"'::regclass`)).toEqual([
      { relkind: "r" },
    ]);
  });
});
