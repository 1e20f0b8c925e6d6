/** The step in which the file is read, in English. */
export const analysis = {
  title: "Checking the file",
};
