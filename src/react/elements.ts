/**
 * The wizard and the history as custom elements, for Vue, Svelte and plain pages: texts are attributes, all else is a property, and what
 * happens is an event. Importing this file defines `<sluice-import>` and `<sluice-history>`.
 */
import { type ComponentType, createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import type { Import } from "../client/index.ts";
import { ImportHistory, type ImportHistoryProps } from "./ImportHistory.tsx";
import { ImportWizard, type ImportWizardProps } from "./ImportWizard.tsx";
import type { ReadyStep } from "./Stepper.tsx";

/** What may stand in the page's HTML, with the property that it is. */
const attributes = {
  importer: "importer",
  "base-url": "baseUrl",
  token: "token",
  credentials: "credentials",
  language: "language",
  theme: "theme",
} as const;

const connection = ["client", "fetch", "headers", "places", "realtime", "onSignInNeeded"] as const;
const ofBoth = [...Object.values(attributes), ...connection] as const;

// A server that renders the page imports it too, and has no elements.
const Base = typeof HTMLElement === "undefined" ? (class {} as typeof HTMLElement) : HTMLElement;

abstract class SluiceElement<Props extends object> extends Base {
  static readonly observedAttributes: readonly string[] = Object.keys(attributes);
  abstract readonly component: ComponentType<Props>;
  readonly given: Partial<Props> = {};
  #root: Root | null = null;

  connectedCallback(): void {
    // What a framework has set before the element was defined hides the accessors.
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const value = this[name as keyof this];
      delete this[name as keyof this];
      this[name as keyof this] = value;
    }
    if (getComputedStyle(this).display === "inline") this.style.display = "block";
    this.#root ??= createRoot(this);
    this.show();
  }

  disconnectedCallback(): void {
    // Not where it was only moved.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#root?.unmount();
      this.#root = null;
    });
  }

  attributeChangedCallback(name: keyof typeof attributes, _before: string | null, value: string | null): void {
    this.give(attributes[name] as keyof Props, (value ?? undefined) as Props[keyof Props]);
  }

  give<Name extends keyof Props>(name: Name, value: Props[Name] | undefined): void {
    this.given[name] = value;
    this.show();
  }

  /** Properties that are told what happens, beside those that were given. */
  protected listeners(): Partial<Props> {
    return {};
  }

  protected show(): void {
    this.#root?.render(createElement(this.component, { ...this.given, ...this.listeners() } as Props));
  }

  protected tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** Each is a property of the elements, and shows at once. */
function withProperties(element: { prototype: object }, names: readonly string[]): void {
  for (const name of names) {
    Object.defineProperty(element.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: SluiceElement<object>) {
        return this.given[name as never];
      },
      set(this: SluiceElement<object>, value: never) {
        this.give(name as never, value);
      },
    });
  }
}

/** `<sluice-import>`: events `sluice-complete`, `sluice-import-change` and `sluice-step-change`. */
class ImportElement extends SluiceElement<ImportWizardProps> {
  readonly component = ImportWizard;

  protected override listeners(): Partial<ImportWizardProps> {
    return {
      onComplete: (job: Import) => this.tell("sluice-complete", job),
      onImportChange: (id: number | null) => {
        if (this.given.importId !== undefined) this.give("importId", id);
        this.tell("sluice-import-change", id);
      },
      onReadyStepChange: (step: ReadyStep) => {
        if (this.given.readyStep !== undefined) this.give("readyStep", step);
        this.tell("sluice-step-change", step);
      },
    };
  }
}
withProperties(ImportElement, [...ofBoth, "context", "importId", "readyStep"]);

/** `<sluice-history>` */
class HistoryElement extends SluiceElement<ImportHistoryProps> {
  readonly component = ImportHistory;
}
withProperties(HistoryElement, ofBoth);

export type SluiceImportElement = HTMLElement &
  Omit<ImportWizardProps, "onComplete" | "onImportChange" | "onReadyStepChange">;
export type SluiceHistoryElement = HTMLElement & ImportHistoryProps;

declare global {
  interface HTMLElementTagNameMap {
    "sluice-import": SluiceImportElement;
    "sluice-history": SluiceHistoryElement;
  }
  interface HTMLElementEventMap {
    "sluice-complete": CustomEvent<Import>;
    "sluice-import-change": CustomEvent<number | null>;
    "sluice-step-change": CustomEvent<ReadyStep>;
  }
}

if (typeof customElements !== "undefined") {
  for (const [name, element] of [
    ["sluice-import", ImportElement],
    ["sluice-history", HistoryElement],
  ] as const) {
    // Imported twice, by two bundles of one page.
    if (customElements.get(name) === undefined) customElements.define(name, element);
  }
}
