/** By which the page's store knows sources and what is below them. */
export const sourcesKey = ["sources"] as const;
