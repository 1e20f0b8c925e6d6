#!/usr/bin/env node
// Starts Sluice: from src/ in a clone, from dist/ in the published package. Checks the Node version before anything that
// an old one cannot parse is loaded.
import { existsSync } from "node:fs";
import { enableCompileCache } from "./compile-cache.js";
import { needsTypeStripping, runWithTypeStripping } from "./strip-types.js";

const [major, minor] = process.versions.node.split(".").map(Number);
const inClone = existsSync(new URL("../src/cli.ts", import.meta.url));
const needed = inClone ? [24, 0] : [22, 12];
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `Sluice needs Node ${needed.join(".")} or newer here; this is ${process.versions.node}.\n` +
      (inClone
        ? "In a clone Node 24 comes with `npm install` (without --ignore-scripts); run Sluice by `npx sluice`.\n"
        : "Install a newer Node from https://nodejs.org and run it again.\n"),
  );
  process.exit(1);
}
enableCompileCache();
if (needsTypeStripping(process.cwd())) {
  process.exitCode = await runWithTypeStripping();
} else {
  const { main } = await import(inClone ? "../src/cli.ts" : "../dist/cli.js");
  process.exitCode = await main(process.argv.slice(2));
}
