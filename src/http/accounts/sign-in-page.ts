/** The page of a sign-in link: one button, no script. */
import type { Language } from "../../core/fields/language.ts";

export type SignInState = "ready" | "no_code" | "refused" | "too_many";

type Texts = Record<SignInState | "title" | "code" | "button", string>;

const texts: Readonly<Record<Language, Texts>> = {
  en: {
    title: "Sign in",
    ready: "This link signs you in, once.",
    no_code: "Open the link you were given, or paste its code. The command sluice users link prints a new one.",
    refused: "This link is not known, has expired or was used already. The command sluice users link prints a new one.",
    too_many: "Too many tries. Wait a minute, then try again.",
    code: "Code",
    button: "Sign in",
  },
  fr: {
    title: "Connexion",
    ready: "Ce lien vous connecte, une seule fois.",
    no_code: "Ouvrez le lien reçu, ou collez son code. La commande sluice users link en affiche un nouveau.",
    refused: "Ce lien est inconnu, expiré ou déjà utilisé. La commande sluice users link en affiche un nouveau.",
    too_many: "Trop d’essais. Attendez une minute, puis réessayez.",
    code: "Code",
    button: "Se connecter",
  },
  sv: {
    title: "Logga in",
    ready: "Den här länken loggar in dig, en gång.",
    no_code: "Öppna länken du fick, eller klistra in koden. Kommandot sluice users link skriver ut en ny.",
    refused: "Länken är okänd, för gammal eller redan använd. Kommandot sluice users link skriver ut en ny.",
    too_many: "För många försök. Vänta en minut och försök igen.",
    code: "Kod",
    button: "Logga in",
  },
};

/** Headers that go with the page: it may send its form home and nothing else, and its address is not passed on. */
export const signInHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // Not no-referrer: browsers would send `Origin: null` with the form (Fetch standard, section 3.2).
  "referrer-policy": "same-origin",
} as const;

export function signInPage(language: Language, state: SignInState, code: string): string {
  const text = texts[language];
  const field =
    state === "ready"
      ? `<input type="hidden" name="code" value="${escape(code)}">`
      : `<label>${text.code} <input name="code" required autocomplete="off" autofocus></label>`;
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${text.title} – Sluice</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }
  button, input { font: inherit; padding: .5rem 1rem }
</style>
<main>
<h1>${text.title}</h1>
<p${state === "ready" || state === "no_code" ? "" : ' role="alert"'}>${text[state]}</p>
<form method="post" action="sign-in">
${field}
<button${state === "ready" ? " autofocus" : ""}>${text.button}</button>
</form>
</main>
</html>
`;
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
