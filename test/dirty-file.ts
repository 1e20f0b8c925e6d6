/**
 * A file as people export it: 3,000 leads, of which 493 have something that the review shows. The same for the same seed.
 * 301 postal codes lost their zero, 60 addresses have a slip, 50 a status that is misspelt, 50 a date that is none, 17 an amount that
 * is none, 15 an address that only their owner knows.
 */
import { seededRandom } from "./seeded-random.ts";

export interface DirtyFile {
  text: string;
  /** Rows with something wrong, by what it is. */
  bad: Readonly<Record<"zeros" | "slips" | "words" | "dates" | "amounts" | "unknown", number>>;
}

export const dirtyRows = 3000;
const bad = { zeros: 301, slips: 60, words: 50, dates: 50, amounts: 17, unknown: 15 } as const;

const slips = [
  (name: string): string => `${name} @ example.com`,
  (name: string): string => `${name}@example,com`,
  (name: string): string => `${name}@@example.com`,
  (name: string): string => `${name}@example..com`,
];
const misspelt = ["Nouvaeu", "Contactéé", "Gagnéé", "Nouvau", "Perduu"];
const statuses = ["Nouveau", "Contacté", "Qualifié", "Perdu"];

export function dirtyFile(seed = 1): DirtyFile {
  const random = seededRandom(seed);
  const kinds = Object.entries(bad).flatMap(([kind, count]) => Array<string>(count).fill(kind));
  const all = [...kinds, ...Array<string>(dirtyRows - kinds.length).fill("")];
  for (let k = all.length - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [all[k], all[other]] = [all[other], all[k]];
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const lines = all.map((kind, k) => {
    const name = `person${k}`;
    const email = kind === "slips" ? pick(slips)(name) : kind === "unknown" ? name : `${name}@example.com`;
    const postal = kind === "zeros" ? 1000 + Math.floor(random() * 8000) : 10_000 + Math.floor(random() * 85_000);
    const status = kind === "words" ? pick(misspelt) : pick(statuses);
    const date = kind === "dates" ? "bientôt" : `2025-${pad(1 + (k % 12))}-${pad(1 + (k % 28))}`;
    const amount = kind === "amounts" ? "à voir" : String(100 + k);
    return [`R${k}`, `First ${k}`, email, postal, "Lyon", status, amount, date].join(";");
  });
  return { text: `Reference;Name;Email;Postal code;City;Status;Amount;Signed on\n${lines.join("\n")}\n`, bad };
}

function pad(day: number): string {
  return String(day).padStart(2, "0");
}
