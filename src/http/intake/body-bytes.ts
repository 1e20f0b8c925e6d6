/** The bytes of a request's body, piece by piece, and ways to stop a reader that waits for them. */
import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import { SluiceError, told } from "../../core/errors.ts";

export interface ByteStream extends AsyncIterable<Uint8Array> {
  /** No more pieces: the reader finds the end. The request can still be answered. */
  end(): void;
  /** The next piece fails with this. The request can still be answered. */
  fail(reason: Error): void;
}

/**
 * The body of the request at hand. Under Node's own server it is read from the socket's side: as a web stream, each piece
 * would be copied twice.
 */
export function bodyOf(context: Context): ByteStream {
  const incoming = (context.env as { incoming?: Partial<IncomingMessage> } | undefined)?.incoming;
  if (typeof incoming?.pause === "function" && incoming.readableDidRead === false) {
    return new IncomingBytes(incoming as IncomingMessage);
  }
  return webBytes(context.req.raw.body);
}

/**
 * The same bytes, refused when they end before as many as were announced have come: what hands a request on may have cut its body
 * without a word.
 *
 * @throws SluiceError `invalid`, from the iteration.
 */
export function inFull(bytes: ByteStream, announcedBytes: number | undefined): ByteStream {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let came = 0;
    for await (const piece of bytes) {
      came += piece.length;
      yield piece;
    }
    if (came < (announcedBytes ?? 0))
      throw new SluiceError(
        "invalid",
        told`Only ${came} of the ${announcedBytes ?? 0} bytes of the request arrived: something before the server has cut it off. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.`,
      );
  }
  const iterator = pieces();
  return { [Symbol.asyncIterator]: () => iterator, end: () => bytes.end(), fail: (reason) => bytes.fail(reason) };
}

/** How fast a body must come. */
export interface Pace {
  /** How long it may keep its reader waiting. */
  graceMs: number;
  /** And a second more per this many bytes received. */
  bytesPerSecond: number;
}

/**
 * The same bytes, given up where they come in drops: connections that never get anywhere are kept cheaply by those who make
 * them. Only what is waited for counts, not what its reader takes.
 *
 * @throws SluiceError `invalid`, from the iteration.
 */
export function inGoodTime(bytes: ByteStream, { graceMs, bytesPerSecond }: Pace): ByteStream {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const iterator = bytes[Symbol.asyncIterator]();
    let leftMs = graceMs;
    try {
      for (;;) {
        const late = setTimeout(() => bytes.fail(slowError()), leftMs);
        const begun = performance.now();
        const { done, value } = await iterator.next().finally(() => clearTimeout(late));
        if (done) return;
        leftMs += (1000 * value.length) / bytesPerSecond - (performance.now() - begun);
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  const iterator = pieces();
  return { [Symbol.asyncIterator]: () => iterator, end: () => bytes.end(), fail: (reason) => bytes.fail(reason) };
}

function slowError(): SluiceError {
  return new SluiceError("invalid", told`The body of the request arrives too slowly. Send it again, or send the rest.`);
}

/** One that is left before its end is not cancelled: that would cut the connection before the answer is sent. */
export function webBytes(body: ReadableStream<Uint8Array> | null): ByteStream {
  const reader = body?.getReader();
  let ended = reader === undefined;
  let failure: Error | undefined;
  const stop = (reason?: Error): void => {
    ended = true;
    failure = reason;
    // Ends the read in progress.
    reader?.cancel(reason).catch(() => {});
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    while (!ended) {
      const { done, value } = await (reader as ReadableStreamDefaultReader<Uint8Array>).read().catch((error) => {
        throw cutError(error);
      });
      if (done || ended) break;
      yield value;
    }
    if (failure !== undefined) throw failure;
  }
  const iterator = pieces();
  return { [Symbol.asyncIterator]: () => iterator, end: stop, fail: stop };
}

/** The sender is most likely gone: it is not a failure of the server. */
function cutError(cause?: unknown): SluiceError {
  return new SluiceError(
    "invalid",
    told`The connection was lost before the whole file arrived. Send it again, or send the rest.`,
    {
      cause,
    },
  );
}

/** Pieces that may wait before the socket is held. */
const maxWaiting = 16;

class IncomingBytes implements ByteStream, AsyncIterator<Uint8Array> {
  readonly #incoming: IncomingMessage;
  #waiting: Uint8Array[] = [];
  #over = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    incoming.on("data", (piece: Buffer) => {
      if (this.#over) return;
      this.#waiting.push(piece);
      if (this.#waiting.length >= maxWaiting) incoming.pause();
      this.#wake();
    });
    incoming.on("end", () => this.#finish());
    incoming.on("error", (error) => this.#finish(cutError(error)));
    incoming.on("close", () => {
      if (!incoming.complete) this.#finish(cutError());
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#waiting.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#over) return { done: true, value: undefined };
      if (this.#incoming.isPaused()) this.#incoming.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { done: false, value: this.#waiting.shift() as Uint8Array };
  }

  /** The reader has enough: the server drops the rest, after the response. */
  async return(): Promise<IteratorResult<Uint8Array>> {
    this.end();
    return { done: true, value: undefined };
  }

  end(): void {
    this.#finish();
  }

  fail(reason: Error): void {
    this.#waiting = [];
    this.#finish(reason);
  }

  /** Pieces that wait are still given on. */
  #finish(failure?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = failure;
    this.#wake();
  }
}
