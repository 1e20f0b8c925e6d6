/**
 * The wall between a page and Sluice's components: a shadow root with the styles of its own, so that nothing leaks either way.
 * Custom properties pass, which is how a page themes it. On a server it renders its empty host.
 */
import {
  type CSSProperties,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { useSluice } from "./Sluice.tsx";

const FrameContext = createContext<ShadowRoot | null>(null);

/** The shadow root that a component is in: `activeElement` and `getElementById` of the document do not reach into it. */
export function useFrame(): ShadowRoot | null {
  return useContext(FrameContext);
}

const AnnounceContext = createContext<(text: string) => void>(() => {});

/** Says something to a screen reader, politely. @example announce("312 rows fixed.") */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

interface FrameProps {
  /** Stands on the page's own ground, without a background. */
  bare?: boolean;
  /** Of what the page itself puts into it, by `sheetOf`; one sheet for as long as it stands. */
  styles?: CSSStyleSheet;
  children: ReactNode;
}

/** Inside another Frame it adds nothing: its children belong to the outer one. They wait for the language's words. */
export function Frame(props: FrameProps): ReactNode {
  const outer = useContext(FrameContext);
  return outer === null ? <Host {...props} /> : props.children;
}

function Host({ bare = false, styles, children }: FrameProps): ReactNode {
  const { theme, language, texts } = useSluice();
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const [rem, setRem] = useState<string>();
  const attach = useCallback(
    (host: HTMLDivElement | null): void => {
      if (host === null) return;
      const attached = host.shadowRoot ?? host.attachShadow({ mode: "open" });
      attached.adoptedStyleSheets = styles === undefined ? [stylesheet()] : [stylesheet(), styles];
      // The size that the person chose in the browser: the page may have changed that of its own root, and so the unit.
      setRem(getComputedStyle(host).fontSize);
      setRoot(attached);
    },
    [styles],
  );
  return (
    <div ref={attach} data-sluice="" data-theme={theme}>
      {root !== null &&
        texts !== null &&
        createPortal(
          <FrameContext.Provider value={root}>
            <div className={bare ? "frame bare" : "frame"} lang={language} style={{ "--rem": rem } as CSSProperties}>
              <Announcer>{children}</Announcer>
            </div>
          </FrameContext.Provider>,
          root,
        )}
    </div>
  );
}

function Announcer({ children }: { children: ReactNode }): ReactNode {
  const [text, setText] = useState("");
  const same = useRef(false);
  const announce = useMemo(
    () => (next: string) => {
      // A live region says only what is new: the same words twice need a difference that is not heard.
      same.current = !same.current;
      setText(same.current ? next : `${next}\u00a0`);
    },
    [],
  );
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div className="hidden-text" role="status">
        {text}
      </div>
    </AnnounceContext.Provider>
  );
}

/** The one stylesheet of all components: each has a file beside it, and all are adopted by every Frame. */
const sources = import.meta.glob<string>("../**/*.css", { query: "?inline", import: "default", eager: true });

let sheet: CSSStyleSheet | undefined;

/** Made once, in a browser. A constructed sheet needs no `unsafe-inline` in a page's policy (CSSOM, section 6.2). */
function stylesheet(): CSSStyleSheet {
  if (sheet !== undefined) return sheet;
  // The frame's first: a component's own styles win.
  const isFrame = (path: string): boolean => path.endsWith("/frame.css");
  const paths = Object.keys(sources).sort((a, b) => Number(isFrame(b)) - Number(isFrame(a)) || (a < b ? -1 : 1));
  sheet = sheetOf(paths.map((path) => sources[path]).join("\n"));
  return sheet;
}

/** Also for what a page adds to its frame. */
export function sheetOf(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(free(css));
  return made;
}

/**
 * Without the page's `rem`, which passes into a shadow root: `html { font-size: 62.5% }` would make everything small. A frame
 * knows the person's own size as `--rem`. A condition takes no variable: there it is the font size of the host for a container, and of
 * the browser for a window.
 */
function free(css: string): string {
  return css
    .replace(/@(?:container|media)[^{]*/g, (condition) => condition.replace(/(\d)rem\b/g, "$1em"))
    .replace(/(?<![\w.-])(-?[\d.]+)rem\b/g, "calc($1 * var(--rem))");
}
