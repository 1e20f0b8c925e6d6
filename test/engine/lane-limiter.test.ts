/** Who is let in first, and who waits for whom. */
import { expect, it } from "vitest";
import { LaneLimiter, type Visitor } from "../../src/engine/lane-limiter.ts";

const visitor = (id: number, fileSizeBytes: number, target = `table${id}`): Visitor => ({ id, fileSizeBytes, target });

/** Lets them come in this order; tells the order in which they get in. */
function coming(limiter: LaneLimiter): {
  come(visitor: Visitor, signal?: AbortSignal): void;
  inside: string[];
  leave(name: string): Promise<void>;
} {
  const inside: string[] = [];
  const leaves = new Map<string, () => void>();
  let count = 0;
  return {
    inside,
    come(who, signal) {
      const name = `${who.id}${"abcdef"[count++]}`;
      limiter.enter(who, signal).then(
        (leave) => {
          inside.push(name);
          leaves.set(name, leave);
        },
        () => inside.push(`${name} gave up`),
      );
    },
    async leave(name) {
      leaves.get(name)?.();
      await settled();
    },
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("lets so many in, the small first, then in the order in which they came", async () => {
  const { come, inside, leave } = coming(new LaneLimiter(2));
  come(visitor(1, 900));
  come(visitor(1, 900));
  come(visitor(2, 500));
  come(visitor(3, 10));
  come(visitor(4, 500));
  await settled();
  expect(inside).toEqual(["1a", "1b"]);
  await leave("1a");
  await leave("1b");
  expect(inside).toEqual(["1a", "1b", "3d", "2c"]);
  // Leaving twice frees one place.
  await leave("1a");
  expect(inside).toHaveLength(4);
  await leave("3d");
  expect(inside).toEqual(["1a", "1b", "3d", "2c", "4e"]);
});

it("lets one import at a time to a target, and none slip past a smaller one that waits for it", async () => {
  const { come, inside, leave } = coming(new LaneLimiter(2));
  come(visitor(1, 900, "leads"));
  come(visitor(1, 900, "leads"));
  come(visitor(1, 900, "leads"));
  come(visitor(2, 10, "leads"));
  come(visitor(3, 2000, "orders"));
  await settled();
  await leave("1a");
  // The place goes to another target: import 2 waits for 1 to be out, and 1 waits for 2.
  expect(inside).toEqual(["1a", "1b", "3e"]);
  await leave("1b");
  expect(inside).toEqual(["1a", "1b", "3e", "2d"]);
  await leave("2d");
  expect(inside).toEqual(["1a", "1b", "3e", "2d", "1c"]);
});

it("forgets who gives up, and lets those in who waited for them", async () => {
  const { come, inside, leave } = coming(new LaneLimiter(1));
  const leaving = new AbortController();
  come(visitor(1, 900, "leads"));
  come(visitor(2, 10, "leads"), leaving.signal);
  come(visitor(1, 900, "leads"));
  await settled();
  leaving.abort();
  await settled();
  expect(inside).toEqual(["1a", "2b gave up"]);
  await leave("1a");
  expect(inside).toEqual(["1a", "2b gave up", "1c"]);
  await expect(new LaneLimiter(1).enter(visitor(1, 1), AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
});
