/** QStash's signature: what it signs is taken, by us and by its own package alike; nothing else is. */
import { createHash, createHmac } from "node:crypto";
import { Receiver } from "@upstash/qstash";
import { expect, it } from "vitest";
import { maxBodyBytes, signedBody } from "../../src/queue/qstash-signature.ts";
import { keys, sign } from "../qstash-deliverer.ts";

const url = "https://crm.example.com/api/v1/tasks/parse";
const body = '{"task":{"kind":"import","importId":1}}';
const now = (): number => Math.floor(Date.now() / 1000);

function check(signature: string | null, text: string | Uint8Array<ArrayBuffer> = body, own = keys) {
  const headers: Record<string, string> = signature === null ? {} : { "upstash-signature": signature };
  return signedBody(new Request("http://10.0.0.1:3000/parse", { method: "POST", body: text, headers }), url, own);
}

const receiver = new Receiver({ currentSigningKey: keys.current, nextSigningKey: keys.next, devMode: false });

it.each([
  ["the current key", keys.current, {}],
  ["the next key", keys.next, {}],
  ["a clock that is 4 s ahead", keys.current, { nbf: now() + 4, iat: now() + 4 }],
])("takes what is signed by %s, and so does QStash's own Receiver", async (_, key, claims) => {
  const signature = await sign({ url, body, key, claims });
  expect(await check(signature)).toEqual({ body, id: expect.stringMatching(/^jwt_/) });
  expect(await receiver.verify({ signature, body, url, clockTolerance: 5 })).toBe(true);
});

it("takes a body in any encoding byte by byte, and an empty one", async () => {
  for (const text of ["", "åäö € \u{1f600}", '{"a":\r\n1}'])
    expect(await check(await sign({ url, body: text }), text)).toMatchObject({ body: text });
});

