/** The step of duplicates and owners, in English. */
export const options = {
  title: "Options",
};
