/** The imported records, in English. */
export const records = {
  title: "Imported records",
};
