/** The step in which the file is read, in French. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Contrôle du fichier",
  hint: "Chaque ligne de {file} est lue et contrôlée. Rien n’est encore écrit.",
  hintTrial: "Chaque ligne de {file} est lue et contrôlée. C’est un essai : rien ne sera écrit.",
  failedTitle: "Ce fichier est à revoir",
  cancelledTitle: "Import interrompu",
  cancelledNothing: "Rien n’a été écrit",
  cancelledHint:
    "Cet import a été interrompu avant que quoi que ce soit ne soit écrit. Apportez le fichier à nouveau quand vous voulez.",
  otherFile: "Apporter un autre fichier",
  whatToDo: "Ce que vous pouvez faire",
  tryFormat: "Vérifiez les colonnes, l’encodage et le séparateur, puis relancez.",
  tryFile: "Ouvrez le fichier dans votre tableur, enregistrez-le à nouveau et apportez cette version.",
  tryAgainHint: "Si le serveur a eu un passage à vide, réessayez simplement.",
};
