/** Files dropped on the wizard. */
import type { Page } from "playwright-core";

/** As if they were dragged out of a folder. */
export async function dropFiles(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((given: Record<string, string>) => {
    const { DataTransfer, DragEvent, File } = window;
    const dataTransfer = new DataTransfer();
    for (const [name, content] of Object.entries(given)) dataTransfer.items.add(new File([content], name));
    const target = document.querySelector("[data-sluice]");
    for (const type of ["dragover", "drop"])
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
  }, files);
}
