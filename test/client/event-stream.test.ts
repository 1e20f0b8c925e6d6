/** The reader of server-sent events: as the standard has them, whatever the network cuts them into. */
import { expect, it } from "vitest";
import { readEvents } from "../../src/client/event-stream.ts";

function bodyOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function eventsOf(pieces: readonly Uint8Array[]): Promise<[string, string, string][]> {
  const found: [string, string, string][] = [];
  for await (const { type, data, id } of readEvents(bodyOf(pieces))) found.push([type, data, id]);
  return found;
}

const stream = Buffer.from(
  'retry: 2000\n\n: a comment\n\nid: 7\ndata: {"å":1}\n\nevent: progress\r\ndata:first\r\ndata:  second\r\n\r\ndata\r\rid\nevent: lonely\n\nid: 8\ndata: cut',
);
const expected = [
  ["message", '{"å":1}', "7"],
  ["progress", "first\n second", "7"],
  ["message", "", "7"],
];

it("reads the same events wherever the stream is cut in two", async () => {
  for (let at = 0; at <= stream.length; at++) {
    expect(await eventsOf([stream.subarray(0, at), stream.subarray(at)])).toEqual(expected);
  }
});

it("reads the same events byte by byte", async () => {
  expect(await eventsOf(Array.from(stream, (_, at) => stream.subarray(at, at + 1)))).toEqual(expected);
});

it("lets go of the stream when its reader has enough", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Buffer.from("data: x\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const { data } of readEvents(body)) {
    expect(data).toBe("x");
    break;
  }
  expect(cancelled).toBe(true);
});
