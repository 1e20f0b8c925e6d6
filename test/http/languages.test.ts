/** What is refused, and why an import stands still, in the language of whoever asks. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { pausedBy } from "../../src/core/import.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { type Answer, type OpenApp, openApp } from "./open-app.ts";

const people = "Email,First name,Last name\nanna@example.com,Anna,Berg\n";
const french = { headers: { "accept-language": "fr-CA,fr;q=0.8,en;q=0.5" } };
const german = { headers: { "accept-language": "de" } };

async function create(app: OpenApp, text: string, importer = "leads", name = "leads.csv") {
  const { json } = await app.call("POST", "/imports", { uploadId: await app.upload(text, name), importer });
  return { id: json.id as number, at: `/imports/${json.id}` };
}

/** A file that is no table, as the body of a request. */
async function bringPdf({ app }: OpenApp, headers: Record<string, string> = {}, query = ""): Promise<Response> {
  return app.fetch(
    new Request(`http://sluice.test/api/v1/uploads?name=people.csv${query}`, {
      method: "POST",
      headers: { authorization: "Bearer admin", "content-type": "application/octet-stream", ...headers },
      body: "%PDF-1.7\n",
    }),
  );
}

const told = ({ headers, json }: Answer): unknown[] => [headers.get("content-language"), json.title, json.detail];

