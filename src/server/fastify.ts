/** The API as a plugin of Fastify, typed by what it uses of it, so that Fastify need not be installed. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { NodeHandler } from "./node-handler.ts";

interface FastifyRequest {
  raw: IncomingMessage;
}
interface FastifyReply {
  raw: ServerResponse;
  hijack(): unknown;
}
/** As much of a Fastify instance as is needed. */
export interface FastifyInstance {
  prefix: string;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parse: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  all(path: string, handle: (request: FastifyRequest, reply: FastifyReply) => Promise<void>): unknown;
}
export type FastifyMount = (server: FastifyInstance) => Promise<void>;

/** Bodies stay as they came: the API reads them itself, with its own limits. */
export function fastifyPlugin(handle: NodeHandler): FastifyMount {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", (_request, _payload, done) => done(null));
    server.all("/*", async ({ raw }, reply) => {
      reply.hijack();
      Object.assign(raw, { baseUrl: server.prefix });
      await handle(raw, reply.raw);
    });
  };
}
