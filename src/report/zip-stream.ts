/** A zip archive written as it goes, by yazl: nothing of a part is held but the piece under way. */
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import { SluiceError, told } from "../core/errors.ts";

export interface ZipPart {
  name: string;
  pieces: Iterable<string> | AsyncIterable<string>;
}

/** Beyond this an archive needs zip64, which not every program that opens workbooks reads. */
const maxBytes = 0xffff_ffff;
/** 1980-01-01, the first day that a zip knows, so that the same rows give the same bytes. */
const entryOptions = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };

const encoder = new TextEncoder();

/** @throws SluiceError `too_large` beyond 4 GiB. */
export async function* zipped(parts: AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const stop = new AbortController();
  zip.on("error", (error: Error) => output.destroy(error));
  // A part may follow from what was written of the one before, so that each is asked for at the end of that.
  const written = (async () => {
    for await (const { name, pieces } of parts) {
      const content = Readable.from(encoded(pieces), { objectMode: false, signal: stop.signal });
      zip.addReadStream(content, name, entryOptions);
      await finished(content);
    }
    zip.end();
  })().catch((error) => output.destroy(error));
  let bytes = 0;
  try {
    for await (const piece of output as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLarge();
      yield piece;
    }
  } finally {
    // Whoever took the archive may have left before its end.
    stop.abort();
    await written;
  }
}

async function* encoded(pieces: ZipPart["pieces"]): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    const given = encoder.encode(piece);
    bytes += given.length;
    if (bytes > maxBytes) throw tooLarge();
    yield given;
  }
}

function tooLarge(): SluiceError {
  return new SluiceError("too_large", told`The workbook would be larger than 4 GiB. Download the report as CSV.`);
}
