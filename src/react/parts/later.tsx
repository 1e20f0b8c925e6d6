/** A part of the page that is fetched apart: at the latest when it is shown, at best before, while the page has nothing else to do. */
import { type ComponentType, type ReactNode, useCallback, useEffect, useState } from "react";
import { Problem } from "./Notice.tsx";
import { Placeholder } from "./Placeholder.tsx";

export interface Later<P extends object> {
  (props: P): ReactNode;
  /** Fetches it; rejects where the line is cut, and may be called again. */
  fetch(): Promise<void>;
}

/**
 * Not React's `lazy`: that one waits a moment even for what is there, and has no second try where the line was cut.
 * @param what a page has a heading of its own, and so has what stands in its place meanwhile
 * @example const RecordsPage = later(async () => (await import("./RecordsPage.tsx")).RecordsPage, "page");
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  what: "page" | "part" = "part",
): Later<P> {
  const source = new Source(load);
  return Object.assign((props: P) => <Fetched source={source} props={props} isPage={what === "page"} />, {
    fetch: () => source.fetch(),
  });
}

class Source<P> {
  part: ComponentType<P> | null = null;
  #coming: Promise<void> | null = null;
  readonly #load: () => Promise<ComponentType<P>>;

  constructor(load: () => Promise<ComponentType<P>>) {
    this.#load = load;
  }

  fetch(): Promise<void> {
    this.#coming ??= this.#load()
      .then((part) => {
        this.part = part;
      })
      .finally(() => {
        this.#coming = null;
      });
    return this.#coming;
  }
}

function Fetched<P extends object>({
  source,
  props,
  isPage,
}: {
  source: Source<P>;
  props: P;
  isPage: boolean;
}): ReactNode {
  const [Shown, setShown] = useState(() => source.part);
  const [error, setError] = useState<unknown>(null);
  const get = useCallback(() => {
    setError(null);
    source.fetch().then(() => setShown(() => source.part), setError);
  }, [source]);
  const isThere = Shown !== null;
  useEffect(() => {
    if (!isThere) get();
  }, [isThere, get]);
  if (error !== null) return <Problem error={error} onRetry={get} />;
  return Shown === null ? <Placeholder lines={12} isPage={isPage} /> : <Shown {...props} />;
}

const idleMs = 2000;

/** Fetches them once the browser has nothing else to do. @returns what calls it off */
export function fetchWhenIdle(parts: readonly Pick<Later<object>, "fetch">[]): () => void {
  const fetchAll = (): void => {
    // What fails now is fetched again when it is shown, and says so then.
    for (const part of parts) part.fetch().catch(() => undefined);
  };
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(fetchAll, idleMs);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(fetchAll, { timeout: idleMs });
  return () => cancelIdleCallback(asked);
}
