/** The page of a sign-in link: one button, no script. It looks as the wizard does, in both themes. */
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
  :root { color-scheme: light dark; --surface: light-dark(#ffffff, #19212a); --line: light-dark(#7d8b99, #74869a); --accent: light-dark(#0b5cbe, #7ab8ff); --bad: light-dark(#b0221b, #ff9b91) }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem; background: light-dark(#f4f6f8, #10151b); color: light-dark(#15202b, #e9eef3); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
  main { width: min(26rem, 100%); padding: clamp(1rem, 6vw, 2rem); background: var(--surface); border: 1px solid light-dark(#d8dfe6, #324050); border-radius: 10px; box-shadow: 0 1px 2px rgb(16 24 32 / .06), 0 8px 24px rgb(16 24 32 / .08) }
  h1 { margin: 0; font-size: 1.4rem; line-height: 1.25 }
  p { margin: .5rem 0 1.25rem; color: light-dark(#4f5d6b, #a6b4c2) }
  p[role=alert] { padding: .625rem .75rem; border-inline-start: 3px solid var(--bad); border-radius: 6px; background: light-dark(#fde9e7, #3b1a18); color: var(--bad) }
  label { display: block; font-weight: 600 }
  input, button { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border-radius: 6px; font: inherit }
  input { margin: .25rem 0 1rem; border: 1px solid var(--line); background: var(--surface); color: inherit }
  button { border: 0; background: var(--accent); color: light-dark(#ffffff, #06203f); font-weight: 600; cursor: pointer }
  button:hover { filter: brightness(.92) }
  :focus-visible { outline: 3px solid color-mix(in oklab, var(--accent) 55%, transparent); outline-offset: 2px }
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
