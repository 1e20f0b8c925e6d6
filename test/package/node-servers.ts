/** Servers of Express and Fastify with the packed Sluice, as an application writes them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importers, worker } from "./mounted.ts";
import { install } from "./npm.ts";

const create = `import { createApp } from "sluice/server";
import { people } from "./importers.ts";

export const sluice = createApp({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }),
});
`;

const files: Readonly<Record<string, string>> = {
  "importers.ts": importers,
  "worker.ts": worker,
  "sluice.ts": create,
  // Whoever mounts it last: what JSON parsers read is given back, what others read is said to be lost.
  "express-late.ts": `import express from "express";
import { sluice } from "./sluice.ts";

const app = express();
app.use(express.json());
app.use(express.urlencoded());
// As multer does: reads the body, and keeps it to itself.
app.use((req, res, next) => {
  if (!req.is("multipart/form-data") || req.query.parse === undefined) return next();
  req.resume().on("end", () => next());
});
app.use(sluice.node());
app.get("/own", (req, res) => res.send("own"));
app.listen(Number(process.env.PORT), "127.0.0.1");
`,
  "fastify.ts": `import Fastify from "fastify";
import { sluice } from "./sluice.ts";

const server = Fastify();
server.register(sluice.fastify(), { prefix: "/imports-api" });
server.post("/own", async (request) => ({ got: request.body }));
await server.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
`,
};

export async function nodeServers(folder: string, tarball: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const dependencies = { express: "5.3.0", fastify: "5.12.8", sluice: `file:${tarball}` };
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  await install(folder);
  return folder;
}
