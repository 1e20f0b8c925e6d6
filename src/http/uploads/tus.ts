/**
 * tus 1.0 (https://tus.io/protocols/resumable-upload) by @tus/server, on the intake: it keeps the protocol, the intake keeps
 * the bytes. Extensions: creation, creation-with-upload, termination, expiration.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Readable } from "node:stream";
import { DataStore, Server, Upload as TusUpload } from "@tus/server";
import { SluiceError, told } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Upload } from "../../core/store/uploads.ts";
import { type ByteStream, bodyOf } from "../intake/body-bytes.ts";
import { type Intake, newUploadId } from "../intake/intake.ts";
import {
  type Problem,
  problemHeaders,
  problemOf,
  statusOf,
  titleOf,
  withoutServersPlaces,
} from "../request/problem.ts";
import { bringerOf, type HttpContext, type HttpParts, languageOf } from "../request/request-context.ts";

/** What the app, not tus, decides about other origins. */
const corsHeaders = [
  "allow-origin",
  "allow-credentials",
  "allow-methods",
  "allow-headers",
  "max-age",
  "expose-headers",
];

/** Whose request it is, and its body. */
interface TusRequest {
  user: { id: string };
  /** Of what is reported of it. */
  language: Language;
  bytes: ByteStream;
  /** The answer's body is a problem already. */
  isTold?: boolean;
  /** Its parts may be sent to the place of the files. */
  isDirect?: boolean;
  /** Of an answer that refuses it for now. */
  retryAfterSeconds?: number;
}

/** @tus/server passes neither to its data store, so it is tracked along the calls of each request. */
const requests = new AsyncLocalStorage<TusRequest>();

function requestAtHand(): TusRequest {
  return requests.getStore() as TusRequest;
}

class IntakeStore extends DataStore {
  readonly #intake: Intake;
  override extensions = ["creation", "creation-with-upload", "termination", "expiration"];

  constructor(intake: Intake) {
    super();
    this.#intake = intake;
  }

  override async getUpload(id: string): Promise<TusUpload> {
    const upload = await this.#intake.reconciled(id);
    requestAtHand().isDirect = upload.status === "open" && (await this.#intake.takesDirectly(upload));
    return tusUploadOf(upload);
  }

  /** `stream` is empty: the bytes are with the request. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    stream.resume();
    const { bytes } = requestAtHand();
    const upload = await this.#intake.reconciled(id);
    if (upload.receivedBytes !== offset) {
      throw new SluiceError("conflict", told`Upload ${id} has ${upload.receivedBytes} bytes. Continue from there.`);
    }
    if (upload.status !== "open") return offset;
    const { holder, wanted } = this.#intake.locks.holderOf(id);
    wanted.addEventListener("abort", () => bytes.end(), { once: true });
    const { receivedBytes } = await this.#intake.write(upload, bytes, holder);
    return receivedBytes;
  }

  override async remove(id: string): Promise<void> {
    await this.#intake.discard(await this.#intake.uploads.get(id));
  }

  override getExpiration(): number {
    return this.#intake.limits.keepMs;
  }
}

/** The moment that counts for its expiration is that of its last byte. */
function tusUploadOf({ id, sizeBytes, receivedBytes, metadata, changedAt }: Upload): TusUpload {
  return new TusUpload({
    id,
    size: sizeBytes ?? undefined,
    offset: receivedBytes,
    metadata,
    creation_date: changedAt.toISOString(),
  });
}

/** Answers the requests below `path`, which precedes an upload's id in its URL. */
export function tusHandler(
  { intake, language, places }: Pick<HttpParts, "intake" | "language" | "places">,
  path: string,
): (context: HttpContext) => Promise<Response> {
  const server = new Server({
    path,
    datastore: new IntakeStore(intake),
    locker: intake.locks,
    maxSize: intake.limits.fileBytes,
    relativeLocation: true,
    namingFunction: newUploadId,
    async onIncomingRequest(request, id) {
      if (request.method !== "POST") await intake.find(requestAtHand().user, id);
    },
    // Not in the store's own `create`, which comes after the lock.
    async onUploadCreate(_request, { id, size, metadata = {} }) {
      const fileName = metadata.filename ?? metadata.name;
      const begun = await intake.begin(requestAtHand().user, { id, fileName, metadata, sizeBytes: size ?? null });
      requestAtHand().isDirect = await intake.takesDirectly(begun);
      return {};
    },
    onResponseError(_request, error) {
      const problem = withoutServersPlaces(tusProblem(error, requestAtHand().language), places);
      requestAtHand().isTold = true;
      if (error instanceof SluiceError) requestAtHand().retryAfterSeconds = error.retryAfterSeconds;
      return { status_code: problem.status, body: JSON.stringify(problem) };
    },
  });
  return async (context) => {
    const { method, url, headers } = context.req.raw;
    // Without its body, which the streams of @tus/server would copy twice.
    const request = new Request(url, { method, headers });
    const asked = languageOf(context, { language });
    const atHand: TusRequest = { user: await bringerOf(context), language: asked, bytes: bodyOf(context) };
    const given = await requests.run(atHand, () => server.handleWeb(request));
    const { status } = given;
    const answer = new Headers(given.headers);
    const text = await given.text();
    let body = text === "" ? null : text;
    // A line of text is what @tus/server refuses by a request's headers alone.
    if (status >= 400 && method !== "HEAD" && atHand.isTold !== true)
      body = JSON.stringify(tusProblem({ status_code: status, body: text }, asked));
    if (body !== text) answer.delete("content-length");
    if (body === null) answer.delete("content-type");
    for (const name of corsHeaders) answer.delete(`access-control-${name}`);
    if (body !== null) for (const [name, value] of Object.entries(problemHeaders(asked))) answer.set(name, value);
    // As the IETF's resumable uploads have it (draft-ietf-httpbis-resumable-upload, section "Limits").
    else answer.set("upload-limit", `max-append-size=${intake.limits.pieceBytes}`);
    // A structured field (RFC 9651): `POST /uploads/{id}/parts` says where to.
    if (body === null && atHand.isDirect === true) answer.set("upload-direct", "?1");
    if (atHand.retryAfterSeconds !== undefined) answer.set("retry-after", String(atHand.retryAfterSeconds));
    return new Response(body, { status, headers: answer });
  };
}

/** Errors of Sluice, and those of @tus/server, which carry a status and a line of text. */
function tusProblem(error: Error | { status_code: number; body: string }, language: Language): Problem {
  if (!("status_code" in error)) return problemOf(error, language);
  const { status_code: status, body } = error;
  // 501: an extension that is not there, which the client is to hear of.
  const code = codes.find((each) => statusOf[each] === status) ?? (status > 501 ? "internal" : "invalid");
  const detail = code === "internal" ? {} : { detail: body.trim() };
  return { type: `urn:sluice:error:${code}`, title: titleOf(code, language), status, code, ...detail };
}
const codes = Object.keys(statusOf) as (keyof typeof statusOf)[];
