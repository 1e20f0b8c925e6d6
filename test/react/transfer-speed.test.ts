import { expect, it } from "vitest";
import { TransferSpeed } from "../../src/react/steps/upload/transfer-speed.ts";

const fed = (samples: readonly (readonly [atMs: number, bytes: number])[]): number | null => {
  const speed = new TransferSpeed();
  for (const [atMs, bytes] of samples) speed.add(bytes, atMs);
  return speed.bytesPerSecond();
};

it.each<[string, [number, number][], number | null]>([
  ["is not known before anything has gone", [], null],
  [
    "is not known after a moment",
    [
      [0, 0],
      [100, 1000],
    ],
    null,
  ],
  [
    "is that of the time since the first byte",
    [
      [0, 0],
      [1000, 500],
      [2000, 3000],
    ],
    1500,
  ],
  [
    "begins where an earlier upload was",
    [
      [0, 900_000],
      [1000, 901_000],
    ],
    1000,
  ],
  [
    "forgets what is long past",
    [
      [0, 0],
      [10_000, 100_000],
      [11_000, 101_000],
      [18_000, 108_000],
    ],
    1000,
  ],
  [
    "begins anew when the server has less than before",
    [
      [0, 0],
      [5000, 50_000],
      [6000, 10_000],
      [7000, 12_000],
    ],
    2000,
  ],
])("a speed %s", (_, samples, bytesPerSecond) => {
  expect(fed(samples)).toBe(bytesPerSecond);
});

it("a speed of before a pause does not count after it", () => {
  const speed = new TransferSpeed();
  speed.add(0, 0);
  speed.add(10_000, 1000);
  speed.reset();
  speed.add(10_000, 60_000);
  expect(speed.bytesPerSecond()).toBe(null);
});
