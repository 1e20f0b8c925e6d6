/** Swedish. */

import { analysis } from "./sv/analysis.ts";
import { commit } from "./sv/commit.ts";
import { common } from "./sv/common.ts";
import { history } from "./sv/history.ts";
import { map } from "./sv/map.ts";
import { options } from "./sv/options.ts";
import { page } from "./sv/page.ts";
import { progress } from "./sv/progress.ts";
import { records } from "./sv/records.ts";
import { review } from "./sv/review.ts";
import { status } from "./sv/status.ts";
import { upload } from "./sv/upload.ts";
import { wizard } from "./sv/wizard.ts";
import type { Texts } from "./texts.ts";

export const sv: Texts = {
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
