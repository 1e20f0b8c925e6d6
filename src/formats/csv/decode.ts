/** Which decoder an encoding has. */
import type { Encoding } from "../../core/row.ts";
import { iso2022JpDecoder } from "./decode-iso-2022-jp.ts";
import { multiByteDecoder } from "./decode-multi-byte.ts";
import { singleByteDecoder } from "./decode-single-byte.ts";
import { utf16Decoder, utf32Decoder } from "./decode-unicode.ts";
import type { Decoder } from "./decoder.ts";
import { isMultiByte } from "./encoding.ts";

/**
 * The decoder of an encoding by its canonical name; null for UTF-8, which needs none.
 *
 * @throws SluiceError `invalid` for an encoding that is not read.
 */
export function decoderFor(encoding: Encoding): Decoder | null {
  switch (encoding) {
    case "utf-8":
      return null;
    case "utf-16le":
    case "utf-16be":
      return utf16Decoder(encoding === "utf-16be");
    case "utf-32le":
    case "utf-32be":
      return utf32Decoder(encoding === "utf-32be");
    case "iso-2022-jp":
      return iso2022JpDecoder();
  }
  return isMultiByte(encoding) ? multiByteDecoder(encoding) : singleByteDecoder(encoding);
}
