/** A UUID. */
import { type Common, type FieldOptions, type Kind, made, type StageType } from "./kind.ts";

export type UuidField = Common & { readonly kind: "uuid" };

/** A UUID (RFC 9562) of any version, stored as `uuid`: in any case, with or without dashes, braces and `urn:uuid:`. */
export function uuid(options: FieldOptions = {}): UuidField {
  return made("uuid", options);
}

const uuidType: StageType = { type: "uuid", base: "uuid", category: "U" };
const example = "0190163d-8694-739b-aea5-966c26f8ad91";

export const uuidKind = {
  options: {},
  stage: uuidType,
  key: "value",
  isWords: true,
  issues: {
    uuid_invalid: {
      severity: "error",
      text: {
        en: "{field} is not a UUID, such as 0190163d-8694-739b-aea5-966c26f8ad91.",
        fr: "{field} n’est pas un UUID, comme 0190163d-8694-739b-aea5-966c26f8ad91.",
        sv: "{field} är inget UUID, som 0190163d-8694-739b-aea5-966c26f8ad91.",
      },
      title: { en: "not a UUID", fr: "pas un UUID", sv: "inget UUID" },
    },
  },
  value: (stored) => stored,
  schema: () => ({ type: "string", format: "uuid" }),
  example: () => example,
  samples: () => [example],
  draft: ({ typeName }) => (typeName === "uuid" ? {} : null),
} as const satisfies Kind<UuidField>;
