/** Swedish. */

import type { Texts } from "../texts.ts";
import { analysis } from "./analysis.ts";
import { commit } from "./commit.ts";
import { common } from "./common.ts";
import { history } from "./history.ts";
import { map } from "./map.ts";
import { next } from "./next.ts";
import { notifications } from "./notifications.ts";
import { options } from "./options.ts";
import { page } from "./page.ts";
import { progress } from "./progress.ts";
import { records } from "./records.ts";
import { review } from "./review.ts";
import { sourceForm } from "./source-form.ts";
import { sources } from "./sources.ts";
import { status } from "./status.ts";
import { upload } from "./upload.ts";
import { wizard } from "./wizard.ts";

export const sv: Texts = {
  analysis,
  commit,
  common,
  history,
  map,
  next,
  notifications,
  options,
  page,
  progress,
  records,
  review,
  sources,
  sourceForm,
  status,
  upload,
  wizard,
};
