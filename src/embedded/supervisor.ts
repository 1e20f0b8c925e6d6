/**
 * The supervisor: a small process in a session of its own, one per data folder, that starts the embedded server for its
 * first user and stops it when the last one has gone. This file is its entry point; its only argument is the data
 * folder's real path.
 */

import { createServer, type Socket } from "node:net";
import { SluiceError, toSluiceError } from "../core/errors.ts";
import { claimAddress, yieldAddress } from "./claim.ts";
import { openCluster } from "./cluster.ts";
import { type Answer, controlAddress, isProof, newChallenge, onLine, prove, sendLine } from "./control.ts";
import { accessError, type EmbeddedHome, homeOf, readSecret } from "./home.ts";
import { type Lease, takeLease } from "./lease.ts";
import { ensureServer, type RunningServer, stopServer } from "./server.ts";
import type { ServerSettings } from "./settings.ts";

/** A peer that has not proven itself by then is cut off. */
const HANDSHAKE_MS = 10_000;

/** For a supervisor whose first user died before it said how long it wants the server to outlive it. */
const FIRST_LINGER_MS = 5_000;

/** A server that crashes this often within a minute will crash again. */
const RESTARTS_PER_MINUTE = 5;

class Supervisor {
  readonly #home: EmbeddedHome;
  readonly #secret: string;
  /** Each user's connection, with the proof that our answers to it carry. */
  readonly #users = new Map<Socket, string>();
  #lease: Lease | undefined;
  #server: RunningServer | undefined;
  #starting: Promise<RunningServer> | undefined;
  #stopping: Promise<void> | undefined;
  #settings: ServerSettings = {};
  #lingerMs = FIRST_LINGER_MS;
  #linger: NodeJS.Timeout | undefined;
  #restarts: number[] = [];

  constructor(home: EmbeddedHome, secret: string) {
    this.#home = home;
    this.#secret = secret;
    this.#waitForUsers();
  }

  greet(socket: Socket): void {
    const challenge = newChallenge();
    socket.on("error", () => socket.destroy());
    socket.on("end", () => this.#leave(socket));
    socket.on("close", () => this.#leave(socket));
    const late = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    onLine(socket, (application) => {
      clearTimeout(late);
      if (this.#users.has(socket)) return;
      const theirs = String(application.challenge);
      const proof = prove(this.#secret, "supervisor", challenge, theirs);
      if (!isProof(prove(this.#secret, "command", theirs, challenge), application.proof)) {
        // A command of the same folder, but with another secret, finds out from the proof that comes with this.
        sendLine(socket, { proof });
        socket.end();
        return;
      }
      this.#users.set(socket, proof);
      if (!this.#server && !this.#starting) this.#settings = application.settings as ServerSettings;
      this.#lingerMs = Number(application.lingerMs);
      void this.#admit(socket);
    });
    sendLine(socket, { challenge });
  }

  async #admit(socket: Socket): Promise<void> {
    clearTimeout(this.#linger);
    try {
      const { port } = await this.#serve();
      this.#answer(socket, { port });
    } catch (error) {
      this.#refuse(socket, error);
    }
  }

  async #serve(port?: number): Promise<RunningServer> {
    await this.#stopping;
    if (this.#server) return this.#server;
    this.#starting ??= this.#start(port).finally(() => {
      this.#starting = undefined;
    });
    return await this.#starting;
  }

  async #start(port?: number): Promise<RunningServer> {
    try {
      return await this.#startWith(this.#settings, port);
    } catch (error) {
      throw accessError(error, this.#home.folder);
    }
  }

  async #startWith(settings: ServerSettings, port?: number): Promise<RunningServer> {
    this.#lease ??= await takeLease(this.#home, () => void this.quit());
    const cluster = await openCluster(this.#home, settings.fsync !== "off");
    const server = await ensureServer({ home: this.#home, cluster, secret: this.#secret, settings }, port);
    this.#server = server;
    void server.exited.then(() => this.#fallen(server));
    return server;
  }

  /** The server ended without our doing: it comes back on the same port, so that its users can reconnect. */
  async #fallen(server: RunningServer): Promise<void> {
    if (this.#server !== server) return;
    this.#server = undefined;
    if (this.#users.size === 0) return;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((time) => time > now - 60_000), now];
    try {
      if (this.#restarts.length > RESTARTS_PER_MINUTE) {
        throw new SluiceError(
          "unavailable",
          `The embedded database fell ${RESTARTS_PER_MINUTE} times within a minute and is left alone now. See ${this.#home.serverLog}.`,
        );
      }
      const { port } = await this.#serve(server.port);
      for (const socket of this.#users.keys()) this.#answer(socket, { port });
    } catch (error) {
      for (const socket of this.#users.keys()) this.#refuse(socket, error);
    }
  }

  #answer(socket: Socket, answer: Omit<Answer, "proof">): void {
    const proof = this.#users.get(socket);
    if (proof) sendLine(socket, { proof, ...answer });
  }

  #refuse(socket: Socket, error: unknown): void {
    const { code, message } = toSluiceError(error);
    this.#answer(socket, { error: { code, message } });
    socket.end();
  }

  #leave(socket: Socket): void {
    const last = this.#users.delete(socket) && this.#users.size === 0;
    if (last) this.#waitForUsers();
    // Whoever wants the server gone with its last user learns of that by the end of the connection.
    if (!last || this.#lingerMs > 0) socket.end();
  }

  #waitForUsers(): void {
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => void this.#retire(), this.#lingerMs);
  }

  /** Stops the server, and ends this process unless a user has come in the meantime. */
  async #retire(): Promise<void> {
    await this.#starting?.catch(() => {});
    if (this.#users.size > 0) return;
    await this.#stop();
    if (this.#users.size === 0) await this.#exit();
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#stopping ??= (server ? stopServer(server) : Promise.resolve()).finally(() => {
      this.#stopping = undefined;
    });
    await this.#stopping;
  }

  /** The system is going down, or someone has ended this process; commands that still run start another one. */
  async quit(): Promise<void> {
    await this.#starting?.catch(() => {});
    await this.#stop();
    await this.#exit();
  }

  async #exit(): Promise<never> {
    await this.#lease?.release().catch(() => {});
    await yieldAddress(controlAddress(this.#home));
    process.exit(0);
  }
}

const home = homeOf(process.argv[2]);
const supervisor = new Supervisor(home, await readSecret(home));
const listener = createServer({ allowHalfOpen: true }, (socket) => supervisor.greet(socket));
// Another supervisor was faster: the command that started this one finds that one.
if (!(await claimAddress(listener, controlAddress(home)))) process.exit(0);
process.on("SIGTERM", () => void supervisor.quit());
process.on("SIGINT", () => void supervisor.quit());
process.on("SIGHUP", () => {});
