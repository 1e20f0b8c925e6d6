/** The languages that Sluice speaks. */
export const languages = ["en", "fr", "sv"] as const;
export type Language = (typeof languages)[number];
