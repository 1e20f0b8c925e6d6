/** What an importer's own code is interrupted over, and what the rows come to all the same. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { Attention } from "../../src/core/ports.ts";
import { heedless } from "../../src/staging/own-code.ts";
import { endsWithin } from "../../src/worker/interrupt.ts";
import { fc } from "../property.ts";
import { validateFile } from "./read-file.ts";

let hasSeenLoop = false;

/** Refuses what says "no", and warns of several addresses. */
const importer = defineImporter({
  name: "people",
  fields: {
    email: field.email(),
    note: field.text({
      validate: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (value) => {
            hasSeenLoop ||= value === "loop";
            return value === "no" ? { issues: [{ message: "no" }] } : { value: `${value}!` };
          },
        },
      },
    }),
  },
  checks: [({ note }) => (note === "x!" ? { code: "check_failed", message: "x" } : null)],
  target: { table: "people" },
});

/** Interrupts as it is told, after the rows were worked on in part or in full. */
function interrupting(moments: readonly boolean[]): Attention & { interruptions: number } {
  let k = 0;
  const attention = {
    ...heedless,
    interruptions: 0,
    endsWithin(_ms: number, work: () => void) {
      work();
      // Never twice in a row: that is a row which is stuck.
      const isInterrupted = moments[k % moments.length] && !(k > 0 && moments[(k - 1) % moments.length]);
      k++;
      if (isInterrupted) attention.interruptions++;
      return !isInterrupted;
    },
  };
  return attention;
}

describe("an importer's own code", () => {
  it("comes to the same rows, issues and counts, however often the process is interrupted", async () => {
    const cell = fc.constantFrom("no", "x", "well", "", "a".repeat(300));
    const row = fc.tuple(fc.constantFrom("a@x.fr", "a@x.fr b@x.fr", "nope", ""), cell);
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 200 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        async (rows, moments) => {
          const text = `email,note\n${rows.map((cells) => cells.join(",")).join("\n")}\n`;
          const plain = await validateFile(importer, text);
          expect(await validateFile(importer, text, { attention: interrupting(moments) })).toEqual(plain);
        },
      ),
    );
  });

  it("is blamed for a row only when that row was tried by itself, and again", async () => {
    const interrupted: number[] = [];
    const stuck: Attention = {
      ...heedless,
      endsWithin(ms, work) {
        hasSeenLoop = false;
        work();
        if (hasSeenLoop) interrupted.push(ms);
        return !hasSeenLoop;
      },
    };
    const text = `email,note\n${"a@x.fr,well\n".repeat(40)}a@x.fr,loop\n${"a@x.fr,well\n".repeat(40)}`;
    await expect(validateFile(importer, text, { attention: stuck })).rejects.toThrow(
      /does not come to an end on row 42,/,
    );
    expect(interrupted).toEqual([3000, 3000, 3000]);
  });

  it("is interrupted in any loop, and what comes after goes on", () => {
    const seen: string[] = [];
    const loop = (): never => {
      for (;;);
    };
    const pattern = /^(a+)+$/;
    for (const work of [
      loop,
      () => void pattern.test(`${"a".repeat(50)}b`),
      () => void "x".replace(/x/, loop),
      () => void [2, 1].sort(loop),
      () => {
        try {
          loop();
        } finally {
          seen.push("finally");
        }
      },
      () => {
        try {
          loop();
        } catch {
          seen.push("caught");
        }
      },
    ]) {
      expect(endsWithin(50, work)).toBe(false);
      expect(endsWithin(10_000, () => void seen.push("fine"))).toBe(true);
    }
    expect(new Set(seen)).toEqual(new Set(["fine"]));
    expect(() =>
      endsWithin(10_000, () => {
        throw new Error("its own");
      }),
    ).toThrow("its own");
  });
});
