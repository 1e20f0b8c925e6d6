/** A phone number. */
import { type Check, shown } from "../shape/shape.ts";
import { countries, countryMeant } from "./countries.ts";
import { type Common, type FieldOptions, type Kind, made, stringTypes, textType } from "./kind.ts";

export type PhoneField = Common & { readonly kind: "phone"; readonly country: string };

/** A phone number, stored as E.164 (`+33612345678`). `country` (ISO 3166-1, default `FR`) reads national forms. */
export function phone(options: FieldOptions & { country?: string | undefined } = {}): PhoneField {
  return { country: "FR", ...made("phone", options) };
}

const country: Check = (value, place) => {
  if (typeof value === "string" && countries.includes(value)) return null;
  const meant = typeof value === "string" ? countryMeant(value) : null;
  return `${place} is ${shown(value)}: it must be a country's code of two letters (ISO 3166-1)${meant === null ? ", such as FR" : `. Did you mean "${meant}"?`}`;
};

const phoneName = /phone|(?:^|_)(?:tel|mobile?|cell|gsm|fax|portable|telefon)(?:$|_|ephone)/;

/** Numbers that the regulators keep for fiction (Arcep, PTS), as people write them at home. */
const examples: Readonly<Record<string, string>> = { FR: "06 39 98 12 34", SE: "070-174 06 05" };

export const phoneKind = {
  options: { country },
  limits: ["country"],
  stage: textType,
  key: "value",
  isWords: true,
  issues: {
    phone_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a phone number.",
        fr: "{field} : numéro de téléphone non valide.",
        sv: "{field} är inget telefonnummer.",
      },
      title: { en: "not a phone number", fr: "numéro de téléphone non valide", sv: "inget telefonnummer" },
    },
    extension_left_out: {
      severity: "warning",
      text: {
        en: "{field} has an extension, {extension}, which was left out; used: {value}.",
        fr: "{field} comporte un numéro de poste, {extension}, laissé de côté ; retenu : {value}.",
        sv: "{field} har ett anknytningsnummer, {extension}, som utelämnades; valt: {value}.",
      },
      title: {
        en: "extension left out of a phone number",
        fr: "numéro de poste laissé de côté",
        sv: "anknytning utelämnad ur telefonnummer",
      },
    },
  },
  value: (stored) => stored,
  schema: (field) => ({
    type: "string",
    pattern: "^\\+[1-9]\\d{1,14}$",
    description: `E.164; read as of ${field.country}`,
  }),
  example: (field) => examples[field.country] ?? "+33 6 39 98 12 34",
  samples: () => ["+33612345678"],
  neverFits: ({ base, category }) => "DBAE".includes(category) || base === "uuid",
  draft: ({ typeName, name }) =>
    stringTypes.has(typeName) && phoneName.test(name)
      ? {
          options: { country: '"FR"' },
          notes: ["The country (ISO 3166-1) of numbers that are written without one."],
        }
      : null,
} as const satisfies Kind<PhoneField>;
