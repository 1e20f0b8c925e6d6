/** A receiver of webhooks in this process, which verifies what comes as the library of Standard Webhooks does, and answers as it is told. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { onTestFinished } from "vitest";

export interface Received {
  id: string;
  timestamp: number;
  /** How many signatures came, and which of the secrets accept them. */
  signatures: number;
  accepted: boolean[];
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
  data: any;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  secrets: string[];
  /** Status and headers of each answer; may take its time. */
  answer: (received: Received) => Answer | Promise<Answer>;
}
type Answer = { status: number; headers?: Record<string, string> };

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: "", received: [], secrets: [], answer: () => ({ status: 204 }) };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString();
    const headers = request.headers as Record<string, string>;
    const accepts = (secret: string): boolean => {
      try {
        new Webhook(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    };
    const { type, data } = JSON.parse(body) as { type: string; data: unknown };
    const received = {
      id: headers["webhook-id"],
      timestamp: Number(headers["webhook-timestamp"]),
      signatures: (headers["webhook-signature"] ?? "").split(" ").filter((each) => each.startsWith("v1,")).length,
      accepted: receiver.secrets.map(accepts),
      ...{ type, data, body },
    };
    receiver.received.push(received);
    const { status, headers: said = {} } = await receiver.answer(received);
    response.writeHead(status, said).end();
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return receiver;
}
