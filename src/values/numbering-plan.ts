/** How a country's phone numbers are written, by libphonenumber's metadata, where that is simple enough to be read from bytes. */
import { type CountryCode, Metadata } from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";
import { SluiceError } from "../core/errors.ts";
import { type DigitPattern, digitPattern } from "./digit-pattern.ts";

/** How the numbers of one calling code are written, where that is simple. */
export interface Plan {
  callingCode: string;
  valid: Rule;
  /** `valid` for a number in bytes, where nothing else has to be tested; null: it is tested as text. */
  pattern: DigitPattern | null;
  /** The prefix of a national number at home, where numbers that begin with it are not simple. */
  prefixed: Rule;
  lengths: ReadonlySet<number>;
  longest: number;
  /** Whether a 0 precedes the national number at home. */
  trunk: boolean;
}

/** A regular expression, or several. */
interface Rule {
  test(national: string): boolean;
}
const never: Rule = { test: () => false };

interface NumberingPlan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  possibleLengths(): number[];
  nationalPrefix(): string | undefined;
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
  leadingDigits(): string | undefined;
  type(kind: string): { pattern(): string | undefined } | undefined;
}

function numberingPlan(country: string): NumberingPlan {
  const all = new Metadata();
  all.selectNumberingPlan(country as CountryCode);
  return all.numberingPlan as unknown as NumberingPlan;
}

const countriesByCode = (metadata as unknown as { country_calling_codes: Record<string, string[]> })
  .country_calling_codes;

/** By calling code, made when first met: null is one that only the library reads, false is not a calling code. */
const plans: (Plan | null | false | undefined)[] = [];

export function planOf(callingCode: number): Plan | null | false {
  const known = plans[callingCode];
  if (known !== undefined) return known;
  const countries = countriesByCode[callingCode];
  const plan = countries === undefined ? false : simplePlan(countries);
  plans[callingCode] = plan;
  return plan;
}

/** Null where another trunk prefix than 0 is taken off or replaced, and where no country has the code. */
function simplePlan(countries: readonly string[]): Plan | null {
  if (countries[0] === "001") return null;
  if (countries.length > 1) return sharedPlan(countries);
  const plan = numberingPlan(countries[0]);
  const prefix = plan.nationalPrefixForParsing();
  if ((prefix !== undefined && prefix !== "0") || plan.nationalPrefixTransformRule() !== undefined) return null;
  const pattern = plan.nationalNumberPattern();
  return { ...planWith(plan, whole(pattern), never, prefix === "0"), pattern: digitPattern(pattern) };
}

/**
 * Of a code that several countries share (+44: Great Britain, Guernsey, Man, Jersey) the library finds the country by
 * the number's first digits, or by the kinds of number that each has; a number that is valid nowhere so is left to it.
 */
function sharedPlan(countries: readonly string[]): Plan {
  const main = numberingPlan(countries[0]);
  const prefix = main.nationalPrefixForParsing();
  const rules = countries.map((country) => {
    const plan = numberingPlan(country);
    const leading = plan.leadingDigits() || undefined;
    const patterns = numberKinds.flatMap((kind) => plan.type(kind)?.pattern() ?? []);
    return {
      leading: leading === undefined ? null : new RegExp(`^(?:${leading})`),
      general: whole(plan.nationalNumberPattern()),
      kinds: patterns.length === 0 ? null : whole(patterns.join("|")),
    };
  });
  const valid: Rule = {
    test(national) {
      for (const { leading, general, kinds } of rules) {
        const fits = general.test(national) && (kinds === null || kinds.test(national));
        if (leading === null ? fits : leading.test(national)) return fits;
      }
      // No country's: it is judged by the main one's rule.
      const [{ general, kinds }] = rules;
      return general.test(national) && (kinds === null || kinds.test(national));
    },
  };
  return planWith(main, valid, prefix === undefined ? never : new RegExp(`^(?:${prefix})`), false);
}

/** The kinds by which the library distinguishes the countries of a code. */
const numberKinds = [
  "FIXED_LINE",
  "MOBILE",
  "PREMIUM_RATE",
  "TOLL_FREE",
  "SHARED_COST",
  "VOIP",
  "PERSONAL_NUMBER",
  "PAGER",
  "UAN",
  "VOICEMAIL",
];

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function planWith(plan: NumberingPlan, valid: Rule, prefixed: Rule, trunk: boolean): Plan {
  const lengths = new Set(plan.possibleLengths());
  const longest = Math.max(...lengths);
  return { callingCode: plan.callingCode(), valid, pattern: null, prefixed, lengths, longest, trunk };
}

/** What holds for numbers without a country of their own. */
export interface HomePlan {
  callingCode: string;
  plan: Plan | null | false;
  dialsOutBy00: boolean;
  /** A 0 precedes the national number at home. */
  hasZero: boolean;
}

export function homePlan(country: string): HomePlan {
  let home: NumberingPlan;
  try {
    home = numberingPlan(country);
  } catch (cause) {
    throw new SluiceError(
      "invalid",
      `"${country}" is not a country with phone numbers. Use its ISO 3166-1 code, such as FR.`,
      { cause },
    );
  }
  const callingCode = home.callingCode();
  return {
    callingCode,
    plan: planOf(Number(callingCode)),
    dialsOutBy00: home.IDDPrefix() === "00",
    hasZero: home.nationalPrefix() === "0",
  };
}
