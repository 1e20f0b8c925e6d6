/**
 * Builds what a page needs, the React components and the client, into packages/react/dist/: readable modules with their styles, React
 * left to the program that mounts them. The build of `sluice` copies them, so that both packages have the same files.
 */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { cssTarget, target } from "./browsers.ts";
import { licences } from "./licences.ts";

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [react(), licences()],
  // Of TanStack Query, which is inside: the module also runs where no bundler says what `process` is.
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: fileURLToPath(new URL("../packages/react/dist", import.meta.url)),
    // The types of tsc are there already.
    emptyOutDir: false,
    target,
    cssTarget,
    minify: false,
    lib: {
      entry: { "react/index": source("react/index.ts"), "client/index": source("client/index.ts") },
      formats: ["es"],
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/],
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        // Frameworks that render on a server ask which components go on in the browser.
        banner: (chunk) => (chunk.isEntry && chunk.name === "react/index" ? '"use client";' : ""),
      },
    },
  },
});
