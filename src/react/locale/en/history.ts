/** The list of imports and the page of each, in English. */
export const history = {
  title: "Imports",
};
