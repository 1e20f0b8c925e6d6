/** French. */

import { analysis } from "./fr/analysis.ts";
import { commit } from "./fr/commit.ts";
import { common } from "./fr/common.ts";
import { history } from "./fr/history.ts";
import { map } from "./fr/map.ts";
import { options } from "./fr/options.ts";
import { page } from "./fr/page.ts";
import { progress } from "./fr/progress.ts";
import { records } from "./fr/records.ts";
import { review } from "./fr/review.ts";
import { status } from "./fr/status.ts";
import { upload } from "./fr/upload.ts";
import { wizard } from "./fr/wizard.ts";
import type { Texts } from "./texts.ts";

export const fr: Texts = {
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
