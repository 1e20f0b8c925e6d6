/** Finds a file's columns by what people call them: as they are written, else whatever the case, accents and punctuation. */
import { fold } from "../values/fold.ts";

export interface ColumnNames {
  /** The place of the first column that is called so; -1: there is none. */
  find(name: string): number;
}

/** Takes each header apart once, however many names are looked for. */
export function namesOf(headers: readonly string[]): ColumnNames {
  const written = new Map<string, number>();
  for (const [place, header] of headers.entries()) if (!written.has(header)) written.set(header, place);
  let folded: Map<string, number> | null = null;
  return {
    find(name) {
      const exact = written.get(name);
      if (exact !== undefined) return exact;
      if (folded === null) {
        folded = new Map();
        for (const [place, header] of headers.entries()) {
          const plain = fold(header);
          if (plain !== "" && !folded.has(plain)) folded.set(plain, place);
        }
      }
      return folded.get(fold(name)) ?? -1;
    },
  };
}
