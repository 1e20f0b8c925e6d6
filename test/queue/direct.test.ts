/** The direct queue: one import after the other, in this process. */
import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { type Delivered, type Task, taskKey } from "../../src/core/queue.ts";
import { directQueue } from "../../src/queue/direct.ts";

const slice = (importId: number): Task => ({ kind: "import", importId });

it("delivers each import once, again as often as it wants, and ends when none is left", async () => {
  const queue = directQueue();
  await queue.enqueue(slice(1));
  await queue.enqueue(slice(1));
  await queue.remind([{ task: slice(1) }, { task: slice(2) }]);
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0, dead: 0 });
  const answers: Delivered[] = ["again", { againAfterSeconds: 0.01 }, "done", "done"];
  const seen: [string, boolean][] = [];
  await queue.work(
    async ({ task, othersWait }) => {
      seen.push([taskKey(task), othersWait()]);
      return answers.shift() ?? "done";
    },
    { signal: new AbortController().signal },
  );
  expect(seen).toEqual([
    ["1", true],
    ["2", true],
    ["1", true],
    ["2", false],
  ]);
});

it("stops between two deliveries, and throws what a handler throws", async () => {
  const queue = directQueue();
  const stopping = new AbortController();
  await queue.enqueue(slice(1));
  await queue.enqueue(slice(2));
  await queue.work(
    async () => {
      stopping.abort();
      return "done";
    },
    { signal: stopping.signal },
  );
  expect(await queue.depth()).toMatchObject({ waiting: 1 });
  const failing = queue.work(
    async () => {
      throw new Error("no");
    },
    { signal: new AbortController().signal },
  );
  await expect(failing).rejects.toThrow("no");
});

it("waits for what is to come until it is stopped, and hears of that by one listener however often it waits", async () => {
  const queue = directQueue({ waits: true });
  const stopping = new AbortController();
  const seen: string[] = [];
  const listeners: number[] = [];
  const worked = queue.work(
    async ({ task }) => {
      seen.push(taskKey(task));
      listeners.push(getEventListeners(stopping.signal, "abort").length);
      return "done";
    },
    { signal: stopping.signal },
  );
  for (const id of [1, 2, 3]) {
    await queue.enqueue(slice(id));
    await expect.poll(() => seen).toContain(String(id));
  }
  stopping.abort();
  await worked;
  expect(seen).toEqual(["1", "2", "3"]);
  expect(listeners).toEqual([1, 1, 1]);
  await queue.close();
});

it("tells of a task that fails where it waits for more, and goes on with the next", async () => {
  const told: string[] = [];
  const queue = directQueue({ waits: true, onError: ({ message }) => told.push(message) });
  const stopping = new AbortController();
  await queue.enqueue({ kind: "sweep" });
  await queue.enqueue(slice(1));
  await queue.work(
    async ({ task }) => {
      if (task.kind === "sweep") throw new Error("the storage is away");
      stopping.abort();
      return "done";
    },
    { signal: stopping.signal },
  );
  expect(told).toEqual(["the storage is away"]);
  expect(await queue.depth()).toEqual({ waiting: 0, active: 0, dead: 0 });
  await queue.close();
});
