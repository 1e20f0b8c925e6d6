/** Rows of a list by their numbers and where they stand in the stage, ten bytes each: a page of them is read at once, wherever it is. */
import { type Sql, sql } from "../connection/session.ts";

export interface RowEntry {
  /** Its number in the file. */
  row: number;
  /** Where it stands in the stage, as a tid; null: it is kept in `sluice.import_rows`. */
  place: string | null;
}

const entryBytes = 10;
const nowhere = 0xffffffff;

/** An entry of a row as `RowEntries` takes it: by its number, and its tid in the stage or null. */
export function entryOf(row: Sql, place: Sql): Sql {
  return sql`int4send(${row}) || coalesce(tidsend(${place}), '\\xffffffff0000'::bytea)`;
}

export class RowEntries {
  #bytes = Buffer.alloc(0);
  length = 0;

  /** Adds those of an answer of Postgres; null: none. */
  add(entries: Buffer | null): void {
    if (entries === null) return;
    const used = this.length * entryBytes;
    if (used + entries.length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(used + entries.length, Math.ceil(1.5 * used)));
      this.#bytes.copy(grown, 0, 0, used);
      this.#bytes = grown;
    }
    entries.copy(this.#bytes, used);
    this.length = (used + entries.length) / entryBytes;
  }

  slice(from: number, to: number): RowEntry[] {
    const found: RowEntry[] = [];
    for (let k = from; k < Math.min(to, this.length); k++) {
      const at = k * entryBytes;
      const block = this.#bytes.readUInt32BE(at + 4);
      const place = block === nowhere ? null : `(${block},${this.#bytes.readUInt16BE(at + 8)})`;
      found.push({ row: this.#bytes.readInt32BE(at), place });
    }
    return found;
  }
}
