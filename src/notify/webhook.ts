/** A webhook's request: signed as Standard Webhooks 1.0.0 has it, sent through what keeps it from private addresses, and judged by its status. */
import { createHmac, randomBytes } from "node:crypto";
import { reasonToLog } from "../core/errors.ts";
import type { WebhookAnswer, WebhookSender } from "../core/webhook.ts";
import type { Outbound } from "../outbound/outbound.ts";

const prefix = "whsec_";
/** The specification asks for 24 to 64. */
const secretBytes = 32;
/** From the name's resolution to the answer's headers: the specification suggests 15 to 30 s. */
const patienceMs = 15_000;
/** What a receiver may ask for at most. */
const longestRetryAfterSeconds = 24 * 3600;

export function webhookSender(outbound: Outbound, timeoutMs = patienceMs): WebhookSender {
  return {
    check: (url) => void outbound.check(url),
    newSecret: () => prefix + randomBytes(secretBytes).toString("base64"),
    async send({ url, id, body, secrets }, signal) {
      const timestamp = Math.floor(Date.now() / 1000);
      const late = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await outbound.request(new URL(url), {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            "user-agent": "Sluice-Webhooks/1",
            "webhook-id": id,
            "webhook-timestamp": String(timestamp),
            ...(secrets.length > 0 && { "webhook-signature": signatures(secrets, id, timestamp, body) }),
          },
          body,
          signal: AbortSignal.any([signal, late]),
        });
        // What it says beside its status is nobody's business.
        answer.on("error", () => {});
        answer.destroy();
        return judged(answer.statusCode ?? 0, answer.headers["retry-after"]);
      } catch (error) {
        if (signal.aborted) throw error;
        const reason = late.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonToLog(error);
        return { status: null, error: reason, retryAfterSeconds: null };
      }
    },
  };
}

function judged(status: number, retryAfter: string | undefined): WebhookAnswer {
  const isRedirect = status >= 300 && status < 400;
  return {
    status,
    error: isRedirect ? "redirects are not followed: give the address that it leads to" : null,
    retryAfterSeconds: retryAfter === undefined ? null : secondsOf(retryAfter),
  };
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function secondsOf(text: string): number | null {
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(longestRetryAfterSeconds, Math.max(0, seconds)) : null;
}

/** One for each secret, so that a receiver that knows either of two accepts it. */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), "base64");
      return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
    })
    .join(" ");
}
