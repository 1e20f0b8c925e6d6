/** An e-mail address. */
import { type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";

export type EmailField = Common & { readonly kind: "email" };

/** An e-mail address (the part of RFC 5322 people really have), in lower case. */
export function email(options: FieldOptions = {}): EmailField {
  return made("email", options);
}

const emailName = /(?:^|[_\W])(?:e_?)?mails?(?:$|[_\W])|courriel|epost/;

export const emailKind = {
  options: {},
  stage: textType,
  key: "lower_case",
  isWords: true,
  issues: {
    email_invalid: {
      severity: "error",
      text: {
        en: "{field} is not an e-mail address.",
        fr: "{field} : adresse e-mail non valide.",
        sv: "{field} är ingen e-postadress.",
      },
      title: { en: "not an e-mail address", fr: "adresse e-mail non valide", sv: "ingen e-postadress" },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "email" }),
  example: () => "anna.berg@example.com",
  samples: () => ["anna@example.com"],
  neverFits: ({ category }) => category !== "S" && category !== "U" && category !== "E",
  draft: ({ typeName, name }) => (stringTypes.has(typeName) && emailName.test(name) ? {} : null),
} as const satisfies Kind<EmailField>;
