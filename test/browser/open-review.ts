/** The review of a file of its own, open in a browser. */
import { nowhere, type OpenPage, openPage } from "./open-page.ts";
import { reviewFile } from "./review-file.ts";

export async function openReview(
  content = reviewFile(),
  options: Parameters<typeof openPage>[0] = {},
): Promise<OpenPage & { id: number }> {
  const opened = await openPage({ at: nowhere, ...options });
  const id = await opened.bring(content, { start: true });
  await opened.page.goto(`/import/${id}`);
  await opened.page.getByRole("grid").getByRole("rowheader").first().waitFor();
  return { ...opened, id };
}
