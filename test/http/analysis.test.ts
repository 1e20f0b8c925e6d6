/** The analysis by HTTP: the file's own, and what a language model adds, whose answers are checked. The model is the AI SDK's own mock. */
import { MockLanguageModelV4 } from "ai/test";
import { expect, it } from "vitest";
import { resolveConfig } from "../../src/config.ts";
import type { LanguageModelObject } from "../../src/core/analysis-options.ts";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { aiAnalyst } from "../../src/model/ai-sdk.ts";
import { openApp } from "./open-app.ts";

const tasks = defineImporter({
  name: "tasks",
  fields: {
    title: field.text({ required: true, label: { sv: "Rubrik" } }),
    due: field.date(),
    hours: field.decimal(),
    place: field.text(),
  },
  target: { table: "tasks" },
});
const ddl =
  "create table tasks (id bigint generated always as identity primary key, title text, due date, hours numeric, place text)";
const csv = "Vad,När,Annat,Secret notes\nMåla,2026-03-01,Lund,x\nSopa,2026-04-01,Malmö,y\nTvätta,2026-05-02,Ystad,z\n";

type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;

const said = (text: string): Generated => ({
  content: [{ type: "text", text }],
  finishReason: { unified: "stop", raw: undefined },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: 1, text: 1, reasoning: undefined },
  },
  warnings: [],
});
const columns = (...each: [header: string, field: string | null, reason?: string][]): Generated =>
  said(
    JSON.stringify({
      columns: each.map(([header, name, reason = "So it seems."]) => ({ header, field: name, reason })),
    }),
  );

async function open(doGenerate?: MockLanguageModelV4["doGenerate"], timeoutSeconds?: number) {
  const model = doGenerate && new MockLanguageModelV4({ provider: "mock", modelId: "tester", doGenerate });
  const app = await openApp([tasks], ddl, { analyst: model ? aiAnalyst({ model, timeoutSeconds }) : null });
  const made = await app.call("POST", "/imports", { uploadId: await app.upload(csv), importer: "tasks" });
  const at = `/imports/${made.json.id}/analysis`;
  return { ...app, id: made.json.id, at, model };
}

const suggested = (json: {
  columns: { column: string; field: string; isSuggested: boolean; by: string; reason: string }[];
}) =>
  json.columns
    .filter(({ isSuggested }) => isSuggested)
    .map(({ column, field: name, by, reason }) => [column, name, by, reason]);

it("tells what the file seems to be, in the reader's language, and asks no model", async () => {
  const { call, at } = await open();
  const { status, json } = await call("GET", `${at}?lang=sv`);
  expect(status).toBe(200);
  expect(suggested(json)).toEqual([["Vad", "title", "file", "Nästan varje rad har ett eget värde."]]);
  expect(json.columns[1]).toMatchObject({
    column: "När",
    field: "due",
    isSuggested: false,
    reason: "Värdena liknar fältets.",
  });
  expect(json.spans).toMatchObject([
    { fields: ["due"], from: "2026-03-01", to: "2026-05-02", reason: "Alla datum ligger i 2026." },
  ]);
  expect(json.structure).toEqual([
    { record: null, label: "tasks", table: "tasks", count: 3, isAtLeast: false, reason: "En per rad." },
  ]);
  expect(json.model).toBeNull();
  // Without a model, to ask for one is to ask the file.
  expect((await call("POST", at)).json.columns).toEqual((await call("GET", at)).json.columns);
});

it("asks a model only when a person says so, with headers and a few values, and marks what it says", async () => {
  const { call, at, model, id } = await open(async () =>
    columns(["Annat", "place", "Städer i Skåne."], ["Secret notes", null]),
  );
  const before = await call("GET", at);
  expect(before.json.model).toEqual({
    ...{ name: "mock/tester", columns: 4, values: 5, state: "not_asked", problem: null, refused: 0 },
  });
  expect(model?.doGenerateCalls).toEqual([]);
  const { status, json } = await call("POST", `${at}?lang=sv`);
  expect(status).toBe(200);
  expect(suggested(json)).toEqual([
    ["Vad", "title", "file", "Nästan varje rad har ett eget värde."],
    ["Annat", "place", "model", "Städer i Skåne."],
  ]);
  expect(json.model).toMatchObject({ state: "used", refused: 0, problem: null });
  const [{ prompt }] = model?.doGenerateCalls ?? [];
  const sent = JSON.stringify(prompt);
  for (const word of ["Vad", "Lund", "Rubrik", "Swedish", "never instructions"]) expect(sent).toContain(word);
  // Taken as anything that a person says of a column is.
  const taken = await call("PATCH", `/imports/${id}/mapping`, { columns: [{ column: "Annat", field: "place" }] });
  expect(taken.json.columns[2]).toMatchObject({ field: "place", reason: "given" });
});

it("takes nothing of what does not fit: no such field, no such column, another kind, a field twice", async () => {
  const { call, at } = await open(async () =>
    columns(["Annat", "salary"], ["Elsewhere", "place"], ["Secret notes", "due"], ["Annat", "hours"], ["Vad", "due"]),
  );
  const { json } = await call("POST", at);
  expect(suggested(json).map(([column, name]) => [column, name])).toEqual([["Vad", "title"]]);
  expect(json.model).toMatchObject({ state: "used", refused: 5 });
});

it.each<[string, MockLanguageModelV4["doGenerate"], string]>([
  [
    "fails",
    async () => Promise.reject(new Error("overloaded")),
    "The language model could not be asked, or answered something else.",
  ],
  [
    "answers prose",
    async () => said("I think it is a list."),
    "The language model could not be asked, or answered something else.",
  ],
  [
    "answers another shape",
    async () => said('{"columns":{"a":1}}'),
    "The language model could not be asked, or answered something else.",
  ],
  [
    "is slow, and deaf to its signal",
    () => new Promise(() => {}),
    "The language model did not answer within 1 seconds.",
  ],
])("keeps the file's own analysis where the model %s", async (_, doGenerate, problem) => {
  const { call, at } = await open(doGenerate, 1);
  const before = await call("GET", at);
  const { status, json } = await call("POST", at);
  expect(status).toBe(200);
  expect(json).toEqual({ ...before.json, model: { ...before.json.model, state: "failed", problem } });
});

it("is for those who may see the import, and asks for those who may change it", async () => {
  const { call, at } = await open(async () => columns());
  expect((await call("GET", at, undefined, { as: "bo" })).status).toBe(404);
  expect((await call("POST", at, undefined, { as: "bo" })).status).toBe(404);
});

it.each<[unknown, string]>([
  [
    "anthropic/claude",
    '`analysis.model` is the name "anthropic/claude", which would go to a gateway that is paid for.',
  ],
  [undefined, "`analysis.model` must be a provider's object"],
  [{ name: "claude" }, "`analysis.model` must be a provider's object"],
])("refuses the model %j before anything is sent", (model, problem) => {
  const file = { analysis: { model: model as LanguageModelObject } };
  expect(() => resolveConfig({}, file, {})).toThrow(problem);
});

it.each<[object, string]>([
  [{ timeoutSeconds: 0 }, "`analysis.timeoutSeconds` must be a number from 1 to 120."],
  [{ timeout: 3 }, 'there is no option "timeout". Available: model, timeoutSeconds.'],
])("refuses the option %j", (options, problem) => {
  const file = { analysis: { model: new MockLanguageModelV4(), ...options } };
  expect(() => resolveConfig({}, file, {})).toThrow(problem);
});
