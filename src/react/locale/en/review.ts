/** The step in which rows are mended, in English. */
export const review = {
  title: "Review",
};