/** A header of our own making. */
function forged(header: object, payload: object, key: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${key === "" ? "" : createHmac("sha256", key).update(signed).digest("base64url")}`;
}

const ownKey = { kty: "oct", k: Buffer.from("a key of its own").toString("base64url") };

const claimsOf = async (): Promise<Record<string, unknown>> =>
  JSON.parse(Buffer.from((await sign({ url, body })).split(".")[1], "base64url").toString());

it.each<[string, () => Promise<string | null> | string | null]>([
  ["without a signature", () => null],
  ["with an empty one", () => ""],
  ["with one that is no JWT", () => "a.b.c"],
  ["with one that is endless", async () => `${await sign({ url, body })}${"x".repeat(5000)}`],
  ["signed by nobody's key", () => sign({ url, body, key: "sig_other" })],
  [
    "signed by a key that every development server has",
    () => sign({ url, body, key: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r" }),
  ],
  ["signed for another route", () => sign({ url: url.replace("parse", "commit"), body })],
  ["signed for another app of the account", () => sign({ url: "https://other.example/api/v1/tasks/parse", body })],
  ["signed for the address that a proxy shows", () => sign({ url: "http://10.0.0.1:3000/parse", body })],
  ["signed by another issuer", () => sign({ url, body, claims: { iss: "Upstash " } })],
  ["signed for another body", () => sign({ url, body: `${body} ` })],
  ["signed without a body", () => sign({ url, body, claims: { body: undefined } })],
  ["signed for an empty hash", () => sign({ url, body, claims: { body: "" } })],
  ["signed for a hash that is no text", () => sign({ url, body, claims: { body: 1 } })],
  ["that has expired", () => sign({ url, body }, now() - 306)],
  ["that is not valid yet", () => sign({ url, body }, now() + 10)],
  ["that never expires", () => sign({ url, body, claims: { exp: undefined } })],
  ["that holds for a day", () => sign({ url, body, claims: { exp: now() + 86_400 } })],
  ["without an id", () => sign({ url, body, claims: { jti: undefined } })],
  ["without a subject", () => sign({ url, body, claims: { sub: undefined } })],
  ["signed by HS512", () => sign({ url, body, alg: "HS512", key: keys.current.padEnd(64, "x") })],
  ["that says HS384 and is signed by the key", async () => forged({ alg: "HS384" }, await claimsOf(), keys.current)],
  ["that says it needs no signature", async () => forged({ alg: "none" }, await claimsOf(), "")],
  ["whose signature is cut off", async () => (await sign({ url, body })).replace(/\.[^.]+$/, ".")],
  ["whose signature is changed", async () => (await sign({ url, body })).replace(/.{4}$/, "AAAA")],
  [
    "whose claims are changed",
    async () => {
      const [head, , tail] = (await sign({ url, body })).split(".");
      return `${head}.${Buffer.from(JSON.stringify({ ...(await claimsOf()), body: "x" })).toString("base64url")}.${tail}`;
    },
  ],
  [
    "that demands an extension",
    async () => forged({ alg: "HS256", crit: ["b64"], b64: false }, await claimsOf(), keys.current),
  ],
  ["signed for the address with a slash at its end", () => sign({ url: `${url}/`, body })],
  ["signed for the address with a query", () => sign({ url: `${url}?`, body })],
  ["signed for the address by http", () => sign({ url: url.replace("https", "http"), body })],
  [
    "signed for the address with another host before it",
    () => sign({ url: url.replace("//", "//crm.example.com@"), body }),
  ],
  ["signed for the address in other letters", () => sign({ url: url.replace("crm", "CRM"), body })],
  ["signed for the address with a letter escaped", () => sign({ url: url.replace("parse", "%70arse"), body })],
  ["signed for the address with a line behind it", () => sign({ url: `${url}\n`, body })],
  ["signed for several addresses", () => sign({ url, body, claims: { sub: [url] as unknown as string } })],
  ["signed by several issuers", () => sign({ url, body, claims: { iss: ["Upstash"] as unknown as string } })],
  [
    "signed for a hash in hexadecimal digits",
    () => sign({ url, body, claims: { body: createHash("sha256").update(body).digest("hex") } }),
  ],
  [
    "signed for a hash with something behind it",
    () => sign({ url, body, claims: { body: `${createHash("sha256").update(body).digest("base64url")}AA` } }),
  ],
  ["signed for a hash of the parsed body", () => sign({ url, body: JSON.stringify(JSON.parse(body), null, 1) })],
  ["that expires at a text", () => sign({ url, body, claims: { exp: String(now() + 60) as unknown as number } })],
  ["that holds since yesterday", () => sign({ url, body, claims: { nbf: now() - 86_400 } })],
  ["that does not say since when it holds", () => sign({ url, body, claims: { nbf: undefined } })],
  ["that brings its own key", async () => forged({ alg: "HS256", jwk: ownKey }, await claimsOf(), "a key of its own")],
  ["that says where its key is", async () => forged({ alg: "HS256", jku: url, kid: "1" }, await claimsOf(), "other")],
  ["signed twice", async () => `${await sign({ url, body })}, ${await sign({ url, body })}`],
  ["with a word before the signature", async () => `Bearer ${await sign({ url, body })}`],
  ["with five parts, as one that is encrypted has", async () => `${await sign({ url, body })}.a.b`],
  ["signed by the key and a line's end", () => sign({ url, body, key: `${keys.current}\n` })],
  ["signed by the key as base64", () => sign({ url, body, key: Buffer.from(keys.current).toString("base64") })],
])("refuses a request %s", async (_, make) => {
  expect(await check(await make())).toBeNull();
});

it("refuses everything where no keys are set, also what is signed by an empty one", async () => {
  const none = { current: "", next: "" };
  expect(await check(await sign({ url, body }), body, none)).toBeNull();
  expect(await check(forged({ alg: "HS256" }, await claimsOf(), ""), body, none)).toBeNull();
});

it("reads no body that is longer than any of QStash's", async () => {
  const long = "x".repeat(maxBodyBytes + 1);
  expect(await check(await sign({ url, body: long }), long)).toBeNull();
});

it("reads nothing of a request that is not signed", async () => {
  let read = 0;
  const stream = new ReadableStream(
    {
      pull(controller) {
        read++;
        controller.enqueue(new TextEncoder().encode("x"));
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "upstash-signature": await sign({ url, body, key: "sig_other" }) };
  const init = { method: "POST", body: stream, headers, duplex: "half" } as RequestInit;
  expect(await signedBody(new Request(url, init), url, keys)).toBeNull();
  expect(read).toBe(0);
});
