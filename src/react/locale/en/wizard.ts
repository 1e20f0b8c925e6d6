/** The frame of the wizard, in English. */
export const wizard = {
  steps: "Steps of the import",
  upload: "File",
  map: "Columns",
  analysis: "Check",
  review: "Review",
  options: "Options",
  commit: "Import",
  gone: "This import is not there any more",
  goneHint: "Somebody deleted it, or it was never yours. The records it wrote, if any, are still there.",
};