describe("a refusal", () => {
  it.each([
    [
      "fr",
      french.headers,
      "",
      "people.csv est un PDF. Récupérez le tableau lui-même, en XLSX ou en CSV, là d’où il vient.",
    ],
    ["sv", {}, "&lang=sv", "people.csv är en PDF. Hämta själva tabellen, som XLSX eller CSV, där den kommer ifrån."],
    [
      "sv",
      french.headers,
      "&lang=sv",
      "people.csv är en PDF. Hämta själva tabellen, som XLSX eller CSV, där den kommer ifrån.",
    ],
    ["en", {}, "", "people.csv is a PDF. Export the table as XLSX or CSV from the program it came from."],
    ["en", german.headers, "", "people.csv is a PDF. Export the table as XLSX or CSV from the program it came from."],
    [
      "en",
      german.headers,
      "&lang=de",
      "people.csv is a PDF. Export the table as XLSX or CSV from the program it came from.",
    ],
  ])("of a file that is no table is told in %s to who asks by %j and ?%s", async (language, headers, query, detail) => {
    const answer = await bringPdf(await openApp(), headers, query);
    expect([answer.status, answer.headers.get("content-language")]).toEqual([422, language]);
    expect(await answer.json()).toMatchObject({ code: "invalid", status: 422, detail });
  });

  it("is told in the server's own language to who asks for none that it knows", async () => {
    const app = await openApp(undefined, "", { language: "sv" });
    for (const headers of [{}, german.headers, { "accept-language": "*" }])
      expect(await (await bringPdf(app, headers)).json()).toMatchObject({
        title: "Anropet kan inte utföras som det är.",
        detail: expect.stringContaining("är en PDF"),
      });
    expect(await (await bringPdf(app, { "accept-language": "en" })).json()).toMatchObject({
      detail: expect.stringContaining("is a PDF"),
    });
  });

  it("names statuses as its reader calls them, and keeps what a program goes by", async () => {
    const app = await openApp();
    const { at, id } = await create(app, people);
    const refused = await app.call("POST", `${at}/pause`, undefined, french);
    expect(refused.json).toMatchObject({ status: 409, code: "conflict", type: "urn:sluice:error:conflict" });
    expect(told(refused)).toEqual([
      "fr",
      "Ce n’est pas possible dans l’état actuel.",
      `L’import ${id} est à préparer et ne peut pas être mis en pause. Démarrez-le ou interrompez-le.`,
    ]);
    expect((await app.call("POST", `${at}/pause`)).json.detail).toBe(
      `Import ${id} is pending and cannot be paused. Start it, or cancel it.`,
    );
  });

  it("leaves the flags and addresses of programs out where a person reads it", async () => {
    const app = await openApp();
    const { at } = await create(app, "Nix\nAnna\n");
    const unknown = { columns: [{ column: "Nix", field: "nothing" }] };
    const english = (await app.call("PUT", `${at}/mapping`, unknown)).json.detail;
    expect(english).toMatch(/^There is no field "nothing"\. The fields are: /);
    const { detail } = (await app.call("PUT", `${at}/mapping`, unknown, french)).json;
    expect(detail).toMatch(/^Il n’y a pas de champ « nothing »\. Les champs sont : /);
    const started = await app.call("POST", `${at}/start`, {}, french);
    expect(started.json.detail).toMatch(/^Aucune colonne n’alimente : .*\.$/);
    expect(started.json.next).toMatchObject({
      code: "map_column",
      hint: expect.stringContaining(`PATCH ${at}/mapping`),
    });
  });

  it("keeps the import of a file that is in already, and is told in the same words", async () => {
    const app = await openApp();
    const uploadId = await app.upload("Nix\nAnna\n");
    const answer = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true }, french);
    expect(answer.json).toMatchObject({
      importId: expect.any(Number),
      detail: expect.stringMatching(/^Aucune colonne/),
    });
  });

  it.each([
    ["GET", "/imports/99", undefined, "L’import 99 n’existe pas, ou n’est pas à vous."],
    ["GET", "/templates/7", undefined, "Le modèle 7 n’existe pas, ou n’est pas à vous."],
    ["GET", "/nix", undefined, "Il n’y a rien à l’adresse /api/v1/nix. Ce qu’il y a figure dans /api/v1/openapi.json."],
    ["PUT", "/imports", undefined, /^\/api\/v1\/imports accepte .*, et non PUT\.$/],
    [
      "GET",
      "/imports?limit=0",
      undefined,
      /^La requête n’est pas conforme à la documentation \(paramètres\) : limit: /,
    ],
    ["POST", "/imports", { uploadId: "x" }, "La requête n’indique pas le type d’import."],
    [
      "POST",
      "/imports",
      { uploadId: "x", importer: "nix" },
      "Il n’y a pas de type d’import « nix », ou vous n’y avez pas accès.",
    ],
    [
      "POST",
      "/imports",
      { uploadId: "x", importer: "leads" },
      "L’envoi x n’existe pas, ou a expiré. Envoyez de nouveau le fichier.",
    ],
  ])("of %s %s is French", async (method, path, body, detail) => {
    const answer = await (await openApp()).call(method, path, body, french);
    expect(answer.headers.get("content-language")).toBe("fr");
    expect(answer.json.detail).toEqual(typeof detail === "string" ? detail : expect.stringMatching(detail));
  });

  it("is French before anybody is known, and when somebody may not", async () => {
    const app = await openApp([defineImporter({ ...leads, can: (_, action) => action === "view" })]);
    expect(told(await app.call("GET", "/imports", undefined, { as: "", ...french }))).toEqual([
      "fr",
      "Connectez-vous d’abord.",
      "Connectez-vous, ou envoyez un jeton.",
    ]);
    const asked = { uploadId: "x", importer: "leads" };
    expect((await app.call("POST", "/imports", asked, { as: "anna", ...french })).json.detail).toBe(
      "Vous n’avez pas ce droit avec le type d’import « leads » : créer un import. Adressez-vous à un administrateur.",
    );
  });

  it("of a resumable upload is French too", async () => {
    const { app } = await openApp();
    const begin = (headers: Record<string, string>): Promise<Response> =>
      app.fetch(
        new Request("http://sluice.test/api/v1/uploads/tus", {
          method: "POST",
          headers: {
            authorization: "Bearer admin",
            "tus-resumable": "1.0.0",
            "upload-metadata": `filename ${btoa("people.csv")}`,
            "upload-length": "0",
            ...headers,
          },
        }),
      );
    const answer = await begin({ "accept-language": "fr" });
    expect([answer.status, answer.headers.get("content-language")]).toEqual([422, "fr"]);
    expect(await answer.json()).toMatchObject({
      title: "La requête ne peut pas être exécutée telle quelle.",
      detail: "people.csv est vide : ni en-tête, ni lignes.",
    });
    expect(await (await begin({})).json()).toMatchObject({
      detail: "people.csv is empty: it has no header and no rows.",
    });
  });
});

