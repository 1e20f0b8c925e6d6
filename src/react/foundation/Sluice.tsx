/**
 * What every component needs: the connection to the server, the reader's language, the theme, and where links lead. ImportWizard and
 * ImportHistory provide one themselves where there is none above them.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { type ApiLanguage, type Client, type ClientOptions, createClient } from "../../client/index.ts";
import type { Texts } from "../locale/texts.ts";
import { CopyContext, otherCopy, thisCopy } from "./copies.ts";
import { Connected, createServerState, type ServerState } from "./server-state.tsx";

export type Theme = "auto" | "light" | "dark";

export interface SluiceOptions extends ClientOptions {
  /** A client that is there already; else one is made of `baseUrl`, `token` and the rest. */
  client?: Client;
  /** Default: the first of the browser's languages that there is, else English. */
  language?: ApiLanguage;
  /** Default `auto`: what the system says. */
  theme?: Theme;
  /** Where links lead. Default: nowhere but within the component. */
  places?: Places;
  /** The session is gone: sign the person in again, and call `retry`. Default: the component asks for a sign-in link's code. */
  onSignInNeeded?: (retry: () => void) => void;
}

interface SluiceContext {
  client: Client;
  language: ApiLanguage;
  theme: Theme;
  places: Places | null;
  /** Null before they are there: a Frame waits for them, so nothing below one sees that. */
  texts: Texts | null;
  server: ServerState;
}

const Context = createContext<SluiceContext | null>(null);

/** @throws outside of a Sluice. */
export function useSluice(): SluiceContext {
  const found = useContext(Context);
  const copy = useContext(CopyContext);
  if (found !== null) return found;
  throw new Error(copy === null ? "This component is outside of <Sluice>. Put one above it." : otherCopy);
}

/** What stands below is rendered at once, on a server too; Sluice's own components begin when their words are there. */
export function Sluice({ children, ...options }: SluiceOptions & { children: ReactNode }): ReactNode {
  const {
    client: given,
    baseUrl,
    token,
    fetch,
    headers,
    credentials,
    realtime,
    theme = "auto",
    places = null,
  } = options;
  // By its parts: a page that writes the options anew at each rendering keeps its client.
  const plain = useMemo(
    () => given ?? createClient({ baseUrl, token, fetch, headers, credentials, realtime }),
    [given, baseUrl, token, fetch, headers, credentials, realtime],
  );
  const [server] = useState(createServerState);
  const language = options.language ?? browserLanguage();
  // The server's own words too are to be the person's.
  const client = useMemo(() => plain.inLanguage(language), [plain, language]);
  useAskedAnew(server, language);
  const texts = useLoadedTexts(language);
  const context = useMemo(
    () => ({ client, language, theme, places, texts, server }),
    [client, language, theme, places, texts, server],
  );
  const bySession = token === undefined && headers === undefined;
  return (
    <CopyContext.Provider value={thisCopy}>
      <Context.Provider value={context}>
        <Connected server={server} bySession={bySession} onSignInNeeded={options.onSignInNeeded}>
          {children}
        </Connected>
      </Context.Provider>
    </CopyContext.Provider>
  );
}

/** The nearest Sluice, or one made of the options. */
export function WithSluice({ children, ...options }: SluiceOptions & { children: ReactNode }): ReactNode {
  const outer = useContext(Context);
  const copy = useContext(CopyContext);
  if (outer === null && copy !== null) throw new Error(otherCopy);
  return outer === null ? <Sluice {...options}>{children}</Sluice> : children;
}

/** The same Sluice, with other places. */
export function WithPlaces({ places, children }: { places: Places; children: ReactNode }): ReactNode {
  const outer = useSluice();
  const context = useMemo(() => ({ ...outer, places }), [outer, places]);
  return <Context.Provider value={context}>{children}</Context.Provider>;
}

const languages: readonly ApiLanguage[] = ["en", "fr", "sv"];

export function browserLanguage(): ApiLanguage {
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  for (const each of wanted) {
    const found = languages.find((language) => each.toLowerCase().startsWith(language));
    if (found !== undefined) return found;
  }
  return "en";
}

/** What was loaded before is in the previous language. */
function useAskedAnew(server: ServerState, language: ApiLanguage): void {
  const told = useRef(language);
  useEffect(() => {
    if (told.current === language) return;
    told.current = language;
    // Also what is on its way.
    void server.queries.cancelQueries().then(() => server.queries.invalidateQueries());
  }, [server, language]);
}

/** Null until the first ones are there; while another language is on its way, the one before stays. */
function useLoadedTexts(language: ApiLanguage): Texts | null {
  const [texts, setTexts] = useState<Texts | null>(null);
  useEffect(() => {
    let isWanted = true;
    void loadTexts(language).then((loaded) => isWanted && setTexts(loaded));
    return () => {
      isWanted = false;
    };
  }, [language]);
  return texts;
}

/** Each language is a file of its own, loaded when it is wanted. */
async function loadTexts(language: ApiLanguage): Promise<Texts> {
  if (language === "fr") return (await import("../locale/fr/fr.ts")).fr;
  if (language === "sv") return (await import("../locale/sv/sv.ts")).sv;
  return (await import("../locale/en/en.ts")).en;
}

/** Where one can go from a component. The page around it says what address each place has, or shows it in its own way. */
export type Place =
  /** A new import, of this importer if it is said. */
  | { page: "new"; importer?: string }
  /** The wizard of an import, at the step that fits its status. */
  | { page: "import"; id: number }
  | { page: "history" }
  /** All there is to know about an import. */
  | { page: "job"; id: number }
  /** The records that an import has written. */
  | { page: "records"; id: number }
  /** Who is told of imports: mails and webhooks. */
  | { page: "notifications" }
  /** The places that files are fetched from; for admins. */
  | { page: "sources" };

export interface Places {
  /** Its address; null: it has none, and is shown by `go` alone. */
  hrefOf(place: Place): string | null;
  go(place: Place): void;
  /** Whether it can be shown at all. Default: every place. */
  has?(place: Place["page"]): boolean;
}
