/** What is typed into a form, by the API's names of members, as `place.host`; a check box is "yes" or empty. */
export type Draft = Readonly<Record<string, string>>;
