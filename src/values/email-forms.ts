/**
 * E-mail addresses with what address books and mail programs put around them: `"Berg, Anna" <a@x.fr>`, `mailto:a@x.fr`, `* a@x.fr`,
 * `a@x.fr (work)`. Only what is plainly an address's surroundings is left out: in a sentence an address may be anybody's.
 */
import { isProgramWord } from "./blank-words.ts";
import { decodeCell, type Encode, isWarning } from "./encode.ts";
import { severalValues, valueUnwrapped } from "./several-values.ts";

const maxBytes = 1000;

/** The same encoder for cells that hold more than an address. */
export function withEmailForms(encode: Encode): Encode {
  return (bytes, start, end, out) => {
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    const isGuarded = bytes[start] === apostrophe;
    if (finding === null || isWarning(finding) || isGuarded || end - start > maxBytes) return finding;
    const values: string[] = [];
    for (const address of addressesIn(decodeCell(bytes, start, end))) {
      out.length = before;
      const cell = Buffer.from(address);
      const found = encode(cell, 0, cell.length, out);
      if (found === null) values.push(out.read(before, out.length));
    }
    out.length = before;
    const [first, ...others] = new Set(values);
    if (first === undefined) return finding;
    out.text(first);
    return others.length === 0 ? valueUnwrapped : severalValues(first, others);
  };
}

const apostrophe = 0x27;

/** The addresses of a cell, those in angle brackets first; none where other words stand beside them. */
function addressesIn(text: string): string[] {
  // What nobody sees is undone, and counted, as in other fields.
  if (/\p{Cf}/u.test(text)) return [];
  // Google's address book parts several values by three colons.
  const parts = partsOf(text.replace(/ (?::::|\/) /g, "; ")).filter((part) => !isProgramWord(part));
  const found = parts.map(addressIn);
  return found.includes(null) ? [] : (found as string[]);
}

/** Cut at commas, semicolons and line ends that are not within quotes, brackets or a name. */
function partsOf(text: string): string[] {
  const pieces = text.match(/(?:"[^"]*"|<[^<>]*>|\([^()]*\)|[^;,|\r\n"<(]|["<(])+/g) ?? [];
  const parts: string[] = [];
  let open = "";
  for (const piece of pieces) {
    // `Berg, Anna <a@x.fr>`: what has no address belongs to the next that has.
    open = open === "" ? piece : `${open},${piece}`;
    if (!piece.includes("@") && !/%40/.test(piece)) continue;
    parts.push(open.trim());
    open = "";
  }
  if (open.trim() !== "") parts.push(open.trim());
  return parts.filter((part) => part !== "");
}

const inBrackets = /^([^<>]*)<\s*((?:mailto:|smtp:)?[^<>\s]+)\s*>[\s.]*(?:\([^()]*\)[\s.]*)?$/i;
const link = /^\[[^[\]]*\]\(\s*(mailto:[^()\s]+)\s*\)$/i;
const scheme = /^(?:mailto|smtp):\s*/i;
const label = /^[\p{L}][\p{L}\p{M} .()-]{0,30}\s?:\s*(?=\S+@)/u;
const bullet = /^(?:[*\u2022\u00b7\u25cf-]|\p{Extended_Pictographic}\ufe0f?)\s+/u;
const comments = /\s*(?:\([^()]*\)|\[[^[\]]*\])/g;

/** The address of a part; null: there is none, or it stands in a text. */
function addressIn(part: string): string | null {
  const bare = part.replace(bullet, "").trim();
  const target = link.exec(bare)?.[1] ?? inBrackets.exec(bare)?.[2];
  if (target !== undefined) return ofScheme(target);
  if (scheme.test(bare)) return ofScheme(bare);
  const rest = bare.replace(label, "").replace(comments, "").trim();
  const unquoted = /^(["'<\u201c\u2018])(.+)(["'>\u201d\u2019])$/u.exec(rest)?.[2] ?? rest;
  const address = ofScheme(unquoted.trim().replace(/[.,:]+$/, ""));
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
}

/** `mailto:anna%40x.fr?subject=Hi` (RFC 6068) → `anna@x.fr` */
function ofScheme(text: string): string {
  if (!scheme.test(text)) return text;
  const address = text.replace(scheme, "").replace(/\?.*$/s, "");
  try {
    return decodeURIComponent(address).trim();
  } catch {
    return address;
  }
}
