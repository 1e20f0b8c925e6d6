/** Statuses of an import, in English. */
export const status = {
  pending: "To be set up",
  queued: "Waiting",
  parsing: "Checking",
  ready: "Ready to review",
  committing: "Importing",
  completed: "Imported",
  undoing: "Being undone",
  undone: "Undone",
  paused: "Paused",
  cancelled: "Cancelled",
  failed: "Failed",
};
