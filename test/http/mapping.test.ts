import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { atLeastOne } from "../../src/core/importer.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const contacts = defineImporter({
  name: "contacts",
  fields: {
    email: field.email({ label: { en: "E-mail", fr: "Courriel" } }),
    phone: field.phone(),
    name: field.text({ required: true, aliases: { fr: ["Nom"] } }),
    born: field.date(),
    price: field.decimal({ min: 0, scale: 2 }),
    status: field.choice({ new: ["Nouveau"], won: ["Gagné"] }),
  },
  checks: [atLeastOne("email", "phone")],
  match: { keys: ["email"] },
  assign: { column: "owner_id", table: "people", by: ["mail"], shared: true },
  target: { table: "contacts" },
  context: { tenant: { type: "integer", from: (_user, { context }) => context.tenant } },
});
const ddl = `
  create table people (id serial primary key, mail text);
  insert into people (mail) values ('anna@x.fr'), ('bo@x.fr');
  create table contacts (id bigserial primary key, email text, phone text, name text, born date, price numeric, status text,
    owner_id integer, tenant integer)`;
const context = { tenant: "7" };

async function bring(app: OpenApp, text: string | Uint8Array, more: Record<string, unknown> = {}) {
  const uploadId = await app.upload(text, "contacts.csv");
  const made = await app.call("POST", "/imports", { uploadId, importer: "contacts", options: { context }, ...more });
  expect(made.status).toBe(201);
  return made.json;
}

const csv = "E-mail;Nom;Naissance\nanna@x.fr;Anna;01/02/1990\nbo@x.fr;Bo;03/04/1991\n";

