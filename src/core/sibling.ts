/**
 * A file next to another, to be started as a thread or process: TypeScript in a clone, JavaScript in the package, and
 * a text for threads where the program around is a bundle.
 */
import { threadTexts } from "./thread-texts.ts";

/** @param here the `import.meta.url` of the other file. @param name without its ending. */
export function sibling(name: string, here: string): URL {
  return new URL(`./${name}${isTypeScript(here) ? ".ts" : ".js"}`, here);
}

/** What `new Worker()` takes to start a thread. */
export interface ThreadStart {
  entry: URL | string;
  options: { eval?: true; execArgv?: string[] };
}

/**
 * How the thread of that name is started: by its text where the build has made one, else from its file next to `here`.
 *
 * @param name as `hash-thread`; each thread has a name of its own
 * @example const { entry, options } = await threadStart("hash-thread", import.meta.url);
 * const thread = new Worker(entry, { ...options, env: {} });
 */
export async function threadStart(name: string, here: string): Promise<ThreadStart> {
  const load = threadTexts[name];
  if (load !== undefined) return { entry: (await load()).text, options: { eval: true, execArgv: [] } };
  // Before 22.18, Node strips types only when told to.
  const flags = isTypeScript(here) ? ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"] : [];
  return { entry: sibling(name, here), options: { execArgv: flags } };
}

function isTypeScript(here: string): boolean {
  return new URL(here).pathname.endsWith(".ts");
}
