/**
 * Server-sent events (HTML standard, section 9.2) by fetch: unlike EventSource it sends a token, and it is there outside of
 * browsers.
 */

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
  let text = "";
  let event = { type: "", data: [] as string[] };
  let id = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // What is not ended by an empty line is not to be told.
      if (done) return;
      onBytes();
      text += decoder.decode(value, { stream: true });
      // A CR at the end may be half of a line break.
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      text = lines.pop() as string;
      for (const line of lines) {
        if (line === "") {
          if (event.data.length > 0) yield { type: event.type || "message", data: event.data.join("\n"), id };
          event = { type: "", data: [] };
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon === -1 ? line : line.slice(0, colon);
        const given = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "data") event.data.push(given);
        else if (field === "event") event.type = given;
        else if (field === "id" && !given.includes("\0")) id = given;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
