/**
 * Reads phone numbers into E.164 (ITU-T E.164). libphonenumber decides; the plain forms, which nearly all cells have, are
 * read from the bytes by the same metadata, forty times as fast.
 */
import { type CountryCode, Metadata, parsePhoneNumberFromString } from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";
import { SluiceError } from "../errors.ts";
import type { CopyText } from "./copy-text.ts";
import { decodeCell, type Encode, type Finding, isDigit, isExcelNotation } from "./encode.ts";
import { spreadsheetDamage } from "./encode-text.ts";

const phoneInvalid: Finding = { code: "phone_invalid" };

/** E.164 allows 15 digits; a cell longer than this holds something else or several numbers. */
const maxBytes = 60;

/** The encoder of a phone field. `country` is ISO 3166-1 alpha-2. */
export function phoneEncoder(country: string): Encode {
  const readPlain = plainReader(country);
  return (bytes, start, end, out) => {
    out.reserve(24);
    if (readPlain(bytes, start, end, out)) return null;
    if (isExcelNotation(bytes, start, end)) return spreadsheetDamage;
    if (end - start > maxBytes) return phoneInvalid;
    const e164 = parsePhone(decodeCell(bytes, start, end), country);
    if (e164 === null) return phoneInvalid;
    out.text(e164);
    return null;
  };
}

/** The library's answer: E.164, or null when the text is no valid number or has an extension, which E.164 would lose. */
export function parsePhone(text: string, country: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return number?.isValid() && number.ext === undefined ? number.number : null;
}

/** How the numbers of one calling code are written, where that is simple. */
interface Plan {
  callingCode: string;
  valid: RegExp;
  lengths: ReadonlySet<number>;
  longest: number;
  /** Whether a 0 stands before the national number at home. */
  trunk: boolean;
}

interface NumberingPlan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  possibleLengths(): number[];
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
}

function numberingPlan(country: string): NumberingPlan {
  const all = new Metadata();
  all.selectNumberingPlan(country as CountryCode);
  return all.numberingPlan as unknown as NumberingPlan;
}

const countriesByCode = (metadata as unknown as { country_calling_codes: Record<string, string[]> })
  .country_calling_codes;

/** By calling code, made when first met: null is one that only the library reads, false is no calling code. */
const plans: (Plan | null | false | undefined)[] = [];

function planOf(callingCode: number): Plan | null | false {
  const known = plans[callingCode];
  if (known !== undefined) return known;
  const countries = countriesByCode[callingCode];
  const plan = countries === undefined ? false : simplePlan(countries);
  plans[callingCode] = plan;
  return plan;
}

/** Null where several countries share the code, or another trunk prefix than 0 is taken off or replaced. */
function simplePlan(countries: readonly string[]): Plan | null {
  if (countries.length !== 1 || countries[0] === "001") return null;
  const plan = numberingPlan(countries[0]);
  const prefix = plan.nationalPrefixForParsing();
  if ((prefix !== undefined && prefix !== "0") || plan.nationalPrefixTransformRule() !== undefined) return null;
  const lengths = new Set(plan.possibleLengths());
  return {
    callingCode: plan.callingCode(),
    valid: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
    lengths,
    longest: Math.max(...lengths),
    trunk: prefix === "0",
  };
}

/**
 * Reads `0612345678`, `+33612345678` and `0033612345678`, with `(0)` for the trunk prefix and with spaces, dots, dashes,
 * slashes and brackets; of other countries the international forms. Writes E.164 and returns true, or returns false when
 * the form or the country's rules are not that simple.
 */
function plainReader(country: string): (bytes: Uint8Array, start: number, end: number, out: CopyText) => boolean {
  const digits = Buffer.alloc(16);
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
  const homePlan = planOf(Number(home.callingCode()));
  const dialsOutBy00 = home.IDDPrefix() === "00";
  return (bytes, start, end, out) => {
    let i = start;
    let plan: Plan | null | false = false;
    let trunk = false;
    const by00 = dialsOutBy00 && i + 1 < end && bytes[i] === 0x30 && bytes[i + 1] === 0x30;
    if (by00 || bytes[i] === 0x2b) {
      i += by00 ? 2 : 1;
      let code = 0;
      for (const last = Math.min(i + 3, end); plan === false && i < last && isDigit(bytes[i]); i++) {
        code = 10 * code + (bytes[i] - 0x30);
        // No calling code begins with a zero.
        if (code === 0) return false;
        plan = planOf(code);
      }
      if (!plan) return false;
      let bracket = i;
      while (bracket < end && bytes[bracket] === 0x20) bracket++;
      if (plan.trunk && isBracketedZero(bytes, bracket, end)) {
        trunk = true;
        i = bracket + 3;
      }
    } else {
      plan = homePlan;
      if (!plan || plan.trunk === false) return false;
      trunk = true;
      if (bytes[i] === 0x30) i++;
      else if (isBracketedZero(bytes, i, end)) i += 3;
      else return false;
    }
    const length = plainDigits(bytes, i, end, digits, plan.longest);
    if (!plan.lengths.has(length)) return false;
    const national = digits.toString("latin1", 0, length);
    if (!plan.valid.test(national)) return false;
    // A number that is valid with its 0 keeps it.
    if (trunk && plan.lengths.has(length + 1) && plan.valid.test(`0${national}`)) return false;
    const target = out.bytes;
    let at = out.length;
    target[at++] = 0x2b;
    for (let k = 0; k < plan.callingCode.length; k++) target[at++] = plan.callingCode.charCodeAt(k);
    for (let k = 0; k < length; k++) target[at++] = digits[k];
    out.length = at;
    return true;
  };
}

function isBracketedZero(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 < end && bytes[at] === 0x28 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x29;
}

/** Writes the digits of a national number that is simply written; returns how many, or 0. */
function plainDigits(bytes: Uint8Array, start: number, end: number, digits: Buffer, longest: number): number {
  let open = false;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (isDigit(byte)) {
      // A zero here is a trunk prefix behind a country code, or a slip: the library knows.
      if (length >= longest || (length === 0 && byte === 0x30)) return 0;
      digits[length++] = byte;
    } else if (byte === 0x28) {
      if (open) return 0;
      open = true;
    } else if (byte === 0x29) {
      if (!open) return 0;
      open = false;
    } else if (byte !== 0x20 && byte !== 0x2e && byte !== 0x2d && byte !== 0x2f) {
      return 0;
    } else if (i === end - 1 || (byte !== 0x20 && !isDigit(bytes[i + 1]))) {
      return 0;
    }
  }
  return open ? 0 : length;
}
