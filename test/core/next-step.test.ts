/** What can be done about an error goes with it as a code, and each face says it in its own words. */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { explain } from "../../src/cli/next-step.ts";
import { SluiceError, textOf, told, withNext } from "../../src/core/errors.ts";
import { holderOf, isRefused, pausedBy, pausedByRefusals, reasonOf } from "../../src/core/import.ts";
import { nextCodes } from "../../src/core/next-step.ts";
import { presentNext } from "../../src/http/request/next-hint.ts";
import { en } from "../../src/react/locale/en/en.ts";
import { steps } from "../next-steps.ts";

const source = resolve(import.meta.dirname, "../../src");

it("keeps the step beside the message, and in what is stored of it", () => {
  const error = new SluiceError("not_found", told`There is no import ${9}.`, { next: { code: "list_imports" } });
  expect([error.message, error.next, error.told?.next]).toEqual([
    "There is no import 9.",
    { code: "list_imports" },
    { code: "list_imports" },
  ]);
  const refused = new SluiceError("invalid", withNext(told`There is no table ${"leads"}.`, { code: "migrate" }));
  expect(refused.next).toEqual({ code: "migrate" });
});

it("comes back from JSON with the step", () => {
  const errorTold = JSON.parse(JSON.stringify(pausedByRefusals("no", null)));
  const job = { status: "paused", errorMessage: textOf(errorTold), errorTold } as const;
  expect([reasonOf(job)?.next, isRefused(job)]).toEqual([{ code: "reject_failures" }, true]);
});

it("knows what an earlier version stored, which had no step", () => {
  const { next: _, ...errorTold } = pausedByRefusals("no", null);
  const job = { status: "paused", errorMessage: textOf(errorTold), errorTold } as const;
  expect([isRefused(job), reasonOf(job)]).toEqual([true, errorTold]);
  const held = { status: "paused", errorMessage: "paused by Anna", errorTold: null } as const;
  expect([holderOf(held), reasonOf(held)]).toEqual(["Anna", pausedBy("Anna")]);
});

it.each(nextCodes)("says %s by the command line and by the API, each in a sentence of its own", (code) => {
  const step = steps[code];
  const spoken = explain({ message: "No.", next: step });
  expect(spoken).toMatch(/^No\. \S/);
  const { hint, ...rest } = presentNext(step) ?? { hint: "" };
  expect(hint).toMatch(/^[A-Z].*\.$/);
  expect(rest).toEqual(step);
  expect(hint).not.toMatch(/(?<![\w-])--[a-z]|\bsluice [a-z]/);
});

it("says nothing where there is nothing to do, or a later version knows more", () => {
  const later = { code: "ask_the_oracle" } as unknown as (typeof steps)["migrate"];
  expect(explain({ message: "No." })).toBe("No.");
  expect(explain({ message: "No.", next: later })).toBe("No.");
  expect([presentNext(undefined), presentNext(later)]).toEqual([null, null]);
});

it("has no step that nothing leads to, and no sentence of the page that no step takes", async () => {
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const faces = /^(?:core|cli|http\/request|react\/foundation)\/next-(?:step|hint)\.ts$/;
  const texts = await Promise.all(
    files.filter((name) => !faces.test(name)).map((name) => readFile(join(source, name), "utf8")),
  );
  const all = texts.join("\n");
  expect(nextCodes.filter((code) => !all.includes(`code: "${code}"`))).toEqual([]);
  const page = await readFile(join(source, "react/foundation/next-step.ts"), "utf8");
  expect(Object.keys(en.next).filter((key) => !page.includes(`"${key}"`))).toEqual([]);
});
