/** The signature of a webhook, as a receiver checks it with the library of Standard Webhooks: what was sent is taken, and nothing else. */
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { isWebhookSecret } from "../../src/core/webhook.ts";
import { signatures, webhookSender } from "../../src/notify/webhook.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";

const sender = webhookSender(openOutbound());
const secret = sender.newSecret();
const other = sender.newSecret();
const id = "msg_42";
const body = '{"type":"import.completed","data":{"importId":1}}';
const now = (): number => Math.floor(Date.now() / 1000);

interface Sent {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

const sent = (secrets: readonly string[] = [secret], at = now()): Sent => ({
  ...{ id, timestamp: String(at), signature: signatures(secrets, id, at, body), body },
});

function accepts(by: string, { id, timestamp, signature, body }: Sent): boolean {
  try {
    const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
    new Webhook(by).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

it("is taken by who has the secret, or either of two while it is changed", () => {
  expect(isWebhookSecret(secret)).toBe(true);
  expect(accepts(secret, sent())).toBe(true);
  expect([secret, other].map((by) => accepts(by, sent([other, secret])))).toEqual([true, true]);
});

it.each<[string, (good: Sent) => Sent]>([
  ["with another secret", () => sent([other])],
  [
    "with a secret that differs in one letter",
    () => sent([`whsec_${secret[6] === "x" ? "y" : "x"}${secret.slice(7)}`]),
  ],
  ["with another body", (good) => ({ ...good, body: body.replace("1", "2") })],
  ["with its body written anew", (good) => ({ ...good, body: JSON.stringify(JSON.parse(body), null, 1) })],
  ["with a line behind its body", (good) => ({ ...good, body: `${body}\n` })],
  ["with another id", (good) => ({ ...good, id: "msg_43" })],
  ["whose id has taken a part of the moment", (good) => ({ ...good, id: `${id}.${good.timestamp}`, timestamp: "" })],
  ["with another moment", (good) => ({ ...good, timestamp: String(Number(good.timestamp) + 1) })],
  ["from more than five minutes ago", () => sent([secret], now() - 301)],
  ["from more than five minutes ahead", () => sent([secret], now() + 330)],
  ["whose moment is no number", (good) => ({ ...good, timestamp: "now" })],
  ["without a moment", (good) => ({ ...good, timestamp: "" })],
  ["without an id", (good) => ({ ...good, id: "" })],
  ["without a signature", (good) => ({ ...good, signature: "" })],
  ["with half of a signature", (good) => ({ ...good, signature: good.signature.slice(0, 20) })],
  ["with a signature of no version", (good) => ({ ...good, signature: good.signature.slice(3) })],
  ["with a signature of another version", (good) => ({ ...good, signature: good.signature.replace("v1,", "v2,") })],
  ["with a signature in hexadecimal digits", (good) => ({ ...good, signature: `v1,${hexOf(good.signature)}` })],
  ["whose signatures have no space between them", () => ({ ...sent(), signature: `v1,AAAA${sent().signature}` })],
])("is refused %s", (_, change) => {
  expect(accepts(secret, change(sent()))).toBe(false);
});

it.each([
  ["nothing", ""],
  ["the prefix alone", "whsec_"],
  ["less than 24 bytes", `whsec_${Buffer.alloc(23).toString("base64")}`],
  ["more than 64 bytes", `whsec_${Buffer.alloc(65).toString("base64")}`],
  ["another prefix", `whsk_${Buffer.alloc(32).toString("base64")}`],
  ["a prefix in capitals", `WHSEC_${Buffer.alloc(32).toString("base64")}`],
  ["base64url", `whsec_${Buffer.alloc(33, 0xff).toString("base64url")}`],
  ["base64 without its padding", `whsec_${Buffer.alloc(32).toString("base64").replace("=", "")}`],
  ["a line behind it", `whsec_${Buffer.alloc(32).toString("base64")}\n`],
  ["a space in it", `whsec_ ${Buffer.alloc(32).toString("base64")}`],
])("has no secret that is %s", (_, text) => {
  expect(isWebhookSecret(text)).toBe(false);
});

function hexOf(signature: string): string {
  return Buffer.from(signature.slice(3), "base64").toString("hex");
}
