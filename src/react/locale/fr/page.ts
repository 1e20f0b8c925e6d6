/** The page around the components, in French. */
import type { Texts } from "../texts.ts";

export const page: Texts["page"] = {
  newImport: "Importer",
  history: "Historique",
  notifications: "Notifications",
  sources: "Sources",
  language: "Langue",
  theme: "Thème",
  auto: "Système",
  light: "Clair",
  dark: "Sombre",
  signOut: "Se déconnecter",
  skip: "Aller au contenu",
  notFound: "Il n’y a rien ici",
  notFoundHint: "L’adresse n’est pas la bonne, ou ce qui se trouvait ici n’existe plus.",
};
