/**
 * `sluice/react` and `@sluice/react` are two copies of the same components, and a page that mixes them has two of each context. So
 * that it is told instead of losing its <Sluice> in silence, one context is shared by all copies of a page: which copy is above.
 */
import { type Context, createContext } from "react";

export const otherCopy =
  "This component and the <Sluice> above it are from different packages. Import both from `sluice/react`, or both from `@sluice/react`.";

/** Stands for the copy that this module is in. */
export const thisCopy = {};

export const CopyContext: Context<object | null> = sharedContext();

/** Of this React: a page may have two of those as well, whose contexts are their own. */
function sharedContext(): Context<object | null> {
  const key = Symbol.for("sluice.react.copies");
  const page = globalThis as { [key]?: WeakMap<typeof createContext, Context<object | null>> };
  page[key] ??= new WeakMap();
  const shared = page[key].get(createContext) ?? createContext<object | null>(null);
  page[key].set(createContext, shared);
  return shared;
}
