/** Slips of the hand in e-mail addresses: `anna @ x.fr`, `anna@x,com`, `anna(at)x.fr`, `anna@@x..fr`. */

/** The ends of domains after which a comma or a space was meant as a dot, where the rest alone could be one. */
const commonEnds = new Set("com net org info eu fr se de uk it es nl be ch dk no fi io co".split(" "));
/** Between the labels of a domain, where more than one dot stands. */
const separators = /(\s*[.,;]+\s*|\s+)/;

/** An address has at most 254 bytes (RFC 3696, erratum 1690); the rest are spaces and words such as `(at)`. */
const maxChars = 300;

/** The address that was meant; null where that is not plain. It may be none all the same: the field's own reader decides. */
export function emailMeant(text: string): string | null {
  if (text.length > maxChars) return null;
  const plain = text.normalize("NFKC").trim();
  const [local, domain, ...others] = withSigns(plain).split(/\s*@+\s*/);
  if (domain === undefined || others.length > 0) return null;
  const name = local
    .replace(/^[\s"'<([.,;:]+/, "")
    .replace(/\s*\.[\s.]*/g, ".")
    .replace(/[\s"'>.,;]+$/, "");
  const host = domainMeant(domain.replace(/^[\s.,;]+/, "").replace(/[\s"'>)\].,;:]+$/, ""));
  const meant = host === null || name === "" ? null : `${name}@${host}`;
  return meant === text ? null : meant;
}

/** `anna(at)x(dot)fr` → `anna@x.fr`, as people write an address that programs shall not collect. */
function withSigns(text: string): string {
  if (text.includes("@")) return text;
  return text
    .replace(/\s*[[({]\s*(?:at|arobase|snabel-?a)\s*[\])}]\s*|\s+(?:at|arobase|snabel-?a)\s+/i, "@")
    .replace(/\s*[[({]\s*(?:dot|point|punkt)\s*[\])}]\s*|\s+(?:dot|point|punkt)\s+/gi, ".");
}

function domainMeant(text: string): string | null {
  const [first, ...rest] = text.split(separators);
  let domain = first;
  for (let k = 0; k + 1 < rest.length; k += 2) {
    const [separator, label] = [rest[k], rest[k + 1]];
    // `x.fr, home` is an address and a word.
    const isPlain = /^\.+$/.test(separator);
    const isEnd = commonEnds.has(label.toLowerCase());
    if (!isPlain && !isEnd && (domain.includes(".") || /^\s+$/.test(separator))) return null;
    domain += `.${label}`;
  }
  return domain;
}
