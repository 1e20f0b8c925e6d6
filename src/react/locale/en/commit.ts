/** Writing the records, and the summary, in English. */
export const commit = {
  title: "Import",
};
