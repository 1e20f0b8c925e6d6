/** The step that takes the file, in English. */
export const upload = {
  title: "Import a file",
};
