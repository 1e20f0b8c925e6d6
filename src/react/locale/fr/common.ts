/** Words that stand everywhere, in French. */
import type { Texts } from "../texts.ts";

export const common: Texts["common"] = {
  wentWrong: "Cela n’a pas fonctionné",
  tryAgain: "Réessayer",
  close: "Fermer",
  cancel: "Annuler",
  back: "Retour",
  next: "Continuer",
  loading: "Chargement…",
  offline: "Vous êtes hors ligne",
  offlineHint: "Rien n’est perdu. Tout reprend dès que le réseau revient.",
  serverGone: "Le serveur ne répond pas",
  serverGoneHint: "Rien n’est perdu. Nous réessayons, et tout reprend dès qu’il revient.",
  signInTitle: "Reconnectez-vous",
  signInWords: "Votre session est terminée. Ce que vous faisiez est toujours là.",
  signInOnPage: "Reconnectez-vous sur cette page, puis continuez.",
  signInCode: "Lien de connexion ou son code",
  signInHint: "Collez le lien reçu. Un administrateur peut en créer un nouveau.",
  signIn: "Se connecter",
  signedIn: "Je me suis reconnecté",
  signedInElsewhere: "Je me suis connecté dans un autre onglet",
};
