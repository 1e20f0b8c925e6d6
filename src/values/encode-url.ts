/** Reads web addresses (the WHATWG URL Standard): as they are written, completed by a scheme, safe to be put into a link. */
import type { UrlField } from "../core/fields/url.ts";
import { decodeStrictly, type Encode, type Finding } from "./encode.ts";
import { encodingInvalid } from "./encode-text.ts";
import type { FieldReader } from "./read-field.ts";

const urlInvalid: Finding = { code: "url_invalid" };

/** RFC 9110, section 4.1, asks programs for 8,000 bytes. */
const maxBytes = 8000;

/** What a URL cannot contain and browsers encode (WHATWG URL, "path percent-encode set"), and an apostrophe, which ends attributes. */
const encoded = /[ "<>`{}']/g;
/** What a browser drops, or takes for a slash: nobody writes it, but to hide a scheme. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
const hidden = /[\u0000-\u001f\u007f\\\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;
const schemeBefore = /^([a-z][a-z0-9+.-]*):/i;
/** A host with a port after it begins as a scheme does: `example.com:8080`. */
const hostAndPort = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d{1,5}(?:[/?#]|$)/i;
/** `example.com/path`, `www.example.com`: a last label of two letters or more. */
const bareHost = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}][\p{L}\p{N}-]+(?::\d{1,5})?(?:[/?#]|$)/u;

/** The encoder of a field: of the schemes allowed, the first secure one completes an address without any. */
export function urlEncoder({ schemes }: Pick<UrlField, "schemes">): Encode {
  const allowed = new Set(schemes);
  const usual = allowed.has("https") ? "https" : allowed.has("http") ? "http" : null;
  const wrongScheme: Finding = {
    code: "url_scheme",
    params: { schemes: schemes.map((each) => `${each}:`).join(", ") },
  };
  return (bytes, start, end, out) => {
    if (end - start > maxBytes) return urlInvalid;
    const text = decodeStrictly(bytes, start, end);
    if (text === null) return encodingInvalid;
    if (hidden.test(text)) return urlInvalid;
    const scheme = hostAndPort.test(text) ? undefined : schemeBefore.exec(text)?.[1];
    if (scheme !== undefined && !allowed.has(scheme.toLowerCase())) return wrongScheme;
    const rest = scheme === undefined ? text.replace(/^\/\//, "") : text.slice(scheme.length + 1);
    if (scheme === undefined && (usual === null || !bareHost.test(rest))) return urlInvalid;
    const isWeb = scheme === undefined || /^https?$/i.test(scheme);
    if (isWeb && scheme !== undefined && !rest.startsWith("//")) return urlInvalid;
    const whole = scheme === undefined ? `${usual}://${rest}` : `${scheme.toLowerCase()}:${rest}`;
    const host = isWeb ? /^[a-z]+:\/\/([^/?#]*)/.exec(whole)?.[1] : "";
    // A space in the host is a slip; behind it, it is a part of a name.
    if (host === undefined || / /.test(host) || (isWeb && !hasHost(whole))) return urlInvalid;
    const safe = whole.replace(encoded, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    if (!URL.canParse(safe)) return urlInvalid;
    out.text(safe);
    return null;
  };
}

/** Whether the address names a machine: a domain of several labels, an address by numbers, or this one. */
function hasHost(whole: string): boolean {
  const { hostname } = URL.parse(whole) ?? {};
  return hostname !== undefined && (hostname === "localhost" || /[.:]/.test(hostname));
}

export const urlReader: FieldReader<UrlField> = { encoder: (field) => urlEncoder(field) };
