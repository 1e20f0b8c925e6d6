/** Reads UUIDs (RFC 9562, section 4) from bytes to bytes: in small letters with dashes, whatever case and marks they come with. */
import type { UuidField } from "../core/fields/uuid.ts";
import type { Encode, Finding } from "./encode.ts";
import type { FieldReader } from "./read-field.ts";

const uuidInvalid: Finding = { code: "uuid_invalid" };

/** The small letter of each byte that is a hexadecimal digit; 0 for others. */
const hexDigits = new Uint8Array(256);
for (const char of "0123456789abcdefABCDEF") hexDigits[char.charCodeAt(0)] = char.toLowerCase().charCodeAt(0);

const dash = 0x2d;
const urn = Buffer.from("urn:uuid:");
/** Digits before each dash. */
const groups = [8, 4, 4, 4, 12];

export const encodeUuid: Encode = (bytes, start, end, out) => {
  let from = start;
  let to = end;
  if (bytes[from] === 0x7b && bytes[to - 1] === 0x7d) {
    from++;
    to--;
  } else if (to - from === urn.length + 36 && beginsWith(bytes, from, urn)) {
    from += urn.length;
  }
  const hasDashes = to - from === 36;
  if (!hasDashes && to - from !== 32) return uuidInvalid;
  out.reserve(36);
  const target = out.bytes;
  let at = out.length;
  let i = from;
  for (const [k, digits] of groups.entries()) {
    if (k > 0) {
      if (hasDashes && bytes[i++] !== dash) return uuidInvalid;
      target[at++] = dash;
    }
    for (let n = 0; n < digits; n++) {
      const digit = hexDigits[bytes[i++]];
      if (digit === 0) return uuidInvalid;
      target[at++] = digit;
    }
  }
  out.length = at;
  return null;
};

/** In any case. */
function beginsWith(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let k = 0; k < word.length; k++) {
    const byte = bytes[at + k];
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== word[k]) return false;
  }
  return true;
}

export const uuidReader: FieldReader<UuidField> = { encoder: () => encodeUuid };
