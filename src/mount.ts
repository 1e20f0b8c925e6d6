/** Sluice inside another program: `createApp(config).fetch` in Next.js, Hono, Bun, or by an adapter in Express. */
import type { ConfigFile } from "./config.ts";
import type { AccessOptions } from "./http/auth.ts";
import type { Authenticate } from "./http/authenticate.ts";

export interface MountOptions extends ConfigFile {
  /** Tells whose request it is: your own session. Default: the shipped one, by session, API token or JWT. */
  authenticate?: Authenticate;
  /** Who may come in and from where, beside the settings. */
  access?: AccessOptions;
  /** What stands before `/api/v1`, as `/imports-api` where the program hands on what comes below that. Default: nothing. */
  basePath?: string;
}

export interface MountedApp {
  /** Answers a request. Connects at the first one. `env`: what the server knows beside it, as the client's address. */
  fetch(request: Request, env?: object): Promise<Response>;
  close(): Promise<void>;
}

/**
 * The HTTP API, to be mounted in a server that is there already. The work itself is done by `sluice work`, any number of
 * them, or `sluice serve`, with the same database and data folder.
 *
 * @example
 * // app/api/v1/[[...path]]/route.ts of a Next.js app
 * const app = createApp({ databaseUrl: process.env.DATABASE_URL, importers: [customers], authenticate: session });
 * export const GET = app.fetch, POST = app.fetch, PUT = app.fetch, PATCH = app.fetch, DELETE = app.fetch;
 */
export function createApp({ authenticate, access, basePath, ...file }: MountOptions): MountedApp {
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => {
    const [{ openApp }, { apiOf }, { resolveConfig }] = await Promise.all([
      import("./app.ts"),
      import("./api.ts"),
      import("./config.ts"),
    ]);
    const config = resolveConfig({}, file, {});
    const app = await openApp(config, () => {}, undefined, "server");
    const api = apiOf(app, config, { authenticate, basePath, ...(access !== undefined && { access }) });
    return { app, api };
  };
  return {
    async fetch(request, env) {
      opened ??= open();
      try {
        return await (await opened).api.fetch(request, env);
      } catch (error) {
        // Answers come as responses; what is thrown kept it from opening. The next request tries again.
        opened = undefined;
        const { answerUnavailable } = await import("./http/problem.ts");
        const { languageOfRequest } = await import("./http/parts.ts");
        return answerUnavailable(error, languageOfRequest(request, file.language ?? "en"));
      }
    },
    async close() {
      if (opened === undefined) return;
      const { app, api } = await opened;
      opened = undefined;
      await api.close();
      await app.close();
    },
  };
}

export type { Authenticate } from "./http/authenticate.ts";
