/**
 * Why a program's file or data was refused before an import was made of it: an answer 400 that lists everything that is wrong, with what
 * was expected and what was found.
 */
import { z } from "@hono/zod-openapi";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import { withoutPlaces } from "../../core/without-places.ts";
import { inLanguage, textIn } from "../../locale/told.ts";
import { type HttpContext, type HttpParts, languageOf } from "../request/request-context.ts";
import { problemSchema } from "../request/router.ts";

/** What a program goes by. docs/http-api.md explains each. */
export const refusalCodes = [
  "file_missing",
  "form_malformed",
  "file_too_large",
  "file_unreadable",
  "header_missing",
  "column_doubtful",
  "option_unknown",
  "option_invalid",
  "rows_too_many",
  "body_malformed",
  "field_missing",
  "field_unknown",
  "field_invalid",
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

type Shown = string | number | readonly string[] | null;

export interface Refusal {
  code: RefusalCode;
  message: Telling;
  expected: Shown;
  found: Shown;
}

const shown = z.union([z.string(), z.number(), z.array(z.string())]).nullable();

const refusedSchema = z
  .object({
    success: z.literal(false),
    message: z.string().openapi({ description: "In the reader's language." }),
    errors: z.array(
      z.object({ code: z.enum(refusalCodes), message: z.string(), expected: shown, found: shown }).openapi("Refusal"),
    ),
  })
  .openapi("Refused", {
    description: "Nothing was imported, and no import was made.",
    example: {
      success: false,
      message: "No column feeds “Code”. The file's columns are: Name, Phone.",
      errors: [
        {
          code: "header_missing",
          message: "No column feeds “Code”. The file's columns are: Name, Phone.",
          expected: ["Code", "Dealer code"],
          found: ["Name", "Phone"],
        },
      ],
    } as never,
  });

/** The answer 400 in the document: what is refused, and malformed requests, which are problems as everywhere. */
export const refusedAnswer = {
  description: "The file or its options do not serve; nothing was imported.",
  content: {
    "application/json": { schema: refusedSchema },
    "application/problem+json": { schema: problemSchema },
  },
};

/** Something of a file or its options that does not serve. */
export class Refused extends SluiceError {
  readonly refusals: readonly Refusal[];

  /** `summary`: of several. */
  constructor(refusals: readonly Refusal[], summary?: Telling) {
    super("invalid", refusals.length === 1 || summary === undefined ? refusals[0].message : summary);
    this.refusals = refusals;
  }
}

/** An error of what was asked as one refusal; another is thrown on. */
export function refusedAs(
  code: RefusalCode,
  about: (error: SluiceError) => Partial<Pick<Refusal, "code" | "expected" | "found">> = () => ({}),
): (error: unknown) => never {
  return (error) => {
    if (error instanceof Refused || !(error instanceof SluiceError) || !isRefusal(error)) throw error;
    const message = error.told ?? { template: error.message, values: [] };
    throw new Refused([{ code, message, expected: null, found: null, ...about(error) }]);
  };
}

function isRefusal({ code }: SluiceError): boolean {
  return code === "invalid" || code === "too_large";
}

/** Answers the request, and what was refused of it. */
export async function answerRefusals(
  c: HttpContext,
  parts: Pick<HttpParts, "language" | "places">,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const language = languageOf(c, parts);
    const text = (telling: Telling): string => withoutPlaces(textIn(language, telling), parts.places);
    c.header("Content-Language", language);
    return c.json(
      {
        success: false,
        message: withoutPlaces(inLanguage(language, error), parts.places),
        errors: error.refusals.map((refusal) => ({ ...refusal, message: text(refusal.message) })),
      },
      400,
    );
  }
}

/** Several refusals in one sentence. */
export function summaryOf(refusals: readonly Refusal[]): Telling {
  return told`${refusals.length} things are wrong with the request; the list has each of them.`;
}
