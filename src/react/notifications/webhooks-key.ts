/** By which the page's store knows webhooks and what is below them. */
export const webhooksKey = ["webhooks"] as const;
