/**
 * Server-sent events (HTML standard, section 9.2) by fetch: unlike EventSource it sends a token, and it is there outside of
 * browsers.
 */
import { createParser } from "eventsource-parser";

export interface ServerEvent {
  /** `message` where the server names none. */
  type: string;
  data: string;
  /** The last id up to here. */
  id: string;
}

/** The events of a body. `onBytes` is told of whatever comes, comments too. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let id = "";
  let read: ServerEvent[] = [];
  const parser = createParser({
    onId(given) {
      id = given;
    },
    onEvent({ event, data }) {
      read.push({ type: event || "message", data, id });
    },
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // An event that no empty line ends does not count.
      if (done) return;
      onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
      const events = read;
      read = [];
      yield* events;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
