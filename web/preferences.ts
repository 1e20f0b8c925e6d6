/** What a person has chosen for the page: language and theme, kept in this browser. */
import { useState } from "react";

export type Preference = "language" | "theme";

/** `null`: nothing was chosen, or what was is no longer there to be. */
export function usePreference<Value extends string>(
  name: Preference,
  allowed: readonly Value[],
): [Value | null, (value: Value) => void] {
  const [value, setValue] = useState<Value | null>(() => {
    const kept = read(name);
    return allowed.find((each) => each === kept) ?? null;
  });
  return [
    value,
    (next) => {
      setValue(next);
      write(name, next);
    },
  ];
}

// A browser may forbid storage: then the choice lasts as long as the page.
function read(name: Preference): string | null {
  try {
    return localStorage.getItem(`sluice.${name}`);
  } catch {
    return null;
  }
}
function write(name: Preference, value: string): void {
  try {
    localStorage.setItem(`sluice.${name}`, value);
  } catch {}
}