describe("the mapping over HTTP", () => {
  it("is suggested, replaced as a whole, and says what is missing", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const at = `/imports/${made.id}/mapping`;
    expect((await app.call("GET", at)).json.columns).toMatchObject([
      { column: "E-mail", index: 0, field: "email", reason: "alias" },
      { column: "Nom", field: "name", reason: "alias" },
      { column: "Naissance", field: "born", doubt: "date_order" },
    ]);
    const changed = await app.call("PUT", at, {
      columns: [{ column: "Naissance", field: "born", transform: { dateOrder: "mdy" } }],
    });
    expect(changed.json).toMatchObject({
      columns: [{ field: null }, { field: null }, { field: "born", reason: "given", transform: { dateOrder: "mdy" } }],
      missing: ["name", "email | phone"],
    });
    expect((await app.events(made.id)).at(-1)).toBe("import.edited");
    const refused = await app.call("POST", `/imports/${made.id}/start`, {});
    expect([refused.status, refused.json.detail]).toEqual([
      422,
      expect.stringContaining("No column feeds: name; email | phone"),
    ]);
  });

  it("is not started where no column feeds a field, and says so in one request too", async () => {
    const notes = defineImporter({
      name: "notes",
      fields: { body: field.text(), at: field.date() },
      match: { keys: [], onDuplicate: "create" },
      target: { table: "notes" },
    });
    const app = await openApp([notes], "create table notes (id bigserial primary key, body text, at date)");
    const uploadId = await app.upload("foo,bar\n1,2\n", "notes.csv");
    const made = await app.call("POST", "/imports", { uploadId, importer: "notes" });
    const detail = expect.stringContaining("Its columns are: foo, bar. The fields are: body, at.");
    const refused = await app.call("POST", `/imports/${made.json.id}/start`, { acceptDoubts: true });
    expect([refused.status, refused.json]).toMatchObject([422, { detail, next: { code: "map_column" } }]);
    const again = { uploadId: await app.upload("foo,bar\n1,3\n", "more.csv"), importer: "notes", start: true };
    expect(await app.call("POST", "/imports", again)).toMatchObject({ status: 422, json: { detail } });
    const form = new FormData();
    form.set("file", new Blob(["foo,bar\n1,4\n"]), "one.csv");
    expect(await app.call("POST", "/import/notes", form)).toMatchObject({
      status: 400,
      json: { errors: [{ code: "header_missing", found: ["foo", "bar"] }] },
    });
  });

  it("feeds a field by what is not one column, names the ways where nothing does, and is remembered whole", async () => {
    const app = await openApp([contacts], ddl);
    const text = "E-mail;Contact;Statut\nanna@x.fr;Anna Berg;\nbo@x.fr;Bo;Gagné\n";
    const made = await bring(app, text);
    const at = `/imports/${made.id}/mapping`;
    const refused = await app.call("POST", `/imports/${made.id}/start`, {});
    expect([refused.status, refused.json.next]).toMatchObject([
      422,
      { code: "map_column", hint: expect.stringContaining("`fields`") },
    ]);
    const name = {
      field: "name",
      source: { kind: "split", column: "contact", by: "name", part: "last" },
      default: "?",
    };
    const price = { field: "price", source: { kind: "constant", value: "12.50" } };
    const changed = await app.call("PATCH", at, {
      columns: [{ column: "Statut", field: "status", default: "Nouveau" }],
      fields: [name, price],
    });
    expect([changed.status, changed.json]).toMatchObject([
      200,
      {
        columns: [{ field: "email" }, { column: "Contact", field: null }, { field: "status", default: "Nouveau" }],
        fields: [
          { ...name, source: { ...name.source, column: "Contact" }, reason: "given" },
          { ...price, reason: "given" },
        ],
        missing: [],
      },
    ]);
    const preview = await app.call("GET", `/imports/${made.id}/preview`);
    expect(preview.json.rows.map(({ values }: { values: unknown }) => values)).toEqual([
      { email: "anna@x.fr", name: "Berg", price: "12.50", status: "new" },
      { email: "bo@x.fr", name: "Bo", price: "12.50", status: "won" },
    ]);
    const template = await app.call("PUT", "/templates", { importId: made.id });
    expect(template.json.fields).toEqual([{ ...name, source: { ...name.source, column: "Contact" } }, price]);
    // Taken back, then brought back by the template.
    const back = await app.call("PATCH", at, { fields: [{ field: "name", source: null }] });
    expect(back.json).toMatchObject({ fields: [{ field: "price" }], missing: ["name"] });
    const used = await app.call("POST", `/imports/${made.id}/template`, { templateId: template.json.id });
    expect(used.json).toMatchObject({
      columns: [{ field: "email" }, { field: null }, { field: "status", default: "Nouveau" }],
      fields: changed.json.fields,
      missing: [],
    });
  });

  it.each([
    [{ field: "nam", source: { kind: "constant", value: "x" } }, 'There is no field "nam"'],
    [{ field: "status", source: { kind: "constant", value: "lost" } }, "Use one of: new, won."],
    [
      { field: "born", source: { kind: "constant", value: "soon" } },
      'no value for the field "born". Enter one such as 2024',
    ],
    [
      { field: "price", source: { kind: "join", columns: ["Nom"], separator: "" }, default: "-1" },
      'no value for the field "price"',
    ],
    [{ field: "name", source: { kind: "constant", value: " " } }, 'The constant for the field "name" is blank'],
    [{ field: "name", source: { kind: "join", columns: ["Nom", "Vorname"], separator: "" } }, 'no column "Vorname"'],
    [{ field: "name", source: { kind: "join", columns: ["Nom", "nom"], separator: " " } }, '"Nom" is joined twice'],
    [
      { field: "name", source: { kind: "split", column: "Nom", by: "separator", separator: ";", part: 0 } },
      'Pieces of the column "Nom" are counted from 1',
    ],
    [{ field: "name", source: { kind: "split", column: "Nom", by: "name", part: "middle" } }, "does not match"],
  ])("refuses %j", async (given, message) => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const refused = await app.call("PATCH", `/imports/${made.id}/mapping`, { fields: [given] });
    expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining(message)]);
  });

  it("is remembered with what its file showed of dates as a suggestion, and with what somebody said as their word", async () => {
    const app = await openApp([contacts], ddl);
    const file = (born: string) => `E-mail,name,born\nanna@x.fr,Anna,${born}\n`;
    const said = { columns: [{ column: "born", field: "born", transform: { dateOrder: "mdy" } }] };
    const cases: [first: string, word: object, next: string, expected: unknown[]][] = [
      ["01/13/1990", {}, "01/02/1990", ["mdy", "remembered", undefined]],
      ["01/13/1990", {}, "13/02/1990", ["dmy", "cells", undefined]],
      ["", {}, "01/02/1990", ["dmy", "usual", "date_order"]],
      ["01/02/1990", said, "13/02/1990", ["mdy", undefined, undefined]],
    ];
    for (const [first, word, next, expected] of cases) {
      const { id: importId } = await bring(app, file(first), { ...word, again: true });
      const { json: template } = await app.call("PUT", "/templates", { importId });
      const made = await bring(app, file(next), { templateId: template.id, again: true });
      const { transform, readBy, doubt } = made.mapping.columns[2];
      expect([first, next, transform.dateOrder, readBy, doubt]).toEqual([first, next, ...expected]);
    }
  });

  it("is changed column by column: the others keep their suggestion, its reason and its doubt", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const at = `/imports/${made.id}/mapping`;
    const [mail, , born] = made.mapping.columns;
    const changed = await app.call("PATCH", at, { columns: [{ column: "Nom", field: null }] });
    expect([changed.status, changed.json]).toEqual([
      200,
      {
        columns: [mail, { column: "Nom", index: 1, field: null, score: 1, reason: "given" }, born],
        fields: [],
        missing: ["name"],
      },
    ]);
    const moved = [
      { column: "E-mail", field: "name" },
      { column: "Naissance", field: "born", transform: { dateOrder: "dmy" } },
    ];
    expect((await app.call("PATCH", at, { columns: moved })).json.columns).toEqual([
      { column: "E-mail", index: 0, field: "name", score: 1, reason: "given" },
      { column: "Nom", index: 1, field: null, score: 1, reason: "given" },
      { column: "Naissance", index: 2, field: "born", score: 1, reason: "given", transform: { dateOrder: "dmy" } },
    ]);
    const taken = await app.call("PATCH", at, { columns: [{ column: "Nom", field: "name" }] });
    expect([taken.status, taken.json.detail]).toEqual([
      422,
      expect.stringContaining('The columns "E-mail" and "Nom" would both feed "name".'),
    ]);
    const unknown = await app.call("PATCH", at, { columns: [{ column: "Nix", field: "name" }] });
    expect([unknown.status, unknown.json.detail]).toEqual([422, expect.stringContaining('has no column "Nix"')]);
  });

  it("loses nothing when columns are changed at the same moment", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const at = `/imports/${made.id}/mapping`;
    const answers = await Promise.all(
      ["E-mail", "Nom", "Naissance"].map((column) => app.call("PATCH", at, { columns: [{ column, field: null }] })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await app.call("GET", at)).json.columns).toMatchObject([{ field: null }, { field: null }, { field: null }]);
  });

  it("is not put over another dialect than the one whose columns it names", async () => {
    const app = await openApp([contacts], ddl);
    const { id } = await bring(app, csv);
    const { drafts, imports } = app.store;
    // As somebody else's request, which began before the dialect was changed.
    const { mapping, dialect } = await imports.get(id);
    const noHeader = { context, dialect: { headerRow: 0 } };
    expect((await app.call("PUT", `/imports/${id}/options`, noHeader)).status).toBe(200);
    await expect(drafts.change(id, { mapping }, "anna", dialect)).rejects.toMatchObject({ code: "conflict" });
    const now = await imports.get(id);
    expect(now.mapping.columns.map(({ header }) => header)).toEqual(now.dialect.columns);
    expect(now.dialect.columns).not.toEqual(dialect.columns);
  });

  it("must be settled before the start, unless its doubts are accepted", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const refused = await app.call("POST", `/imports/${made.id}/start`);
    expect([refused.status, refused.json.detail]).toEqual([
      422,
      expect.stringContaining('"Naissance" → born (date_order)'),
    ]);
    expect((await app.call("POST", `/imports/${made.id}/start`, { acceptDoubts: true })).status).toBe(202);
  });

  it("says why a one-shot import could not start, and keeps it pending", async () => {
    const app = await openApp([contacts], ddl);
    const uploadId = await app.upload(csv);
    const answer = await app.call("POST", "/imports", {
      uploadId,
      importer: "contacts",
      options: { context, autoCommit: true },
    });
    expect([answer.status, answer.json.importId]).toEqual([422, expect.any(Number)]);
    expect((await app.call("GET", `/imports/${answer.json.importId}`)).json.status).toBe("pending");
  });

  it.each([
    ["a column that is not there", { columns: [{ column: "Nix", field: "name" }] }, 'has no column "Nix"'],
    ["a field that is not there", { columns: [{ column: "Nom", field: "nix" }] }, 'There is no field "nix"'],
    [
      "two columns for one field",
      {
        columns: [
          { column: "Nom", field: "name" },
          { column: "E-mail", field: "name" },
        ],
      },
      'Two columns are mapped to the field "name"',
    ],
    [
      "a column named twice",
      {
        columns: [
          { column: "Nom", field: "name" },
          { column: "Nom", field: null },
        ],
      },
      '"Nom" is named twice',
    ],
    ["no list", { columns: {} }, "columns: "],
    ["something else", { columns: [], more: 1 }, "Unrecognized key"],
    [
      "an unknown order",
      { columns: [{ column: "Nom", field: null, transform: { dateOrder: "ydm" } }] },
      "columns.0.transform.dateOrder",
    ],
  ])("refuses %s", async (_, body, detail) => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const answer = await app.call("PUT", `/imports/${made.id}/mapping`, body);
    expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining(detail)]);
    expect((await app.call("GET", `/imports/${made.id}/mapping`)).json.columns).toEqual(made.mapping.columns);
  });

  it("stands once the import has started", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv, { acceptDoubts: true, start: true, options: { context } }).catch(() => null);
    expect(made).toBeNull();
    const [{ id }] = (await app.call("GET", "/imports")).json.items;
    for (const [path, body] of [
      ["mapping", { columns: [] }],
      ["options", { context }],
    ] as const) {
      const answer = await app.call("PUT", `/imports/${id}/${path}`, body);
      expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("is queued")]);
    }
  });
});

