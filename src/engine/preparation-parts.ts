/** What the preparation of imports works with. */
import type { Actor } from "../core/events.ts";
import type { ImportJob } from "../core/import.ts";
import type { Attention } from "../core/ports.ts";
import type { ReadyChanges } from "../core/store/drafts.ts";
import type { Store } from "../core/store/store.ts";
import type { Inspector } from "./inspector.ts";
import type { FreshImport } from "./new-imports.ts";

export interface PreparationParts {
  /** What the engine does with what is prepared here. */
  engine: {
    readonly attention: Attention;
    createImport(fresh: FreshImport): Promise<ImportJob>;
    changeReady(jobId: number, changes: ReadyChanges, by: Actor): Promise<ImportJob>;
  };
  store: Pick<Store, "imports" | "drafts" | "owners">;
  look: Inspector;
  /** SHA-256 in hex. */
  sha256: (text: string) => string;
}
