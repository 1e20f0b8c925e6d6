/** A whole way from a file to its history that stands still at each screen, the parse and the commit in their middle, while somebody looks. */
import { closeGate } from "./gate.ts";
import { importIdOf, type Journey, journeyFile } from "./journey.ts";
import { anyOf, wordsOf } from "./wizard-words.ts";

export type HeldScreen =
  | "upload"
  | "map"
  | "analysis"
  | "review"
  | "options"
  | "commit"
  | "summary"
  | "records"
  | "undo"
  | "history";

/** Small chunks, one at a time, so that a commit can be held between two. */
export const heldInChunks = { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" };

const t = wordsOf("en");

/** Each screen once it is there, of a journey in English. Whoever has looked at the undo closes its dialog, or goes through with it. */
export async function* heldScreens(journey: Journey): AsyncGenerator<HeldScreen> {
  const { page, heading, button, database } = journey;
  await page.getByRole("button", { name: t("upload", "dropTitle") }).waitFor();
  yield "upload";
  await journey.upload(await journeyFile(150));
  await page.locator(".map-line").first().waitFor();
  yield "map";
  const id = importIdOf(page);
  const openParse = await closeGate(database, {
    table: "sluice.import_rows",
    event: "insert",
    condition: `new.job_id = ${id}`,
  });
  await button("map", "check").click();
  const accept = button("map", "doubtsAccept").or(button("map", "checkAnyway"));
  await accept.or(heading("analysis")).first().waitFor();
  if (await accept.isVisible()) await accept.click();
  await heading("analysis").waitFor();
  yield "analysis";
  await openParse();
  await heading("review").waitFor();
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  yield "review";
  await journey.toOptions(id);
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  yield "options";
  const openCommit = await closeGate(database, {
    table: "leads",
    event: "insert",
    condition: "new.external_id = 'J-1' or new.external_id = 'CRM-0000140'",
  });
  await page.getByRole("button", { name: anyOf("en", "options", "importRows"), disabled: false }).click();
  await heading("commit").waitFor();
  await page.getByRole("progressbar", { name: t("progress", "bar") }).waitFor();
  yield "commit";
  await openCommit();
  await heading("commit", "done").waitFor();
  await page.getByRole("heading", { name: anyOf("en", "commit", "rejectedTitle") }).waitFor();
  yield "summary";
  await page.getByRole("link", { name: t("common", "seeRecords") }).click();
  await page.getByRole("table").waitFor();
  yield "records";
  await page.goBack();
  await button("common", "undo").click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: anyOf("en", "commit", "undoDeletes") })
    .waitFor();
  yield "undo";
  await page.getByRole("link", { name: t("page", "history"), exact: true }).click();
  await page.getByText("prospects été.csv").first().waitFor();
  yield "history";
}
