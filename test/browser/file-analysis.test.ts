/** What a file seems to be, on the step of columns: suggestions with their reasons, taken by a click; a model that is asked. */
import { MockLanguageModelV4 } from "ai/test";
import { afterAll, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { ref } from "../../src/core/records.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const named = (en: string, sv: string) => ({ label: { en, sv } });
const planner = defineImporter({
  name: "planner",
  label: { en: "Activities", sv: "Aktiviteter" },
  fields: {
    activity: field.text({ required: true, ...named("Activity", "Aktivitet") }),
    start: field.date({ required: true, ...named("Start", "Startdatum") }),
    end: field.date(named("End", "Slutdatum")),
    ring: field.text(named("Ring", "Ring")),
    group: field.text(named("Group", "Grupp")),
    place: field.text(named("Place", "Plats")),
  },
  records: {
    ring: { table: "rings", key: ["ring"], set: { name: "ring" }, onMatch: "use", ...named("Rings", "Ringar") },
    group: { table: "groups", key: ["group"], set: { name: "group" }, onMatch: "use", ...named("Groups", "Grupper") },
    item: {
      table: "items",
      set: {
        name: "activity",
        start_date: "start",
        end_date: "end",
        place: "place",
        ring_id: ref("ring"),
        group_id: ref("group"),
      },
      ...named("Activities", "Aktiviteter"),
    },
  },
});

const ddl = `create table rings (id bigint generated always as identity primary key, name text);
  create table groups (id bigint generated always as identity primary key, name text);
  create table items (id bigint generated always as identity primary key, name text, start_date date, end_date date, place text,
    ring_id bigint references rings, group_id bigint references groups);`;
const pad = (k: number): string => String(k).padStart(2, "0");
const file = `What;From;To;Sort;Team;Where\n${Array.from(
  { length: 48 },
  (_, k) =>
    `Task ${k};2026-${pad((k % 12) + 1)}-01;2027-${pad((k % 12) + 1)}-15;Kind ${k % 3};Team ${k % 12};Room ${k}`,
).join("\n")}\n`;

async function openPlanner(doGenerate?: MockLanguageModelV4["doGenerate"]) {
  const analysis = doGenerate && {
    model: new MockLanguageModelV4({ provider: "mock", modelId: "tester", doGenerate }),
  };
  const opened = await openPage({ at: nowhere, importers: [planner], analysis });
  await opened.database.pool.query(ddl);
  const upload = await opened.client.upload(new TextEncoder().encode(file), { name: "plan.csv" });
  const { id } = await opened.client.imports.create({ uploadId: upload.id, importer: "planner" });
  await opened.page.goto(`/import/${id}`);
  const panel = opened.page.locator("details.file-analysis");
  await panel.waitFor();
  return { ...opened, id, panel };
}

it("suggests fields with their reasons, says what would come of it, and takes a suggestion by a click", async () => {
  const { page, panel, client, id, errors } = await openPlanner();
  await panel.getByText("Only 3 different values in 48 rows.").waitFor();
  await panel.getByText("12 different values in 48 rows: more than “Sort” has.").waitFor();
  await panel.getByText("The days go from 2026-01-01 to 2027-12-15: 2 years.").waitFor();
  await panel.getByText("One for each value of “Sort”.").waitFor();
  await panel.getByText("Kind 0").first().waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-analysis");
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-analysis-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });
  await panel.getByRole("button", { name: "Use it: “Sort” as Ring" }).click();
  await panel.getByText("Only 3 different values in 48 rows.").waitFor({ state: "detached" });
  await panel.getByRole("button", { name: "Use all" }).click();
  await panel.getByRole("button", { name: "Use all" }).waitFor({ state: "detached" });
  const { columns } = await client.imports.mapping(id);
  expect(columns.map(({ column, field: name }) => [column, name])).toEqual([
    ["What", "activity"],
    ["From", "start"],
    ["To", "end"],
    ["Sort", "ring"],
    ["Team", "group"],
    ["Where", null],
  ]);
  expect(errors).toEqual([]);
});

it("says what a model is sent before it is asked, marks what it says, and keeps the file's own where it fails", async () => {
  let fails = true;
  const { page, panel, errors } = await openPlanner(async () => {
    if (fails) throw new Error("overloaded");
    return {
      content: [
        { type: "text", text: '{"columns":[{"header":"Where","field":"place","reason":"Rooms are places."}]}' },
      ],
      finishReason: { unified: "stop", raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 1, text: 1, reasoning: undefined },
      },
      warnings: [],
    };
  });
  await panel.getByText(/It is sent the names of 6 columns with up to 5 values of each/).waitFor();
  await shoot(page, "map-analysis-model");
  await panel.getByRole("button", { name: "Send and ask" }).click();
  await panel.getByText("The language model could not be asked, or answered something else.").waitFor();
  await panel.getByText("Only 3 different values in 48 rows.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-analysis-failed");
  fails = false;
  await panel.getByRole("button", { name: "Ask again" }).click();
  await panel.getByText("Rooms are places.").waitFor();
  await panel.getByText("Language model", { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-analysis-answered");
  await panel.getByRole("button", { name: "Use it: “Where” as Place" }).click();
  await panel.getByText("Rooms are places.").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
});
