/** Builds `sluice/react` into dist/react/: one module with its styles, React left to the program that mounts it. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // Of TanStack Query, which is inside: the module also runs where no bundler says what `process` is.
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: fileURLToPath(new URL("../dist/react", import.meta.url)),
    // The types of tsc stand there already.
    emptyOutDir: false,
    target: "es2023",
    // What knows light-dark() by itself: put into other words it would lose against the important rules of the frame.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    minify: false,
    lib: {
      entry: fileURLToPath(new URL("../src/react/index.ts", import.meta.url)),
      formats: ["es"],
      fileName: "index",
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/],
      // Frameworks that render on a server ask which components go on in the browser.
      output: { banner: (chunk) => (chunk.isEntry ? '"use client";' : "") },
    },
  },
});
