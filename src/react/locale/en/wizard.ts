/** The frame of the wizard, in English. */
export const wizard = {
  steps: "Steps of the import",
  upload: "File",
  map: "Columns",
  analysis: "Check",
  review: "Review",
  options: "Options",
  commit: "Import",
  gone: "This import no longer exists",
  goneHint: "Somebody deleted it, or it was never yours. Any records it wrote are still there.",
};
