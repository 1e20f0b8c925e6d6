/** A web address. */
import { type Check, listOf, shown } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";

export interface UrlOptions {
  /** Schemes that an address may have. Default `http` and `https`. */
  schemes?: readonly string[] | undefined;
}
export type UrlField = Common & UrlOptions & { readonly kind: "url"; readonly schemes: readonly string[] };

/**
 * A web address (WHATWG URL) as it is written, completed where a scheme is missing: `www.example.com` is
 * `https://www.example.com`. Spaces and marks that end a link are percent-encoded; `javascript:` and the like are refused.
 */
export function url(options: FieldOptions & UrlOptions = {}): UrlField {
  return { schemes: ["http", "https"], ...made("url", options) };
}

/** RFC 3986, section 3.1, in small letters. */
const scheme: Check = (value, place) =>
  typeof value === "string" && /^[a-z][a-z0-9+.-]*$/.test(value)
    ? null
    : `${place} is ${shown(value)}: it must be a scheme in small letters without the colon, as https`;

const urlName = /(?:^|_)(?:url|uri|website|web_?site|homepage|link|href|site_web|hemsida|webbplats)s?(?:$|_)/;

export const urlKind = {
  options: { schemes: listOf(scheme, { least: 1 }) },
  stage: textType,
  key: "value",
  isWords: true,
  issues: {
    url_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a web address, such as https://www.example.com.",
        fr: "{field} n’est pas une adresse web, comme https://www.example.com.",
        sv: "{field} är ingen webbadress, som https://www.example.com.",
      },
      title: { en: "not a web address", fr: "pas une adresse web", sv: "ingen webbadress" },
    },
    url_scheme: {
      severity: "error",
      text: {
        en: "{field} must begin with one of: {schemes}.",
        fr: "{field} doit commencer par l’un de : {schemes}.",
        sv: "{field} måste börja med något av: {schemes}.",
      },
      title: {
        en: "an address of a kind that is not allowed",
        fr: "adresse d’un type non autorisé",
        sv: "adress av ett slag som inte tillåts",
      },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "uri" }),
  example: () => "https://www.example.com",
  samples: () => ["https://www.example.com/a"],
  neverFits: ({ base, category }) => "DBANE".includes(category) || base === "uuid",
  draft: ({ typeName, name }) => (stringTypes.has(typeName) && urlName.test(name) ? {} : null),
} as const satisfies Kind<UrlField>;
