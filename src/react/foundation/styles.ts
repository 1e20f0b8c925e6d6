/** The one stylesheet of all components: each has a file beside it, and all are adopted by every Frame. */
const sources = import.meta.glob<string>("../**/*.css", { query: "?inline", import: "default", eager: true });

let sheet: CSSStyleSheet | undefined;

/** Made once, in a browser. A constructed sheet needs no `unsafe-inline` in a page's policy (CSSOM, section 6.2). */
export function stylesheet(): CSSStyleSheet {
  if (sheet !== undefined) return sheet;
  // The frame's first: what stands in a component's own file wins.
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
 * knows the person's own size as `--rem`; in the condition of a container it is the font size of the host.
 */
function free(css: string): string {
  return css
    .replace(/@container[^{]*/g, (condition) => condition.replace(/(\d)rem\b/g, "$1em"))
    .replace(/(?<![\w.-])(-?[\d.]+)rem\b/g, "calc($1 * var(--rem))");
}
