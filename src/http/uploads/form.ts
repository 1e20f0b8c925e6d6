/** A file that comes with one request: as a part of a form, or as the body itself. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Upload } from "../../core/store/uploads.ts";
import { type ByteStream, bodyOf, inFull, inGoodTime } from "../intake/body-bytes.ts";
import { type Intake, uploadPace } from "../intake/intake.ts";
import { boundaryOf, maxFormBytes, readMultipart } from "../intake/multipart.ts";
import { bringerOf, type HttpContext } from "../request/request-context.ts";

export interface ReceivedFile {
  upload: Upload;
  /** What came with the file: the form's other fields, or the query's parameters. The last of a name counts. */
  fields: ReadonlyMap<string, string>;
}

/**
 * Takes in the file of a request: a form with one file part, or a body that is the file, with its name as `?name=`.
 * Nothing is kept of a request that fails.
 *
 * @throws SluiceError `invalid` for a malformed form, one without a file or with several, and for a file that is not a table;
 * `too_large`, `too_many` when the quota is used up
 */
export async function receiveFile(context: HttpContext, intake: Intake): Promise<ReceivedFile> {
  const user = await bringerOf(context);
  const boundary = boundaryOf(context.req.header("content-type"));
  const length = context.req.header("content-length");
  const atMostBytes = length === undefined ? undefined : Number(length);
  const slack = boundary === null ? 0 : maxFormBytes;
  if ((atMostBytes ?? 0) > intake.limits.fileBytes + slack) {
    throw new SluiceError(
      "too_large",
      told`The request is larger than ${Math.floor(intake.limits.fileBytes / 1024 ** 2)} MB, the limit for one file. Split the file, or compress it with gzip.`,
    );
  }
  const bytes = inFull(bodyOf(context), atMostBytes);
  if (boundary !== null) return receiveForm(inGoodTime(bytes, uploadPace), boundary, atMostBytes, intake, user);
  const fields = new Map(new URL(context.req.url).searchParams);
  const fileName = fields.get("name");
  if (fileName === undefined || fileName === "") {
    throw new SluiceError("invalid", told`The upload has no file name.`, { next: { code: "name_file" } });
  }
  return { upload: await intake.receive(user, { fileName, atMostBytes }, bytes), fields };
}

async function receiveForm(
  bytes: ByteStream,
  boundary: string,
  atMostBytes: number | undefined,
  intake: Intake,
  user: { id: string },
): Promise<ReceivedFile> {
  const fields = new Map<string, string>();
  let upload: Upload | null = null;
  try {
    for await (const part of readMultipart(bytes, boundary)) {
      if (part.fileName === null) {
        fields.set(part.name, part.text);
      } else if (upload === null) {
        upload = await intake.receive(user, { fileName: part.fileName, atMostBytes }, part.bytes);
      } else {
        throw new SluiceError("invalid", told`The form has several files. Send one with each request.`);
      }
    }
    if (upload !== null) return { upload, fields };
  } catch (error) {
    if (upload !== null) await intake.discard(upload);
    throw error;
  }
  throw new SluiceError("invalid", told`The form has no file.`, { next: { code: "send_file" } });
}
