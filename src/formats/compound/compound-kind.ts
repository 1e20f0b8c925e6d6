/** What a compound file is: a workbook of Excel 97 to 2003, an encrypted new one, or another program's file. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { CompoundFile } from "./compound-file.ts";

/** What else lies in such containers. */
const others: readonly (readonly [stream: string, what: (name: string) => Telling])[] = [
  ["worddocument", (name) => told`${name} is a Word document. Save its table as XLSX or CSV.`],
  ["powerpoint document", (name) => told`${name} is a PowerPoint presentation. Save its table as XLSX or CSV.`],
  ["__properties_version1.0", (name) => told`${name} is an Outlook message. Save the table that is attached to it.`],
  ["visiodocument", (name) => told`${name} is a Visio drawing. Save its table as XLSX or CSV.`],
];

/**
 * `xls`: a workbook of Excel 97 to 2003, or of Excel 5. `encrypted`: a package of a newer Office ([MS-OFFCRYPTO] 2.3.4).
 *
 * @throws SluiceError `invalid` naming what it is instead: a Word document, a mail.
 */
export async function compoundKind(source: Source): Promise<"xls" | "encrypted"> {
  const file = await CompoundFile.open(source);
  if (file.has("EncryptedPackage")) return "encrypted";
  if (file.has("Workbook") || file.has("Book")) return "xls";
  const [, what] = others.find(([stream]) => file.has(stream)) ?? [];
  throw new SluiceError(
    "invalid",
    what?.(source.name) ??
      told`${source.name} is another program's file, not a workbook. Export the table as XLSX or CSV.`,
  );
}
