/** Agents for clients that make their requests themselves, such as the AWS SDK: each of their connections is checked as all others are. */
import { type AgentOptions, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { Outbound } from "./outbound.ts";

const connectMs = 30_000;
/** Kept open for the next request. */
const agentOptions: AgentOptions = { keepAlive: true, maxSockets: 8 };

type Connected = (error: Error | null, stream?: Duplex) => void;
type Target = ConnectionOptions & { host?: string | null; port?: number | string | null };

/** A proxy of the environment is not used: it would resolve names itself. */
export function outboundAgents(outbound: Outbound): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const open = (to: Target, connected: Connected, isSecure: boolean): undefined => {
    const host = to.host ?? "localhost";
    const port = Number(to.port ?? (isSecure ? 443 : 80));
    const signal = AbortSignal.timeout(connectMs);
    outbound.connect({ host, port, signal, ...(isSecure && { tls: to }) }).then(
      (socket) => connected(null, socket),
      (error: Error) => connected(error),
    );
  };
  const httpAgent = new HttpAgent(agentOptions);
  httpAgent.createConnection = ((to: Target, connected: Connected) =>
    open(to, connected, false)) as unknown as HttpAgent["createConnection"];
  const httpsAgent = new HttpsAgent(agentOptions);
  httpsAgent.createConnection = ((to: Target, connected: Connected) =>
    open(to, connected, true)) as unknown as HttpsAgent["createConnection"];
  return { httpAgent, httpsAgent };
}
