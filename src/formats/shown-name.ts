/** A name from a file that anyone may have made, fit for a terminal. */
export function shownName(name: string): string {
  return name.replaceAll(/\p{C}/gu, "?").slice(0, 100);
}