describe("the options over HTTP", () => {
  it("come back as they were put, and are the defaults where they are left out", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const at = `/imports/${made.id}/options`;
    const first = (await app.call("GET", at)).json;
    expect(first).toEqual({
      dialect: { encoding: "utf-8", delimiter: ";", quote: '"', escape: "double", headerRow: 1 },
      mode: "upsert",
      confirmRemovals: 0,
      repeats: "all",
      duplicates: { strategy: "skip", keys: ["email"] },
      merge: {},
      assignment: { mode: "none" },
      context,
      language: "en",
      autoCommit: false,
    });
    expect((await app.call("PUT", at, first)).json).toEqual(first);
    const wanted = {
      mode: "update_only",
      repeats: "last",
      context,
      duplicates: { strategy: "update", keys: ["phone", "email"] },
      merge: { name: "fill", price: "never" },
      assignment: { mode: "round-robin", owners: [{ owner: "anna@x.fr", weight: 2 }, { owner: "2" }] },
      language: "sv",
      autoCommit: true,
    };
    expect((await app.call("PUT", at, wanted)).json).toEqual({
      confirmRemovals: 0,
      ...wanted,
      dialect: first.dialect,
      assignment: {
        mode: "round-robin",
        owners: [
          { owner: "1", weight: 2 },
          { owner: "2", weight: 1 },
        ],
      },
    });
    expect((await app.call("PUT", at, { context })).json).toEqual(first);
  });

  it("read the file anew by another dialect, and keep what was said of columns that are still there", async () => {
    const app = await openApp([contacts], ddl);
    const bytes = Buffer.from("Liste\nE-mail;Nom;X\nanna@x.fr;Ren\xe9;1\nbo@x.fr;Bo;2\n", "latin1");
    const made = await bring(app, bytes, { options: { context, dialect: { headerRow: 1 } } });
    expect(made.dialect.columns[0]).toBe("Liste");
    const at = `/imports/${made.id}`;
    const changed = await app.call("PUT", `${at}/options`, {
      context,
      dialect: { encoding: "windows-1252", headerRow: 2, delimiter: ";" },
    });
    expect(changed.json.dialect).toEqual({
      encoding: "windows-1252",
      delimiter: ";",
      quote: '"',
      escape: "double",
      headerRow: 2,
    });
    expect((await app.call("GET", at)).json.dialect.columns).toEqual(["E-mail", "Nom", "X"]);
    expect((await app.call("GET", `${at}/mapping`)).json.columns).toMatchObject([
      { field: "email" },
      { field: "name" },
      {},
    ]);
    expect((await app.call("GET", `${at}/preview`)).json.rows[0]).toEqual({
      row: 3,
      cells: ["anna@x.fr", "René", "1"],
      intact: true,
      values: { email: "anna@x.fr", name: "René" },
      issues: [],
    });

    await app.call("PUT", `${at}/mapping`, {
      columns: [
        { column: "X", field: "name" },
        { column: "E-mail", field: null },
      ],
    });
    await app.call("PUT", `${at}/options`, { context, dialect: { encoding: "iso-8859-15", headerRow: 2 } });
    expect((await app.call("GET", `${at}/mapping`)).json.columns).toMatchObject([
      { field: null },
      { field: null },
      { field: "name", reason: "given" },
    ]);
  });

  it("let another part of the file show again how its dates are written", async () => {
    const app = await openApp([contacts], ddl);
    const header = "E-mail,name,born";
    const text = `${header}\nanna@x.fr,Anna,13/01/1990\nbo@x.fr,Bo,14/01/1990\n${header}\ncy@x.fr,Cy,01/13/1990\n`;
    const columns = [
      { column: "E-mail", field: "email" },
      { column: "born", field: "born" },
    ];
    const made = await bring(app, text, { columns });
    expect(made.mapping.columns[2]).toMatchObject({ transform: { dateOrder: "dmy" }, readBy: "cells" });
    await app.call("PUT", `/imports/${made.id}/options`, { context, dialect: { headerRow: 4 } });
    const { json } = await app.call("GET", `/imports/${made.id}/mapping`);
    expect(json.columns[2]).toMatchObject({ reason: "given", transform: { dateOrder: "mdy" }, readBy: "cells" });
  });

  it.each([
    ["an unknown encoding", { dialect: { encoding: "klingon-8" } }, "klingon-8"],
    ["a quote as delimiter", { dialect: { delimiter: '"' } }, "dialect.delimiter"],
    ["a sheet of a text file", { dialect: { sheet: "Sheet1" } }, "has no sheets"],
    ["a header far below the file", { dialect: { headerRow: 999 } }, "999"],
    ["a key that is no field", { duplicates: { strategy: "skip", keys: ["nix"] } }, '"nix"'],
    ["a strategy that is none", { duplicates: { strategy: "merge", keys: [] } }, "duplicates.strategy"],
    ["an owner whom nobody knows", { assignment: { mode: "single", owner: "cy@x.fr" } }, "cy@x.fr"],
    ["a column that the file has not", { assignment: { mode: "column", column: "Nix" } }, '"Nix"'],
    ["a context value that is no integer", { context: { tenant: "seven" } }, "not a valid integer"],
    ["no context where it is needed", { context: {} }, 'which "tenant" it is for'],
    ["another context value", { context: { tenant: "7", wheel: "1" } }, '"wheel"'],
    ["a merge rule for what is no field", { merge: { nix: "fill" } }, 'no field "nix" to merge'],
    ["a merge rule that is none", { merge: { name: "sometimes" } }, "merge.name"],
    ["a merge rule of lists for a text", { merge: { name: "append" } }, '"append" is not a merge rule for "name"'],
    ["an unknown language", { language: "de" }, "language"],
  ])("refuse %s", async (_, options, detail) => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, csv);
    const answer = await app.call("PUT", `/imports/${made.id}/options`, { context, ...options });
    expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining(detail)]);
    expect((await app.call("GET", `/imports/${made.id}/options`)).json.dialect).toMatchObject({ delimiter: ";" });
  });
});

