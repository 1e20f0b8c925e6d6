/** A server with a route of its own, and Sluice below /imports-api. */
import express from "express";
import { sluice } from "./sluice.ts";

const app = express();
// Before express.json(): Sluice reads the bodies of its own requests.
app.use("/imports-api", sluice.node());
app.use(express.json());
app.post("/notes", (request, response) => {
  response.json({ saved: request.body });
});

const port = Number(process.env.PORT ?? 4000);
app.listen(port, "127.0.0.1", () => console.log(`http://localhost:${port}`));
