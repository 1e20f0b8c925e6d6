/** A file that stands beside another, to be started as a thread or process: TypeScript in a clone, JavaScript in the package. */

/** @param here the `import.meta.url` of the other file. @param name without its ending. */
export function sibling(name: string, here: string): URL {
  return new URL(`./${name}${isTypeScript(here) ? ".ts" : ".js"}`, here);
}

/** What a thread of its own environment needs to be told to run such a file: before 22.18, Node strips types only then. */
export function threadFlags(here: string): string[] {
  return isTypeScript(here) ? ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"] : [];
}

function isTypeScript(here: string): boolean {
  return new URL(here).pathname.endsWith(".ts");
}
