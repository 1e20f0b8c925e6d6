/** Serves the page with hot reload. Where Sluice is, and whose token calls it, come from the environment of this process. */
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** What your own server does for whoever is signed in there: it hands the page an address and a token, never built in. */
function session(): Plugin {
  const { SLUICE_URL = "http://localhost:3000", SLUICE_TOKEN } = process.env;
  return {
    name: "session",
    configureServer(server) {
      server.middlewares.use("/session.json", (_request, response) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ baseUrl: SLUICE_URL, token: SLUICE_TOKEN }));
      });
    },
  };
}

export default defineConfig({ plugins: [react(), session()] });
