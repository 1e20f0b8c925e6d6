/** What an import does at the moment, as a sentence, and how far it is with that. */
import { expect, it } from "vitest";
import type { Progress } from "../../src/core/events.ts";
import type { Language } from "../../src/core/fields/language.ts";
import type { RecordPlan } from "../../src/core/records.ts";
import { stepText, subStep } from "../../src/locale/steps.ts";

const plan = { name: "ring", table: "rings" } as RecordPlan;
const planner = {
  records: [
    { ...plan, label: { en: "rings", fr: "anneaux", sv: "ringar" } },
    { ...plan, name: "page", step: { en: "Working on page {n} of {of}…", sv: "Bearbetar sida {n}/{of}…" } },
    { ...plan, name: "item" },
  ],
};
const writing = (name: string, done: number, of: number | null): Pick<Progress, "step" | "record"> => ({
  step: "committing",
  record: { name, done, of },
});

const cases: [Language, Pick<Progress, "step" | "record">, string][] = [
  ["en", writing("ring", 0, null), "Creating rings…"],
  ["fr", writing("ring", 0, null), "Création des anneaux…"],
  ["sv", writing("ring", 2, 2), "Skapar ringar…"],
  ["sv", writing("page", 1, 3), "Bearbetar sida 1/3…"],
  ["fr", writing("page", 1, 3), "Working on page 1 of 3…"],
  ["sv", writing("page", 0, null), "Skapar page…"],
  ["en", writing("item", 0, 12), "Creating item…"],
  ["sv", writing("gone", 0, 12), "Skriver posterna…"],
  ["sv", { step: "committing" }, "Skriver posterna…"],
  ["fr", { step: "matching" }, "Comparaison avec l’existant…"],
];

it.each(cases)("says in %s of %j: %s", (language, progress, text) => {
  expect(stepText(progress, planner, language)).toBe(text);
});

it.each([
  [{ record: { name: "item", done: 45, of: 200 }, processed: 0, total: 5000 }, "45/200"],
  [{ record: { name: "item", done: 0, of: null }, processed: 100, total: 5000 }, "100/5000"],
  [{ processed: 100, total: 5000 }, "100/5000"],
  [{ processed: 100, total: null }, null],
])("says how far: %j is %s", (progress, text) => {
  expect(subStep(progress)).toBe(text);
});