describe("why an import stands still", () => {
  it("is told in the language of whoever looks, in every view of it", async () => {
    const app = await openApp();
    const { at, id } = await create(app, people);
    await app.call("POST", `${at}/start`, {});
    const paused = await app.call("POST", `${at}/pause`, undefined, french);
    expect(paused.json).toMatchObject({ errorMessage: "Mis en pause par admin.", pausedBy: "admin" });
    expect((await app.call("GET", at)).json).toMatchObject({ errorMessage: "paused by admin", pausedBy: "admin" });
    expect((await app.call("GET", at, undefined, german)).json.errorMessage).toBe("paused by admin");
    expect((await app.call("GET", `${at}?lang=sv`, undefined, french)).json.errorMessage).toBe("Pausad av admin.");
    expect((await app.call("GET", "/imports?lang=sv")).json.items).toMatchObject([
      { id, errorMessage: "Pausad av admin." },
    ]);
    expect((await app.call("GET", "/imports", undefined, french)).json.items).toMatchObject([
      { errorMessage: "Mis en pause par admin." },
    ]);
    expect((await app.call("GET", `${at}/report`, undefined, french)).json.errorMessage).toBe(
      "Mis en pause par admin.",
    );
    expect((await app.call("GET", `${at}/report?lang=sv`)).json.errorMessage).toBe("Pausad av admin.");

    const resumed = await app.call("POST", `${at}/resume`, undefined, french);
    expect(resumed.json).toMatchObject({ errorMessage: null, pausedBy: null });
    expect(await app.rows("select error_message, error_told from sluice.import_jobs")).toEqual([
      { error_message: null, error_told: null },
    ]);
  });

  it("is what was wrong with the file", async () => {
    const app = await openApp();
    const rows = Array.from({ length: 5_000 }, (_, k) => JSON.stringify({ email: `a${k}@example.com` }));
    const { at, id } = await create(app, `[${rows.join(",\n")},\n{"email": oops}]`, "leads", "people.json");
    await app.call("POST", `${at}/start`, {});
    await app.work(id).catch(() => {});
    const { status, errorMessage } = (await app.call("GET", at, undefined, french)).json;
    expect([status, errorMessage]).toEqual([
      "failed",
      expect.stringMatching(/^people\.json n’est pas un JSON valide à l’octet \d+, à la ligne 5001\. Rien ne dit/),
    ]);
    expect((await app.call("GET", at)).json.errorMessage).toMatch(
      /^people\.json is not valid JSON at byte \d+, in row 5001\./,
    );
  });

  it("has the database's own words in it as they are", async () => {
    const items = defineImporter({ name: "items", fields: { name: field.text() }, target: { table: "items" } });
    const app = await openApp(
      [items],
      `create table items (id int generated always as identity primary key, name text);
       create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed today'; end $$;
       create trigger refuse before insert on items for each row execute function refuse()`,
    );
    const { at, id } = await create(
      app,
      `name\n${Array.from({ length: 300 }, (_, k) => `n${k}`).join("\n")}\n`,
      "items",
    );
    await app.call("POST", `${at}/start`, {});
    await app.work(id);
    await app.call("POST", `${at}/commit`);
    await app.work(id);
    expect((await app.call("GET", at, undefined, french)).json).toMatchObject({
      status: "paused",
      pausedBy: null,
      errorMessage: "La base de données refuse plus de 100 lignes d’une même plage : closed today",
    });
    expect((await app.call("GET", `${at}?lang=sv`)).json.errorMessage).toBe(
      "Databasen nekar fler än 100 rader i ett och samma radintervall: closed today",
    );
  });

  it("stays English where an earlier version, or a program's own words, are all there is", async () => {
    const app = await openApp();
    const { at, id } = await create(app, people);
    await app.store.imports.move(id, "failed", { errorMessage: "the disk is full" });
    expect((await app.call("GET", at, undefined, french)).json.errorMessage).toBe("the disk is full");
    const earlier = `error_told = '{"template": "Said by {0}.", "values": ["who knows"]}'`;
    await app.rows(`update sluice.import_jobs set ${earlier}, error_message = 'Said by who knows.'`);
    expect((await app.call("GET", at, undefined, french)).json.errorMessage).toBe("Said by who knows.");
    // A worker of an earlier version notes the English alone.
    await app.store.imports.move(id, "queued");
    await app.engine.pause(id, pausedBy("Anna"));
    await app.rows("update sluice.import_jobs set error_message = 'the disk is full'");
    expect((await app.call("GET", at, undefined, french)).json).toMatchObject({
      errorMessage: "the disk is full",
      pausedBy: null,
    });
  });

  it("is kept whatever a name in it holds", async () => {
    const app = await openApp();
    const { at, id } = await create(app, people);
    await app.engine.start(id);
    await app.engine.pause(id, pausedBy("A\0nna \ud83d"));
    expect((await app.call("GET", at, undefined, french)).json.errorMessage).toBe(
      "Mis en pause par A\ufffdnna \ufffd.",
    );
  });
});
