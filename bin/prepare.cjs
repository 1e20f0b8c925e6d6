// Builds after `npm install` in a clone, and before packing. `npx sluice` runs this too, before its first start, and needs no
// build there: it runs from src/. A failure in it would stay in npx's cache and break every later `npx sluice`, so it is skipped.
"use strict";
if (process.env.npm_command !== "exec") {
  require("./require-node.cjs");
  const script = process.argv[2] ?? "build";
  // Vite writes for React's development where NODE_ENV is anything else, and such a package runs nowhere else.
  const env = { ...process.env, NODE_ENV: "production" };
  const options = { cwd: require("node:path").dirname(__dirname), shell: true, stdio: "inherit", env };
  const { status } = require("node:child_process").spawnSync(`npm run ${script}`, options);
  process.exitCode = status === null ? 1 : status;
}
