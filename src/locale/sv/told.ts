/** What the server refuses and why an import has stopped, in Swedish: the English template → its translation. */
import { analysis } from "./analysis.ts";
import { choices } from "./choices.ts";
import { files } from "./files.ts";
import { imports } from "./imports.ts";
import { mapping } from "./mapping.ts";
import { programs } from "./programs.ts";
import { review } from "./review.ts";
import { server } from "./server.ts";
import { sources } from "./sources.ts";
import { storage } from "./storage.ts";
import { tables } from "./tables.ts";
import { undo } from "./undo.ts";
import { uploads } from "./uploads.ts";
import { webhooks } from "./webhooks.ts";
import { workbooks } from "./workbooks.ts";

export const sv: Readonly<Record<string, string>> = {
  ...files,
  ...workbooks,
  ...uploads,
  ...storage,
  ...imports,
  ...mapping,
  ...analysis,
  ...choices,
  ...programs,
  ...review,
  ...undo,
  ...server,
  ...sources,
  ...tables,
  ...webhooks,
};
