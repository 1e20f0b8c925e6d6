/**
 * Reads phone numbers into E.164 (ITU-T E.164). libphonenumber decides; the plain forms of the field's own country,
 * which nearly all cells have, are read from the bytes by the same metadata, forty times as fast.
 */
import { type CountryCode, Metadata, parsePhoneNumberFromString } from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";
import { SluiceError } from "../errors.ts";
import { decodeCell, type Encode, type Finding, isDigit, isExcelNotation } from "./encode.ts";
import { spreadsheetDamage } from "./encode-text.ts";

const phoneInvalid: Finding = { code: "phone_invalid" };

/** E.164 allows 15 digits; a cell longer than this holds something else or several numbers. */
const maxBytes = 60;

/** The encoder of a phone field. `country` is ISO 3166-1 alpha-2. */
export function phoneEncoder(country: string): Encode {
  const plain = plainReader(country);
  const digits = Buffer.alloc(16);
  return (bytes, start, end, out) => {
    out.reserve(24);
    const length = plain === null ? 0 : plain.read(bytes, start, end, digits);
    if (length > 0 && plain !== null) {
      const target = out.bytes;
      let at = out.length;
      target[at++] = 0x2b;
      for (let i = 0; i < plain.callingCode.length; i++) target[at++] = plain.callingCode.charCodeAt(i);
      for (let i = 0; i < length; i++) target[at++] = digits[i];
      out.length = at;
      return null;
    }
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

interface PlainReader {
  callingCode: string;
  /** Writes the national number's digits and returns how many, or 0 when the form is not a plain one. */
  read(bytes: Uint8Array, start: number, end: number, digits: Buffer): number;
}

/**
 * Reads `0612345678`, `+33612345678` and `0033612345678` with spaces, dots, dashes, slashes and brackets. Null for
 * countries whose rules are not that simple: several to a calling code, or another trunk prefix than 0.
 */
function plainReader(country: string): PlainReader | null {
  const all = new Metadata();
  try {
    all.selectNumberingPlan(country as CountryCode);
  } catch (cause) {
    throw new SluiceError("invalid", `"${country}" is not a country with phone numbers. Use its ISO 3166-1 code, such as FR.`, { cause });
  }
  const plan = all.numberingPlan as unknown as {
    callingCode(): string;
    IDDPrefix(): string;
    nationalNumberPattern(): string;
    possibleLengths(): number[];
    nationalPrefixForParsing(): string | undefined;
    nationalPrefixTransformRule(): string | undefined;
  };
  const callingCode = plan.callingCode();
  const countries = (metadata as unknown as { country_calling_codes: Record<string, string[]> }).country_calling_codes;
  if (
    countries[callingCode]?.length !== 1 ||
    plan.IDDPrefix() !== "00" ||
    plan.nationalPrefixForParsing() !== "0" ||
    plan.nationalPrefixTransformRule() !== undefined
  ) {
    return null;
  }
  const valid = new RegExp(`^(?:${plan.nationalNumberPattern()})$`);
  const lengths = new Set(plan.possibleLengths());
  const longest = Math.max(...lengths);
  return {
    callingCode,
    read(bytes, start, end, digits) {
      let i = start;
      let open = false;
      let international = false;
      if (bytes[i] === 0x2b) {
        international = true;
        i++;
      } else if (bytes[i] === 0x30 && bytes[i + 1] === 0x30) {
        international = true;
        i += 2;
      }
      if (international) {
        for (let k = 0; k < callingCode.length; k++, i++) {
          if (i >= end || bytes[i] !== callingCode.charCodeAt(k)) return 0;
        }
      } else {
        if (bytes[i] !== 0x30) return 0;
        i++;
      }
      let length = 0;
      for (; i < end; i++) {
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
      return !open && lengths.has(length) && valid.test(digits.toString("latin1", 0, length)) ? length : 0;
    },
  };
}
