/** What a part's beginning may not say. */
import { SluiceError, told } from "../../core/errors.ts";
import { tokenDoctype, tokenOther, type XmlToken } from "./token.ts";

/**
 * Refuses a document type (entities come with one) and an XML declaration of an encoding that workbooks do not have
 * (ECMA-376 part 2, section 9.1.1: UTF-8 or UTF-16).
 *
 * @throws SluiceError `invalid`.
 */
export function checkProlog(token: XmlToken, bytes: Buffer, at: number, what: string): void {
  if (token.kind === tokenDoctype) {
    throw new SluiceError(
      "invalid",
      told`${what} has a document type declaration, which no spreadsheet program writes, so it was not read. Open the workbook in a spreadsheet program and save it again.`,
    );
  }
  if (token.kind !== tokenOther || bytes.toString("latin1", at, Math.min(at + 6, token.next)) !== "<?xml ") return;
  const encoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(bytes.toString("latin1", at, token.next))?.[1];
  if (encoding === undefined || /^(?:utf-?8|utf-?16(?:le|be)?|us-ascii|ascii)$/i.test(encoding)) return;
  throw new SluiceError(
    "invalid",
    told`${what} declares the encoding ${encoding}; workbooks are UTF-8 or UTF-16. Open it in a spreadsheet program and save it again.`,
  );
}
