/** Builds the page that `sluice serve` shows: web/ and src/react/ into dist/page/. `npm run dev` serves it against a running server. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { cssTarget, target } from "./browsers.ts";
import { licences } from "./licences.ts";

/** Where `npm run dev` finds the API. */
const server = "http://localhost:3000";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative, so that the page works below any path.
  base: "./",
  plugins: [react(), licences()],
  build: {
    outDir: fileURLToPath(new URL("../dist/page", import.meta.url)),
    emptyOutDir: true,
    target,
    cssTarget,
    // A preload helper is inline script, which the page's own policy forbids; all browsers we build for know modulepreload.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { "/api": server, "/sign-in": server },
  },
});
