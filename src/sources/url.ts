/** A file at a URL as a source: asked for again with what told the last version, so that a server need not send what has not changed (RFC 9110, section 13). */
import type { IncomingMessage } from "node:http";
import { SluiceError, told } from "../core/errors.ts";
import { isFileName, type OpenPlace, type UrlPlace } from "../core/source.ts";
import type { Outbound } from "../outbound/outbound.ts";

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** A server that sends nothing for so long is not waited for. */
const silenceMs = 60_000;

export function openUrl({ url, headers = {} }: UrlPlace, outbound: Outbound): OpenPlace {
  const first = outbound.check(url);
  const name = nameOf(first);
  return {
    grows: false,
    async *list() {
      yield [{ name, sizeBytes: null, modifiedAt: null, tag: null }];
    },
    async fetch(_, known, signal) {
      const answer = await ask(outbound, first, { ...headers, ...conditions(known) }, signal);
      if (answer.statusCode === 304) {
        answer.resume();
        return null;
      }
      return { bytes: answer, tag: () => tagOf(answer) };
    },
    // What was sent is one version; whether there is a newer one, the next look finds out.
    isSame: async () => true,
    async remove() {},
    async move() {},
    async close() {},
  };
}

async function ask(
  outbound: Outbound,
  first: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    // Another origin has no right to what was meant for the first.
    const own = url.origin === first.origin ? headers : {};
    const answer = await reached(
      outbound,
      url,
      { "accept-encoding": "identity", "user-agent": "sluice", ...own, accept: "*/*" },
      signal,
    );
    const { statusCode: status = 0, headers: answered } = answer;
    if (redirects.has(status) && answered.location !== undefined) {
      answer.destroy();
      // Each address is checked: a redirect may lead anywhere.
      url = outbound.check(resolved(answered.location, url));
      continue;
    }
    if (status === 200 || status === 304) return answer;
    answer.destroy();
    throw refusal(status, url);
  }
  throw new SluiceError("invalid", told`${first.origin} redirects more than ${maxRedirects} times.`);
}

async function reached(
  outbound: Outbound,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(silence(url)), silenceMs);
  try {
    const answer = await outbound.request(url, {
      method: "GET",
      headers,
      signal: AbortSignal.any([signal, silent.signal]),
    });
    answer.setTimeout(silenceMs, () => answer.destroy(silence(url)));
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SluiceError) throw error;
    if (silent.signal.aborted) throw silent.signal.reason;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new SluiceError("unavailable", told`${url.host} cannot be reached: ${message || String(code)}.`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function silence({ host }: URL): SluiceError {
  return new SluiceError("unavailable", told`${host} has sent nothing for ${silenceMs / 1000} seconds.`);
}

function refusal(status: number, { host }: URL): SluiceError {
  if (status >= 500 || status === 408 || status === 429)
    return new SluiceError("unavailable", told`${host} answers with the status ${status}.`);
  return new SluiceError(
    "invalid",
    told`${host} answers with the status ${status} instead of the file. Check the URL and its headers.`,
  );
}

function resolved(location: string, from: URL): string {
  return URL.parse(location, from.href)?.href ?? location;
}

interface Validators {
  etag?: string;
  modified?: string;
}

/** A weak ETag may stay while bytes change (RFC 9110, section 8.8.1), and so may a time within its minute (section 8.8.2.2). */
function tagOf({ headers }: IncomingMessage): string | null {
  const { etag, "last-modified": modified, date } = headers;
  const isOld = Date.parse(date ?? "") - Date.parse(modified ?? "") >= 60_000;
  const kept: Validators = {
    ...(etag !== undefined && !etag.startsWith("W/") && { etag }),
    ...(etag === undefined && modified !== undefined && isOld && { modified }),
  };
  return Object.keys(kept).length === 0 ? null : JSON.stringify(kept);
}

function conditions(known: string | null): Record<string, string> {
  if (known === null) return {};
  const { etag, modified } = JSON.parse(known) as Validators;
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(modified !== undefined && { "if-modified-since": modified }),
  };
}

/** The last part of the path. */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.split("/").findLast((part) => part !== "") ?? "";
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // As it stands.
  }
  return isFileName(name) ? name : hostname;
}
