/** What is said on a channel is heard by whoever subscribed, whenever they did. */
import { expect, it, onTestFinished } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { Listener } from "../../src/postgres/connection/listener.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type BlackHoleProxy, blackHoleProxy } from "../black-hole-proxy.ts";
import { freshDatabase } from "../fresh-database.ts";

/** Subscribes; tells what is heard, and resolves when it is listened. */
function subscribe(listener: Listener, channel: string): { heard: string[]; ready: Promise<void>; stop: () => void } {
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = listener.subscribe(
    channel,
    (payload) => heard.push(payload),
    (listening) => listening && resolve(),
  );
  return { heard, ready: promise, stop };
}

const say = (database: Database, channel: string, word: string): Promise<unknown> =>
  database.query(sql`select pg_notify(${channel}, ${word})`);

async function openListener(): Promise<{ database: Database; listener: Listener }> {
  const { database } = await freshDatabase();
  const listener = new Listener(database, null);
  onTestFinished(() => listener.close());
  return { database, listener };
}

it("hears for those who come before it is connected, while it connects, and after", async () => {
  const { database, listener } = await openListener();
  const first = subscribe(listener, "one");
  const second = subscribe(listener, "two");
  // Between the connection and the first LISTEN.
  await database.query(sql`select 1`);
  const third = subscribe(listener, "three");
  await Promise.all([first.ready, second.ready, third.ready]);
  const fourth = subscribe(listener, "four");
  const also = subscribe(listener, "one");
  await Promise.all([fourth.ready, also.ready]);
  for (const channel of ["one", "two", "three", "four"]) await say(database, channel, `on ${channel}`);
  await expect
    .poll(() => [first, second, third, fourth, also].map(({ heard }) => heard))
    .toEqual([["on one"], ["on two"], ["on three"], ["on four"], ["on one"]]);
});

it("hears again after its connection was cut", async () => {
  const { database, listener } = await openListener();
  const { heard, ready } = subscribe(listener, "one");
  await ready;
  const states: boolean[] = [];
  listener.subscribe(
    "two",
    () => {},
    (state) => states.push(state),
  );
  await expect.poll(() => states).toEqual([true]);
  await database.query(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'sluice listener'`,
  );
  await expect.poll(() => states).toEqual([true, false, true]);
  await say(database, "one", "after");
  await expect.poll(() => heard).toEqual(["after"]);
});

it("tells nobody who has left, and ends with what it waits for", async () => {
  const { database, listener } = await openListener();
  const left = subscribe(listener, "one");
  const stays = subscribe(listener, "one");
  await Promise.all([left.ready, stays.ready]);
  left.stop();
  await say(database, "one", "word");
  await expect.poll(() => stays.heard).toEqual(["word"]);
  expect(left.heard).toEqual([]);
  await listener.close();
  expect(listener.listening).toBe(false);
});

it("ends while it connects", async () => {
  const { listener } = await openListener();
  subscribe(listener, "one");
  await listener.close();
  expect(listener.listening).toBe(false);
});

/** A listener whose network swallows everything once it has connected, before it listens; `hole` opens it. */
async function openInHole(hole: (proxy: BlackHoleProxy) => void): Promise<{ database: Database; listener: Listener }> {
  const { database, url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  let isOpened = false;
  // What is said to see whether it is heard goes another way.
  const saying = {
    query(fragment: Parameters<Database["query"]>[0]) {
      if (!isOpened) hole(proxy);
      isOpened = true;
      return database.query(fragment);
    },
  } as unknown as Database;
  return { database, listener: new Listener(saying, proxy.url) };
}

it("listens by another connection where the first is forgotten before it listens", async () => {
  const { database, listener } = await openInHole((proxy) => proxy.forget());
  onTestFinished(() => listener.close());
  const { heard, ready } = subscribe(listener, "one");
  await ready;
  await say(database, "one", "word");
  await expect.poll(() => heard).toEqual(["word"]);
});

it("ends while nothing comes back of what it has begun", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { listener } = await openInHole((proxy) => {
    proxy.open();
    resolve();
  });
  subscribe(listener, "one");
  await promise;
  await listener.close();
  expect(listener.listening).toBe(false);
});
