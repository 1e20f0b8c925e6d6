/** The page's own globals, for the functions that a test runs in it. The types of the DOM are not Node's, so they stay away. */
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const document: any;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const window: any;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const navigator: any;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const localStorage: any;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const sessionStorage: any;
declare const requestAnimationFrame: (callback: (time: number) => void) => number;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const getComputedStyle: any;
// What Playwright hands to such a function.
interface Element {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  [member: string]: any;
}
interface HTMLElement extends Element {}
interface SVGElement extends Element {}
