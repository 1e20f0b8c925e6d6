// Says so when the clone's own Node 24 did not come with `npm install`, which --ignore-scripts keeps out in silence.
"use strict";
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "Sluice is built with Node 24, which comes with `npm install`; this is " +
      process.versions.node +
      ".\n" +
      "Were install scripts switched off? Run: npm install --ignore-scripts=false\n",
  );
  process.exit(1);
}
