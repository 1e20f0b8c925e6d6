/** Words in a language: messages with plurals, and numbers by `Intl`. */
import type { ApiLanguage } from "../../client/index.ts";
import type { en } from "./en/en.ts";
import { inRegion } from "./region.ts";

/** `{name}` is put in; of several forms `count` decides (CLDR plural rules), of `{name:row|rows}` the number of that name. */
export type Message = string | { one?: string; other: string };
export type Texts = { readonly [Room in keyof typeof en]: Readonly<Record<keyof (typeof en)[Room], Message>> };
export type Room = keyof Texts;
export type Params = Readonly<Record<string, string | number>>;

/** Numbers in `params` are written as the reader's region does. */
export function say(message: Message, params: Params = {}, language: ApiLanguage): string {
  const isOne = (value: string | number | undefined): boolean =>
    pluralOf(language).select(Number(value ?? 0)) === "one";
  const form =
    typeof message === "string" ? message : isOne(params.count) ? (message.one ?? message.other) : message.other;
  return form.replace(/\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (isOne(value) ? one : many) ?? "";
    return typeof value === "number" ? numberOf(language).format(value) : value;
  });
}

const plurals = new Map<ApiLanguage, Intl.PluralRules>();
function pluralOf(language: ApiLanguage): Intl.PluralRules {
  let found = plurals.get(language);
  if (found === undefined) plurals.set(language, (found = new Intl.PluralRules(language)));
  return found;
}

const numbers = new Map<ApiLanguage, Intl.NumberFormat>();
function numberOf(language: ApiLanguage): Intl.NumberFormat {
  let found = numbers.get(language);
  if (found === undefined) numbers.set(language, (found = new Intl.NumberFormat(inRegion(language))));
  return found;
}
