/**
 * The embedded Postgres: a real server for one data folder, shared by all commands that use the folder and gone soon
 * after the last of them. Nothing has to be installed, configured or stopped by hand.
 */

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openHome, readSecret } from "./home.ts";
import { addressOf } from "./login.ts";
import { joinSupervisor } from "./membership.ts";

export interface EmbeddedPostgresOptions {
  /** Created if missing; the server's files are kept in its folder `postgres`. */
  dataDir: string;
  /** Settings of Postgres that override the tuning, for this start only; a server that already runs keeps its own. */
  settings?: Record<string, string>;
  /** How long the server outlives its last user, in milliseconds. Default: 5000. */
  lingerMs?: number;
  /** Ends the wait for the server; once that is there, `release` does. */
  signal?: AbortSignal;
}

/** A share in the server of a data folder. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /**
   * `postgres://sluice:PASSWORD@127.0.0.1:PORT/sluice?sslmode=disable…`; read it at each use, for the port can change after
   * a crash.
   */
  readonly url: string;
  /** `<dataDir>/postgres`, without symbolic links. */
  readonly directory: string;
  /**
   * Gives the share back; the end of the process does so too, however it ends. With `lingerMs` 0 and no other user, it
   * waits until the server has stopped. May be called more than once.
   */
  release(): Promise<void>;
}

/**
 * Starts the server of the data folder, or joins the one that runs already. The share does not keep the process alive.
 *
 * @throws SluiceError `unavailable` when no server can be started, `conflict` when the folder holds a database of
 * another Postgres, `forbidden` when it belongs to another account. Each says what to do.
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: ".sluice" });
 * const pool = new pg.Pool({ connectionString: postgres.url });
 * // …
 * await pool.end();
 * await postgres.release();
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted();
  const home = await openHome(options.dataDir);
  const secret = await readSecret(home);
  let port: number | undefined;
  let released = false;
  let joinedAt = 0;
  let pauseMs = 0;

  const join = async (request: { ref: boolean; signal?: AbortSignal }): Promise<Socket> => {
    const { settings = {}, lingerMs = 5_000 } = options;
    const onPort = (answered: number) => {
      port = answered;
    };
    const joined = await joinSupervisor({ home, secret, settings, lingerMs, onPort, ...request });
    joinedAt = Date.now();
    joined.unref();
    joined.once("close", () => void rejoin());
    return joined;
  };
  /** The supervisor was killed, and the next one adopts the server, which keeps running meanwhile; or it gave up. */
  const rejoin = async () => {
    if (Date.now() - joinedAt > LONGEST_PAUSE_MS) pauseMs = 0;
    while (!released) {
      await sleep(pauseMs, undefined, { ref: false });
      pauseMs = Math.min(2 * pauseMs + 250, LONGEST_PAUSE_MS);
      try {
        socket = await join({ ref: false });
        if (released) socket.destroy();
        return;
      } catch {
        // The next round tries again, until there is a supervisor or nobody wants one any more.
      }
    }
  };
  let socket = await join({ ref: true, signal: options.signal });

  const release = async () => {
    released = true;
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.ref().end();
    });
  };
  return {
    get url() {
      return addressOf(port, secret);
    },
    directory: home.folder,
    release,
    [Symbol.asyncDispose]: release,
  };
}

const LONGEST_PAUSE_MS = 30_000;
