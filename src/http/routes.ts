/** All routes, one noun per file. */
import { ownMailRoutes } from "./accounts/own-mail.ts";
import { signInRoutes } from "./accounts/sign-in.ts";
import { tokenRoutes } from "./accounts/tokens.ts";
import { userRoutes } from "./accounts/users.ts";
import { sourceRoutes } from "./fetching/sources.ts";
import { importersRoutes } from "./importers/importers.ts";
import { importerOwnerRoutes } from "./importers/owners.ts";
import { importActionRoutes } from "./imports/actions.ts";
import { importAnalysisRoutes } from "./imports/analysis.ts";
import { importCreateRoutes } from "./imports/create.ts";
import { importEntryRoutes } from "./imports/entries.ts";
import { importEventRoutes } from "./imports/events.ts";
import { importsRoutes } from "./imports/imports.ts";
import { importMappingRoutes } from "./imports/mapping.ts";
import { importOriginalRoutes } from "./imports/original.ts";
import { importReadingRoutes } from "./imports/reading.ts";
import { importRecordRoutes } from "./imports/records.ts";
import { importRepairRoutes } from "./imports/repairs.ts";
import { importReportRoutes } from "./imports/reports.ts";
import { importReviewRoutes } from "./imports/review.ts";
import { importRowRoutes } from "./imports/rows.ts";
import { importSheetRoutes } from "./imports/sheets.ts";
import { templateRoutes } from "./imports/templates.ts";
import { importUndoRoutes } from "./imports/undo.ts";
import { importFileRoutes } from "./one-shot/import-file.ts";
import { importStatusRoutes } from "./one-shot/status.ts";
import { healthRoutes } from "./operations/health.ts";
import { metricsRoutes } from "./operations/metrics-routes.ts";
import { queueStateRoutes } from "./operations/queue-state.ts";
import { sinkRoutes } from "./operations/sinks.ts";
import { webhookRoutes } from "./operations/webhooks.ts";
import { uploadPartRoutes, uploadRoutes } from "./uploads/uploads.ts";

/** Beside `/api/v1`. */
export const plainRoutes = [healthRoutes, metricsRoutes, signInRoutes];

/** Below `/api/v1`; their answers hold secrets, and are never kept for a request that is repeated. */
export const secretRoutes = [userRoutes, tokenRoutes, webhookRoutes, uploadPartRoutes];

/** Below `/api/v1`; the answer to a request with an `Idempotency-Key` is kept. */
export const keptRoutes = [
  importersRoutes,
  importerOwnerRoutes,
  uploadRoutes,
  importCreateRoutes,
  importsRoutes,
  importMappingRoutes,
  importAnalysisRoutes,
  importReadingRoutes,
  importSheetRoutes,
  importEntryRoutes,
  importActionRoutes,
  importRowRoutes,
  importReviewRoutes,
  importRepairRoutes,
  importReportRoutes,
  importOriginalRoutes,
  importRecordRoutes,
  importUndoRoutes,
  importEventRoutes,
  templateRoutes,
  ownMailRoutes,
  importFileRoutes,
  importStatusRoutes,
  queueStateRoutes,
  sinkRoutes,
  sourceRoutes,
];
