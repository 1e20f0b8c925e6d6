/** Deletes what imports leave: in the sweep, and when a command no longer wants its own. */
import { SluiceError, told } from "../core/errors.ts";
import type { Files } from "../core/ports.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { Store } from "../core/store/store.ts";

/** A kept file that no job has claimed for this long was left by a command that died before it created one. */
const unclaimedFileMs = 24 * 3600 * 1000;

export class Cleanup {
  readonly #store: Store;
  readonly #files: Files;

  constructor(store: Store, files: Files) {
    this.#store = store;
    this.#files = files;
  }

  /**
   * Deletes what processes that died have left: stages of finished jobs, dry runs without a worker, their files; with a
   * retention also what is older than it is to be kept.
   */
  async sweep(retention?: Retention): Promise<void> {
    for (const path of await this.#store.leftovers.sweep()) await this.#files.remove(path);
    if (retention !== undefined) {
      const expired = await this.#store.leftovers.expire(retention);
      if (expired === null) return;
      for (const path of expired) await this.#files.remove(path);
      await this.#store.uploads.expire(this.#files);
    }
    const needed = await this.#store.leftovers.neededFiles();
    await this.#files.removeUnneeded({ olderThanMs: unclaimedFileMs, needed });
  }

  /** Takes away everything of an import that has written nothing to its target. */
  async discard(jobId: number): Promise<void> {
    const job = await this.#store.imports.get(jobId);
    if (job.importedRows > 0 || job.status === "committing") {
      throw new SluiceError(
        "conflict",
        told`Import ${jobId} has written records and is kept so that they can be traced.`,
      );
    }
    await this.#store.stage.drop(job);
    await this.#store.imports.delete(jobId);
    await this.#files.remove(job.storagePath);
  }
}
