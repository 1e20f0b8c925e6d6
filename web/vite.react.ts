/** Builds `sluice/react` into dist/react/: one module with its styles, React left to the program that mounts it. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../dist/react", import.meta.url)),
    // The types of tsc stand there already.
    emptyOutDir: false,
    target: "es2023",
    minify: false,
    lib: {
      entry: fileURLToPath(new URL("../src/react/index.ts", import.meta.url)),
      formats: ["es"],
      fileName: "index",
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/],
    },
  },
});
