/** The page around the components, in Swedish. */
import type { Texts } from "../texts.ts";

export const page: Texts["page"] = {
  newImport: "Importera",
  history: "Historik",
  notifications: "Aviseringar",
  sources: "Källor",
  language: "Språk",
  theme: "Tema",
  auto: "System",
  light: "Ljust",
  dark: "Mörkt",
  signOut: "Logga ut",
  skip: "Hoppa till innehållet",
  notFound: "Här finns inget",
  notFoundHint: "Adressen stämmer inte, eller så är det som fanns här borta.",
};
