/**
 * Builds the custom elements into packages/react/dist/elements/: React and all else is in them, so that a page without a bundler loads them
 * by a script's address.
 */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { cssTarget, target } from "./browsers.ts";
import { licences } from "./licences.ts";

export default defineConfig({
  plugins: [react(), licences()],
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: fileURLToPath(new URL("../packages/react/dist/elements", import.meta.url)),
    emptyOutDir: true,
    target,
    cssTarget,
    minify: true,
    lib: { entry: { index: fileURLToPath(new URL("../src/react/elements.ts", import.meta.url)) }, formats: ["es"] },
    rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" } },
  },
});
