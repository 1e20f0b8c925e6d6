/** The API for Node's own requests and responses: a server of `node:http`, Express, Connect, Koa, API routes of Next.js. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** What Express adds to a request. */
interface NodeRequest extends IncomingMessage {
  /** The address before a mount path was taken off it. */
  originalUrl?: string;
  /** The path it is mounted below. */
  baseUrl?: string;
  /** What a body parser made of the body. */
  body?: unknown;
  rawBody?: unknown;
}

/** `next`: what Express does with requests that are not for this handler, and with failures. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/**
 * Answers a request of the web's kind. `below`: the path that the server has mounted the handler below. `isRead`: somebody else
 * has read its body, and left nothing of it.
 */
export type Answer = (request: Request, server: object, below: string, isRead: boolean) => Promise<Response>;

/** The API's paths besides `/api/v1`. */
const ownPaths = /^\/(?:api\/v1|healthz|readyz|metrics|openapi\.json|sign-in|sign-out)(?=$|[/?])/;

/**
 * A handler for Node. Under a mount path of Express it handles everything; otherwise what is below `basePath`, and the rest is
 * passed on.
 */
export function nodeHandler(answer: Answer, basePath: string | undefined): NodeHandler {
  return async (incoming, outgoing, next) => {
    const request = incoming as NodeRequest;
    const below = basePath ?? request.baseUrl ?? "";
    const url = request.originalUrl ?? request.url ?? "/";
    const isMounted = (request.baseUrl ?? "") !== "";
    if (next !== undefined && !isMounted && !(url.startsWith(below) && ownPaths.test(url.slice(below.length))))
      return next();
    // Loaded by those alone who need it.
    const { getRequestListener } = await import("@hono/node-server");
    const isRead = !restoreBody(request);
    request.url = url;
    await getRequestListener((each, server) => answer(each, server, below, isRead), {
      // Another program's globals are left as they are.
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        if (next === undefined) throw error;
        next(error);
      },
    })(incoming, outgoing);
  };
}

/**
 * A body that a parser has read before: what it made of it is turned back into bytes where that loses nothing. False where it is
 * lost.
 */
function restoreBody(request: NodeRequest): boolean {
  const { body, rawBody } = request;
  if (!request.readableDidRead || Buffer.isBuffer(rawBody)) return true;
  // Without a body there is nothing to lose.
  if (!(Number(request.headers["content-length"]) > 0) && request.headers["transfer-encoding"] === undefined)
    return true;
  const type = request.headers["content-type"] ?? "";
  if (Buffer.isBuffer(body)) request.rawBody = body;
  else if (typeof body === "string") request.rawBody = Buffer.from(body);
  else if (body !== undefined && /^application\/(?:[\w.-]+\+)?json\b/i.test(type))
    request.rawBody = Buffer.from(JSON.stringify(body));
  return Buffer.isBuffer(request.rawBody);
}
