/** Texts that no database holds (a NUL, half a surrogate pair) are refused, naming their field, before anything is done with them. */
import type { Context, MiddlewareHandler } from "hono";
import { told } from "../../core/errors.ts";
import { isStorable, storableText } from "../../core/storable.ts";
import { ProblemError } from "./problem.ts";
import type { HttpEnv } from "./request-context.ts";

/** `isFile`: a request whose body is not read. */
export function storableTexts(isFile: (c: Context) => boolean): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (c.req.url.includes("%00")) {
      for (const [name, value] of new URL(c.req.url).searchParams) refuseUnstorable(value, name);
    }
    if (!isFile(c) && c.req.raw.body !== null) {
      const text = await c.req.text();
      // JSON writes both as escapes; nearly every body has none.
      if (/\\u(?:d[89a-f]|0000)/i.test(text)) refuseUnstorable(parsed(text), "");
    }
    return next();
  };
}

/** Malformed JSON is refused by its reader. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @throws ProblemError `invalid` naming the text's place in `value`. */
export function refuseUnstorable(value: unknown, path: string): void {
  const waiting: [path: string, value: unknown][] = [[path, value]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [where, each] = next;
    if (typeof each === "string") refuse(each, where);
    if (typeof each !== "object" || each === null) continue;
    for (const [name, within] of Object.entries(each)) {
      const place = where === "" ? name : `${where}.${name}`;
      refuse(name, place);
      if (typeof within === "string" || typeof within === "object") waiting.push([place, within]);
    }
  }
}

function refuse(text: string, path: string): void {
  if (isStorable(text)) return;
  const where = storableText(path).slice(0, 200);
  const message = "must be text without NUL characters and halves of surrogate pairs";
  throw new ProblemError(
    "invalid",
    told`${where}: the text contains a NUL character or half of a surrogate pair, which cannot be stored. Type it again.`,
    { errors: [{ path: where, message }] },
  );
}
