/** Words that stand everywhere, in Swedish. */
import type { Texts } from "../texts.ts";

export const common: Texts["common"] = {
  wentWrong: "Det gick inte",
  tryAgain: "Försök igen",
  close: "Stäng",
  cancel: "Avbryt",
  back: "Tillbaka",
  next: "Fortsätt",
  loading: "Laddar…",
  offline: "Du är offline",
  offlineHint: "Inget har gått förlorat. Det fortsätter så snart nätet är tillbaka.",
  serverGone: "Servern svarar inte",
  serverGoneHint: "Inget har gått förlorat. Vi frågar vidare och fortsätter så snart den är tillbaka.",
  signInTitle: "Logga in igen",
  signInWords: "Din session är slut. Det du höll på med finns kvar.",
  signInOnPage: "Logga in igen på sidan och fortsätt sedan här.",
  signInCode: "Inloggningslänk eller dess kod",
  signInHint: "Klistra in länken du fick. En administratör kan skapa en ny.",
  signIn: "Logga in",
  signedIn: "Jag har loggat in",
  signedInElsewhere: "Jag har loggat in i en annan flik",
};
