/** The step of columns and fields, in English. */
export const map = {
  title: "Columns and fields",
};
