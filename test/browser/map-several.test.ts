/** Fields of several values in the wizard: what separates a list, columns that belong together, a document's members, choices by name. */
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";
import { shelf } from "./shelf/sluice.config.ts";

afterAll(closeBrowser);

const file = [
  "code\ttags\tStock Lyon\tStock Paris\tstate\tsize\tColour\tLager",
  "A\tred, dark; green\t1\t2\tneuf\t5\tblue\t7",
  "B\tred; light, warm\tmany\t3\tSecond hand\t6\t\t",
  "C\tgrey\t\t\tBrand new\t\t\t",
].join("\n");

it("asks what separates a list, shows columns that belong together and members, and edits one of their cells", async () => {
  const { page, client, errors } = await openPage({
    at: nowhere,
    importers: [shelf],
    cwd: join(import.meta.dirname, "shelf"),
  });
  const upload = await client.upload(new TextEncoder().encode(`${file}\n`), { name: "shelf.tsv" });
  const { id } = await client.imports.create({ uploadId: upload.id, importer: "shelf", again: true });
  await page.goto(`/import/${id}`);
  const tags = page.getByRole("listitem").filter({ hasText: "What separates the values in a cell?" });
  await tags.getByText("“red, dark” “green”").waitFor();
  const fed = (name: string) => page.getByRole("rowgroup", { name }).getByRole("combobox").first().inputValue();
  expect([await fed("Stock Lyon"), await fed("Stock Paris"), await fed("size"), await fed("Colour")]).toEqual([
    ...["stock", "stock", "custom.size", "custom.*"],
  ]);
  // Another column joins those that are there, and takes nothing from them.
  await page.getByRole("rowgroup", { name: "Lager" }).getByRole("combobox").first().selectOption({ label: "Stock" });
  await expect.poll(() => fed("Lager")).toBe("stock");
  expect(await fed("Stock Lyon")).toBe("stock");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-several");
  await tags.getByRole("button", { name: /^Semicolons/ }).click();
  await page.getByText("All that is needed is there").waitFor();
  await page.getByRole("button", { name: "Check the file" }).click();
  await client.imports.waitFor(id, { status: "ready" });
  await page.getByRole("columnheader", { name: "Stock Paris" }).waitFor();
  await page.getByRole("gridcell", { name: /^many/ }).waitFor();
  expect(await page.getByRole("gridcell", { name: "Brand new" }).count()).toBe(2);
  // Of the columns that belong together, the one whose cell is wrong.
  expect(await page.locator('[role="gridcell"][aria-invalid="true"]').allInnerTexts()).toEqual([
    expect.stringContaining("many"),
  ]);
  await page.getByRole("gridcell", { name: /^many/ }).dblclick();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("4");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await client.imports.get(id)).counts?.invalid).toBe(0);
  await shoot(page, "review-several");
  expect(await violations(page)).toEqual([]);
  const { items } = await client.imports.rows(id);
  expect(items[1].values).toMatchObject({
    tags: "red; light, warm",
    "stock[Stock Lyon]": "4",
    "stock[Stock Paris]": "3",
    "custom.size": "6",
    state: "used",
  });
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  expect(errors).toEqual([]);
});
