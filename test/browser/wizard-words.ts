/** The wizard's words in a language, as a person reads them, and which words on a page are still those of another. */
import type { Page } from "playwright-core";
import type { ApiLanguage } from "../../src/client/index.ts";
import { en } from "../../src/react/locale/en/en.ts";
import { fr } from "../../src/react/locale/fr/fr.ts";
import { sv } from "../../src/react/locale/sv/sv.ts";
import { type Message, type Params, type Room, say, type Texts } from "../../src/react/locale/texts.ts";

const all: Readonly<Record<ApiLanguage, Texts>> = { en, fr, sv };

export type Words = <R extends Room>(room: R, key: keyof Texts[R] & string, params?: Params) => string;

/** @example wordsOf("fr")("review", "continue", { count: 12 }) */
export function wordsOf(language: ApiLanguage): Words {
  return (room, key, params) => say((all[language][room] as Record<string, Message>)[key], params, language);
}

/** A message of a language whatever is put into it, in any of its forms. */
export function anyOf<R extends Room>(language: ApiLanguage, room: R, key: keyof Texts[R] & string): RegExp {
  const forms = formsOf((all[language][room] as Record<string, Message>)[key]);
  return new RegExp(forms.map((form) => patternOf(form).source).join("|"), "su");
}

/** Everything that a person reads or hears of the page: texts, names and descriptions, each once. */
export function textsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    // biome-ignore lint/suspicious/noExplicitAny: the page's own node
    const walk = (node: any): void => {
      if (node.nodeType === 3) found.add(node.data.trim());
      if (node.nodeType === 1) {
        if (node.matches("script, style")) return;
        for (const name of ["aria-label", "title", "placeholder", "alt"]) {
          const value = node.getAttribute(name);
          if (value !== null) found.add(value.trim());
        }
      }
      for (const child of node.shadowRoot?.childNodes ?? []) walk(child);
      for (const child of node.childNodes) walk(child);
    };
    walk(document.body);
    found.delete("");
    return [...found];
  });
}

/** Texts that are an English message and none of the language's own, and those with a place that nothing was put into. */
export function foreignWords(texts: readonly string[], language: ApiLanguage): string[] {
  const own = patternsOf(language);
  const english = language === "en" ? [] : patternsOf("en");
  return texts.filter(
    (text) =>
      /\{\w+\}|undefined|NaN|\[object/.test(text) ||
      (english.some((pattern) => pattern.test(text)) && !own.some((pattern) => pattern.test(text))),
  );
}

function patternsOf(language: ApiLanguage): RegExp[] {
  const messages = Object.values(all[language]).flatMap((room) => Object.values(room) as Message[]);
  // What is hardly more than its parameters would be found in anything.
  const telling = messages.flatMap(formsOf).filter((form) => /\p{L}{2}/u.test(form.replace(/\{\w+\}/g, "")));
  return telling.map(patternOf);
}

function formsOf(message: Message): string[] {
  return typeof message === "string" ? [message] : Object.values(message).filter((form) => form !== undefined);
}

function patternOf(form: string): RegExp {
  const parts = form.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`, "su");
}
