/** Patterns of file names, as shells write them: `*` is any text, `?` any character, and case does not count. */

/** Whether a name fits one of the patterns. In time that grows with name times pattern, whatever they are. */
export function fits(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.map((pattern) => [...fold(pattern)]);
  return (name) => {
    const characters = [...fold(name)];
    return all.some((pattern) => matches(pattern, characters));
  };
}

/** On some systems names come decomposed: `é` as two characters. */
function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** The last star is all that ever has to be tried again. */
function matches(pattern: readonly string[], name: readonly string[]): boolean {
  let [p, n] = [0, 0];
  let star: { pattern: number; name: number } | null = null;
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = { pattern: p, name: n };
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p += 1;
      n += 1;
    } else if (star !== null) {
      star.name += 1;
      [p, n] = [star.pattern + 1, star.name];
    } else return false;
  }
  return pattern.slice(p).every((each) => each === "*");
}