describe("the preview", () => {
  it("reads each cell as the mapping says, and tells in the reader's language what would keep a row out", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(
      app,
      "E-mail;Nom;Naissance;Prix\nANNA@X.fr;Anna;01/02/1990;1,5\nnobody;Bo;02/02/1990;-3\n",
    );
    const at = `/imports/${made.id}`;
    const said = { column: "Naissance", field: "born", transform: { dateOrder: "mdy" } };
    await app.call("PATCH", `${at}/mapping`, { columns: [said, { column: "Prix", field: "price" }] });
    const { json } = await app.call("GET", `${at}/preview?lang=fr`);
    expect(json.rows[0].values).toEqual({ email: "anna@x.fr", name: "Anna", born: "1990-01-02", price: "1.5" });
    expect(json.rows[1].values).toBeNull();
    expect(json.rows[1].issues).toMatchObject([
      { code: "email_invalid", field: "email", message: expect.stringContaining("Courriel") },
      { code: "number_too_small", field: "price" },
    ]);
    await app.call("PUT", `${at}/mapping`, { columns: [] });
    expect((await app.call("GET", `${at}/preview`)).json.rows[1]).toMatchObject({ values: null, issues: [] });
  });

  it("shows the first rows as they are read and what the columns look like, of a file of any size", async () => {
    const app = await openApp([contacts], ddl);
    const lines = Array.from({ length: 5000 }, (_, k) => `p${k}@x.fr;Name ${k};${k % 2 ? "Gagné" : "Nouveau"}`);
    const made = await bring(app, `E-mail;Nom;Statut\n${lines.join("\n")}\nragged\n`);
    const { json } = await app.call("GET", `/imports/${made.id}/preview`);
    expect(json.rows).toHaveLength(100);
    expect([json.rows[0], json.rows[99].row, json.more]).toEqual([
      {
        row: 2,
        cells: ["p0@x.fr", "Name 0", "Nouveau"],
        intact: true,
        values: { email: "p0@x.fr", name: "Name 0", status: "new" },
        issues: [],
      },
      101,
      true,
    ]);
    expect(json.columns).toMatchObject([
      { column: "E-mail", kind: "email", filled: 1 },
      { column: "Nom", filled: 1 },
      { column: "Statut", kind: "choice", distinct: 2, examples: ["Nouveau", "Gagné"] },
    ]);
    expect([json.sampledRows, json.isWhole]).toEqual([1000, false]);
    expect(json.columns.map(({ top }: { top: object[] }) => top.length)).toEqual([200, 200, 2]);
    expect(json.columns[2].top).toEqual([
      { value: "Nouveau", count: 500, choice: "new" },
      { value: "Gagné", count: 500, choice: "won" },
    ]);
    expect(json.columns[1].top[0]).toEqual({ value: "Name 0", count: 1 });
    expect((await app.call("GET", `/imports/${made.id}/preview?limit=3`)).json.rows).toHaveLength(3);
    expect((await app.call("GET", `/imports/${made.id}/preview?limit=101`)).status).toBe(422);
  });

  it("says which choice a word means, by the field's own words and by what a person says", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, "E-mail;Nom;Statut\na@x.fr;A;Nouveau\nb@x.fr;B;Prospect\n");
    const at = `/imports/${made.id}`;
    const choices = async () =>
      (await app.call("GET", `${at}/preview`)).json.columns[2].top.map(
        ({ choice }: { choice?: string | null }) => choice,
      );
    await app.call("PATCH", `${at}/mapping`, { columns: [{ column: "Statut", field: "status" }] });
    expect(await choices()).toEqual(["new", null]);
    const values = { PROSPECT: "won" };
    await app.call("PATCH", `${at}/mapping`, {
      columns: [{ column: "Statut", field: "status", transform: { values } }],
    });
    expect(await choices()).toEqual(["new", "won"]);
    expect((await app.call("GET", `${at}/preview`)).json.rows[1].values.status).toBe("won");
  });

  it("shows rows that are not intact, cuts endless cells, and ends with the file", async () => {
    const app = await openApp([contacts], ddl);
    const made = await bring(app, `E-mail;Nom;Z\na@x.fr\nb@x.fr;${"x".repeat(700)};z\n`);
    const { json } = await app.call("GET", `/imports/${made.id}/preview`);
    expect(json.rows[0]).toEqual({ row: 2, cells: ["a@x.fr"], intact: false, values: null, issues: [] });
    expect(json.rows[1].cells[1]).toBe(`${"x".repeat(500)}…`);
    expect(json.more).toBe(false);
  });
});
