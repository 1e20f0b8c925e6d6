/** The step in which the file is read, in French. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Analyse du fichier",
  hint: "Chaque ligne de {file} est lue et vérifiée. Rien n’est encore écrit.",
  hintTrial: "Chaque ligne de {file} est lue et vérifiée. C’est un essai à blanc : rien ne sera écrit.",
  matchTitle: "Recherche de doublons…",
  matchHint: {
    one: "Sa ligne est valide. Rien n’est encore écrit.",
    other: "Les {count} lignes sont valides. Rien n’est encore écrit.",
  },
  lookNow: "Voir les lignes maintenant",
  failedTitle: "Ce fichier est à revoir",
  cancelledTitle: "Import interrompu",
  cancelledNothing: "Rien n’a été écrit",
  cancelledHint:
    "Cet import a été interrompu avant que quoi que ce soit ne soit importé. Vous pouvez importer à nouveau le fichier quand vous voulez.",
  otherFile: "Importer un autre fichier",
  whatToDo: "Ce que vous pouvez faire",
  tryFormat: "Vérifiez les colonnes, l’encodage et le séparateur, puis relancez.",
  tryFile: "Ouvrez le fichier dans votre tableur, enregistrez-le à nouveau et importez cette version.",
  tryAgainHint: "Si le serveur a été brièvement indisponible, réessayez simplement.",
};
