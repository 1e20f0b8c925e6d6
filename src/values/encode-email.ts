/**
 * Reads e-mail addresses: the addr-spec of RFC 5322 (section 3.4.1) without comments, quoted local parts and address
 * literals, which nobody's customer has. The value is in lower case. Of several in one cell the first is taken.
 */
import type { EmailField } from "../core/fields/email.ts";
import { withEmailForms } from "./email-forms.ts";
import { decodeCell, type Encode, type Finding, sequenceLength } from "./encode.ts";
import { encodingInvalid } from "./encode-text.ts";
import type { FieldReader } from "./read-field.ts";
import { firstOfSeveral } from "./several-values.ts";

const emailInvalid: Finding = { code: "email_invalid" };

/** What each byte that may occur in a local part (atext of RFC 5322, section 3.2.3, and the dot) is in lower case; 0 for others. */
const localPart = new Uint8Array(256);
/** The same of letters and digits in a domain. */
const inDomain = new Uint8Array(256);
for (const char of "!#$%&'*+/=?^_`{|}~-.") localPart[char.charCodeAt(0)] = char.charCodeAt(0);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  const lower = char.toLowerCase().charCodeAt(0);
  localPart[char.charCodeAt(0)] = lower;
  inDomain[char.charCodeAt(0)] = lower;
}

const apostrophe = 0x27;
const dot = 0x2e;
const dash = 0x2d;
const at = 0x40;
/** RFC 5321, section 4.5.3.1.1, and erratum 1690 to RFC 3696. */
const maxLocalBytes = 64;
const maxBytes = 254;
/** RFC 1035, section 2.3.4. */
const maxLabelBytes = 63;

export const encodeEmail: Encode = (bytes, start, end, out) => {
  const finding = encodeOne(bytes, start, end, out);
  return finding === null || bytes[start] === apostrophe
    ? finding
    : firstOfSeveral(bytes, start, end, out, several, finding);
};

const encodeOne: Encode = (bytes, start, end, out) => {
  // An apostrophe before an address guards it, or is around it, as Outlook has it.
  if (end - start > maxBytes || bytes[start] === apostrophe) return emailInvalid;
  out.reserve(end - start + 8);
  const target = out.bytes;
  let o = out.length;
  let i = start;
  let previous = dot;
  for (; i < end; i++) {
    const byte = localPart[bytes[i]];
    if (byte === 0 || (byte === dot && previous === dot)) break;
    target[o++] = byte;
    previous = byte;
  }
  if (i >= end || bytes[i] !== at || previous === dot || i - start > maxLocalBytes) return emailInvalid;
  target[o++] = at;
  i++;
  const domain = i;
  let label = i;
  let dots = 0;
  for (; i < end; i++) {
    const byte = bytes[i];
    const lower = inDomain[byte];
    if (lower !== 0) {
      target[o++] = lower;
      continue;
    }
    if (byte === dot) {
      if (i === label || bytes[i - 1] === dash || i - label > maxLabelBytes) return emailInvalid;
      dots++;
      label = i + 1;
    } else if (byte >= 0x80) {
      return encodeInternational(bytes, start, domain, end, out);
    } else if (byte !== dash || i === label) {
      return emailInvalid;
    }
    target[o++] = byte;
  }
  // The last label has at least two letters, and is not a number.
  const last = end - label;
  if (dots === 0 || last < 2 || last > maxLabelBytes || bytes[end - 1] === dash || !isLetter(bytes[label])) {
    return emailInvalid;
  }
  out.length = o;
  return null;
};

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** A domain in other letters than ASCII's (RFC 5890); the local part is plain, since accents there are slips. */
function encodeInternational(
  bytes: Uint8Array,
  start: number,
  domain: number,
  end: number,
  out: Parameters<Encode>[3],
): Finding | null {
  for (let i = domain; i < end; ) {
    const length = sequenceLength(bytes, i, end);
    if (length === 0) return encodingInvalid;
    i += length;
  }
  const text = decodeCell(bytes, domain, end).normalize("NFC").toLowerCase();
  if (
    !/^(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]$/u.test(
      text,
    )
  ) {
    return emailInvalid;
  }
  out.text(decodeCell(bytes, start, domain).toLowerCase() + text);
  return null;
}

/** Spaces separate addresses too, since no address has one; a slash may be part of one, and is tried last. */
const several = {
  separators: [{ mark: /[;,|\s]+(?:(?:ou|or|och|eller|et|and)[;,|\s]+)?/i }, { mark: /[;,|/\s]+/, isLoose: true }],
  looksLikeOne: (part: string): boolean => /^[^@<>]+@[^@<>]+$/.test(part),
  encodeOne,
};

export const emailReader: FieldReader<EmailField> = {
  encoder: () => encodeEmail,
  surrounded: withEmailForms,
};
