/** The example of an embedding page, built against the sources and served from an origin of its own; rendered on a server too. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import react from "@vitejs/plugin-react";
import { build, type InlineConfig, type Plugin } from "vite";
import { onTestFinished } from "vitest";
import { type OpenPage, type OpenPageOptions, openPage } from "./open-page.ts";

const clone = fileURLToPath(new URL("../..", import.meta.url));
const example = fileURLToPath(new URL("../../examples/embed-react", import.meta.url));
const sluice = fileURLToPath(new URL("../../src/react/index.ts", import.meta.url));

export interface BuiltExample {
  folder: string;
  /** The page's HTML with what a server makes of its first rendering. */
  rendered(props: Session): string;
  remove(): Promise<void>;
}

/** What the embedding page's own server tells it. */
interface Session {
  baseUrl: string;
  token?: string;
}

/** React's build for development: it speaks up about hydration and StrictMode. */
const shared: InlineConfig = {
  configFile: false,
  root: example,
  mode: "development",
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"development"' },
};

/** @param reactFolder whose `node_modules` has the page's React. Default: that of the clone. */
export async function buildExample(reactFolder = clone): Promise<BuiltExample> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-embed-"));
  const page = join(folder, "page");
  const server = join(folder, "server");
  const installed = (name: string): string => join(reactFolder, "node_modules", name);
  const alias = { "@sluice/react": sluice, "react-dom": installed("react-dom"), react: installed("react") };
  await build({
    ...shared,
    resolve: { alias },
    plugins: [react()],
    build: { outDir: page, emptyOutDir: true, minify: false, target: "es2023" },
  });
  await build({
    ...shared,
    resolve: { alias },
    plugins: [react(), entry()],
    ssr: { noExternal: true },
    build: {
      outDir: server,
      emptyOutDir: true,
      ssr: true,
      minify: false,
      rolldownOptions: { input: entryName, output: { entryFileNames: "entry.mjs" } },
    },
  });
  const { render } = (await import(/* @vite-ignore */ pathToFileURL(join(server, "entry.mjs")).href)) as {
    render(props: Session): string;
  };
  const html = await readFile(join(page, "index.html"), "utf8");
  return {
    folder: page,
    rendered: (props) => html.replace('<div id="app">', `<div id="app">${render(props)}`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const entryName = "virtual:server";
const entryId = `\0${entryName}`;

/** What a server of the embedding page would run. */
function entry(): Plugin {
  return {
    name: "server-entry",
    resolveId: (id) => (id === entryName ? entryId : null),
    load: (id) =>
      id === entryId
        ? `import { createElement, StrictMode } from "react";
           import { renderToString } from "react-dom/server";
           import { App } from "/src/App.tsx";
           export const render = (props) => renderToString(createElement(StrictMode, null, createElement(App, props)));`
        : null,
  };
}

export interface OpenEmbed extends OpenPage {
  /** Where the embedding page is, without a slash at its end. */
  origin: string;
}

/** The page is at `at` of the embedding page. `signedInBy`: the token that its server gives it, or the session of Sluice. */
export async function openEmbed(
  { folder, rendered }: BuiltExample,
  {
    signedInBy = "token",
    token,
    path = "/",
    ...options
  }: OpenPageOptions & { signedInBy?: "token" | "cookie"; token?: string; path?: string } = {},
): Promise<OpenEmbed> {
  let session: Session = { baseUrl: "" };
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    if (url === "/session.json") return send(response, "application/json", JSON.stringify(session));
    if (url === "/rendered") return send(response, "text/html", rendered(session));
    const file = url === "/" ? "/index.html" : url;
    const content = await readFile(join(folder, file)).catch(() => null);
    if (content === null) response.writeHead(204).end();
    else send(response, types[extname(file)] ?? "application/octet-stream", content);
  };
  const server = createServer((request, response) => void answer(request.url as string, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened = await openPage({
    at: "/healthz",
    ...options,
    environment: { SLUICE_ORIGINS: origin, ...options.environment },
  });
  session = { baseUrl: opened.url, ...(signedInBy === "token" && { token: token ?? opened.token }) };
  if (signedInBy === "token") await opened.context.clearCookies();
  await opened.page.goto(origin + path);
  return { ...opened, origin };
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

function send(response: ServerResponse, type: string, content: string | Uint8Array): void {
  response.writeHead(200, { "content-type": type }).end(content);
}
