/** English. */
import { analysis } from "./en/analysis.ts";
import { commit } from "./en/commit.ts";
import { common } from "./en/common.ts";
import { history } from "./en/history.ts";
import { map } from "./en/map.ts";
import { options } from "./en/options.ts";
import { page } from "./en/page.ts";
import { progress } from "./en/progress.ts";
import { records } from "./en/records.ts";
import { review } from "./en/review.ts";
import { status } from "./en/status.ts";
import { upload } from "./en/upload.ts";
import { wizard } from "./en/wizard.ts";

export const en = {
  analysis,
  commit,
  common,
  history,
  map,
  options,
  page,
  progress,
  records,
  review,
  status,
  upload,
  wizard,
};
