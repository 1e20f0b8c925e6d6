/** The importer that was chosen last, which most people choose again. */
import { useState } from "react";

const place = "sluice.importer";

export function useRememberedImporter(): [string | undefined, (name: string) => void] {
  const [name, setName] = useState<string | undefined>(read);
  return [
    name,
    (next) => {
      setName(next);
      write(next);
    },
  ];
}

// A browser may forbid storage: then the choice lasts as long as the step.
function read(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined;
  }
}
function write(name: string): void {
  try {
    localStorage.setItem(place, name);
  } catch {}
}
