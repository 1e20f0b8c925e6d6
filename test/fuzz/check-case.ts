/**
 * One case of the fuzzer: a file of the corpus, damaged by (seed, number) alone, read to its end. Right is any outcome of
 * rows, findings and a SluiceError that is no `internal` one; reading again, in other pieces or from some row on, must give
 * the same.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inspect, isDeepStrictEqual } from "node:util";
import { SeededDraw } from "../../src/importers/leads/seeded-draw.ts";
import { type Outcome, type OutcomeOptions, readOutcome } from "../corpus/read-outcome.ts";
import { memorySource } from "../memory-source.ts";
import { mutate } from "./mutate.ts";

interface CorpusFile {
  name: string;
  bytes: Buffer;
}

export interface FuzzCase {
  /** Path of the corpus file it was made from. */
  file: string;
  bytes: Buffer;
  draw: SeededDraw;
}

/** Reading takes at most this much time for each file; the parent process kills a case that never comes back. */
export const caseMs = 5000;

const folder = fileURLToPath(new URL("../corpus/files/", import.meta.url));
let corpus: CorpusFile[] | null = null;

function corpusFiles(): CorpusFile[] {
  corpus ??= readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("exported"))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((path) => ({ name: path.slice(folder.length).replace(/^\//, ""), bytes: readFileSync(path) }));
  return corpus;
}

/** Case `number` of a seed. */
export function makeCase(seed: number, number: number): FuzzCase {
  const draw = new SeededDraw(seed, number, 1);
  const files = corpusFiles();
  const file = draw.pick(files);
  return {
    file: file.name,
    bytes: mutate(
      file.bytes,
      files.map(({ bytes }) => bytes),
      draw,
    ),
    draw,
  };
}

/** What is wrong, or null. */
export async function checkCase({ file, bytes, draw }: FuzzCase): Promise<string | null> {
  const startedAt = performance.now();
  const read = async (cut?: number, options?: OutcomeOptions): Promise<Outcome> => {
    const outcome = await readOutcome(memorySource(file, bytes, { cut }), options);
    if (outcome.error?.code === "internal") throw outcome.error;
    return outcome;
  };
  let whole: Outcome;
  try {
    whole = await read();
    const ms = performance.now() - startedAt;
    if (ms > caseMs) return `it took ${ms.toFixed(0)} ms to read`;
    switch (draw.below(4)) {
      case 0:
        return difference("reading it again", await read(), whole);
      case 1: {
        const cut = 1 + draw.below(700);
        return difference(`reading it in pieces of ${cut} bytes`, await read(cut), whole);
      }
      case 2: {
        const { dialect, rows } = whole;
        if (dialect === null || rows.length === 0) return null;
        const k = draw.below(Math.min(rows.length, 1 << 20));
        const rest = await read(undefined, { dialect, from: { offset: rows[k].offset, row: rows[k].number } });
        const expected = { ...whole, rows: rows.slice(k) };
        return difference(`reading on from row ${rows[k].number}`, { ...rest, findings: whole.findings }, expected);
      }
    }
  } catch (error) {
    return `no SluiceError for a person: ${inspect(error)}`;
  }
  return null;
}

function difference(how: string, got: Outcome, expected: Outcome): string | null {
  if (got.error?.message !== expected.error?.message) {
    return `${how} ends with ${got.error?.message ?? "no error"} instead of ${expected.error?.message ?? "none"}`;
  }
  const k = expected.rows.findIndex((row, i) => !isDeepStrictEqual(row, got.rows[i]));
  if (k >= 0 || got.rows.length !== expected.rows.length) {
    return `${how} gives other rows: ${inspect(got.rows[k] ?? got.rows.length)} instead of ${inspect(expected.rows[k] ?? expected.rows.length)}`;
  }
  if (!isDeepStrictEqual(got.findings, expected.findings)) {
    return `${how} finds ${inspect(got.findings)} instead of ${inspect(expected.findings)}`;
  }
  if (!isDeepStrictEqual(got.dialect, expected.dialect)) {
    return `${how} finds the dialect ${inspect(got.dialect)} instead of ${inspect(expected.dialect)}`;
  }
  return null;
}
