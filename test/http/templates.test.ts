import { describe, expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

const header = "Adresse mail,Prénom";
const columns = [
  { column: "Adresse mail", field: "email" },
  { column: "Prénom", field: "last_name" },
];

async function bring(app: OpenApp, text: string, more: Record<string, unknown> = {}, as = "anna") {
  const uploadId = await app.upload(text, "leads.csv", as);
  return app.call("POST", "/imports", { uploadId, importer: "leads", ...more }, { as });
}

describe("remembered mappings", () => {
  it("are kept when an import is completed, offered for files of the same columns in any order, and used when asked", async () => {
    const app = await openApp();
    const options = { autoCommit: true, duplicates: { strategy: "update", keys: ["email"] } };
    const first = await bring(app, `${header}\nanna@example.com,Anna\n`, { columns, options });
    expect(first.json).toMatchObject({ template: null, suggestedTemplates: [] });
    expect((await app.call("GET", "/templates", undefined, { as: "anna" })).json.items).toEqual([]);
    await app.work(first.json.id);

    const second = await bring(app, "PRENOM,adresse MAIL\nBo,bo@example.com\n");
    const [suggested] = second.json.suggestedTemplates;
    expect(suggested).toMatchObject({ importer: "leads", createdBy: "anna", columns, duplicates: options.duplicates });
    expect(second.json.mapping.columns.map(({ field }: { field: string }) => field)).toEqual(["first_name", "email"]);

    const third = await bring(app, "PRENOM,adresse MAIL\nCy,cy@example.com\n", {
      templateId: suggested.id,
      start: true,
    });
    expect([third.status, third.json.template.id]).toEqual([202, suggested.id]);
    expect(third.json.mapping.columns).toMatchObject([
      { column: "PRENOM", field: "last_name", reason: "given" },
      { column: "adresse MAIL", field: "email", reason: "given" },
    ]);
    expect(
      (await app.call("GET", `/imports/${third.json.id}/options`, undefined, { as: "anna" })).json.duplicates,
    ).toEqual(options.duplicates);

    const other = await bring(app, "Adresse mail,Ville\nx@example.com,Paris\n");
    expect(other.json.suggestedTemplates).toEqual([]);
  });

  it("have names, are found by the import that they fit, and are used for it while it is pending", async () => {
    const app = await openApp();
    const as = { as: "anna" };
    const options = { duplicates: { strategy: "update", keys: ["email"] }, merge: { last_name: "fill" } };
    const first = await bring(app, `${header}\nanna@example.com,Anna\n`, { columns, options });
    const { json: saved } = await app.call("PUT", "/templates", { importId: first.json.id, name: " Salon " }, as);
    expect(saved).toMatchObject({ name: "Salon", merge: options.merge });
    expect((await app.call("PUT", "/templates", { importId: first.json.id }, as)).json.name).toBe("Salon");
    const renamed = await app.call("PATCH", `/templates/${saved.id}`, { name: "Foire" }, as);
    expect([renamed.status, renamed.json.name]).toEqual([200, "Foire"]);
    expect((await app.call("PATCH", `/templates/${saved.id}`, { name: "Bo's" }, { as: "bo" })).status).toBe(404);
    expect((await app.call("PATCH", `/templates/${saved.id}`, { name: "" }, as)).status).toBe(422);

    const second = await bring(app, "PRENOM,adresse MAIL\nBo,bo@example.com\n");
    const fitting = async (id: number) =>
      (await app.call("GET", `/templates?importId=${id}`, undefined, as)).json.items;
    expect(await fitting(second.json.id)).toEqual([renamed.json]);
    const used = await app.call("POST", `/imports/${second.json.id}/template`, { templateId: saved.id }, as);
    expect(used.json).toMatchObject({
      columns: [
        { column: "PRENOM", field: "last_name" },
        { column: "adresse MAIL", field: "email" },
      ],
      missing: [],
    });
    expect((await app.call("GET", `/imports/${second.json.id}/options`, undefined, as)).json).toMatchObject(options);
    expect((await app.call("PATCH", `/templates/${saved.id}`, { name: null }, as)).json.name).toBeNull();

    const other = await bring(app, "Adresse mail,Ville\nx@example.com,Paris\n");
    expect(await fitting(other.json.id)).toEqual([]);
    const stranger = await bring(app, "PRENOM,adresse MAIL\nCy,cy@example.com\n", {}, "bo");
    const stolen = await app.call(
      "POST",
      `/imports/${stranger.json.id}/template`,
      { templateId: saved.id },
      { as: "bo" },
    );
    expect(stolen.status).toBe(404);
    await app.call("POST", `/imports/${second.json.id}/start`, { acceptDoubts: true }, as);
    const late = await app.call("POST", `/imports/${second.json.id}/template`, { templateId: saved.id }, as);
    expect(late.status).toBe(409);
  });

  it("give way to what is said now", async () => {
    const app = await openApp();
    const first = await bring(app, `${header}\nanna@example.com,Anna\n`, { columns });
    const { json: template } = await app.call("PUT", "/templates", { importId: first.json.id }, { as: "anna" });
    const said = [{ column: "Prénom", field: "first_name" }];
    const second = await bring(app, `${header}\nbo@example.com,Bo\n`, { templateId: template.id, columns: said });
    expect(second.json.mapping.columns).toMatchObject([{ field: "email" }, { field: "first_name" }]);
  });

  it("are saved from a pending import, replaced by the next of the same columns, looked at and forgotten", async () => {
    const app = await openApp();
    const first = await bring(app, `${header}\nanna@example.com,Anna\n`, { columns });
    const put = await app.call("PUT", "/templates", { importId: first.json.id }, { as: "anna" });
    expect([put.status, put.json.columns]).toEqual([200, columns]);
    await app.call("PUT", `/imports/${first.json.id}/mapping`, { columns: [columns[0]] }, { as: "anna" });
    const again = await app.call("PUT", "/templates", { importId: first.json.id }, { as: "anna" });
    expect([again.json.id, again.json.columns[1].field]).toEqual([put.json.id, null]);

    const at = `/templates/${put.json.id}`;
    const list = async (as: string, query = "") =>
      (await app.call("GET", `/templates${query}`, undefined, { as })).json.items.map(({ id }: { id: number }) => id);
    expect(await list("anna")).toEqual([put.json.id]);
    expect(await list("anna", `?importer=leads&fingerprint=${put.json.fingerprint}`)).toEqual([put.json.id]);
    expect(await list("anna", "?importer=nix")).toEqual([]);
    expect(await list("bo")).toEqual([]);
    expect(await list("admin")).toEqual([put.json.id]);
    expect((await app.call("GET", at, undefined, { as: "anna" })).json).toEqual(again.json);
    expect((await app.call("GET", at, undefined, { as: "bo" })).status).toBe(404);
    expect((await app.call("DELETE", at, undefined, { as: "bo" })).status).toBe(404);
    const stolen = await bring(app, `${header}\nx@example.com,X\n`, { templateId: put.json.id }, "bo");
    expect(stolen.status).toBe(404);
    expect((await app.call("DELETE", at, undefined, { as: "anna" })).status).toBe(204);
    expect((await app.call("GET", at, undefined, { as: "anna" })).status).toBe(404);
  });
});
