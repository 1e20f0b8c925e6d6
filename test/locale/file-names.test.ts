/** What downloads are called. */
import { expect, it } from "vitest";
import type { Language } from "../../src/core/fields/language.ts";
import { type Contents, downloadName } from "../../src/locale/file-names.ts";

it.each<[string, Contents | { record: string }, Language, string]>([
  ["leads.csv", "left_out", "en", "leads - rows left out"],
  ["leads.csv.gz", "left_out", "fr", "leads - lignes laissées de côté"],
  ["kunder 2026.04.xlsx", "records", "sv", "kunder 2026.04 - importerade poster"],
  ["no ending", "skipped", "en", "no ending - rows skipped"],
  ["a.csv", { record: "stock / warehouse" }, "en", "a - stock _ warehouse"],
  [".csv", "invalid", "en", "rows with errors"],
  ["C:\\x?.csv", "failed", "en", "C__x_ - rows refused"],
  [`${"é".repeat(300)}.csv`, "records", "en", `${"é".repeat(80)}… - imported records`],
])("%s, %j in %s is %s", (file, contents, language, name) => {
  expect(downloadName(file, contents, language)).toBe(name);
});
