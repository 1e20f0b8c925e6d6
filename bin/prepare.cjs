// Builds dist/ after `npm install` in a clone. `npx sluice` runs this too, before its first start, and needs no build
// there: it runs from src/. A failure in it would stay in npx's cache and break every later `npx sluice`, so it is let be.
"use strict";
if (process.env.npm_command !== "exec") {
  require("./require-node.cjs");
  // Vite writes for React's development where NODE_ENV is anything else, and such a package runs nowhere else.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status } = require("node:child_process").spawnSync("npm run build", { shell: true, stdio: "inherit", env });
  process.exitCode = status === null ? 1 : status;
}
