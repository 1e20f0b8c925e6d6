/**
 * Searches for what the properties' tests have not met: all of them, round by round, each with a seed of its own.
 * `npm run properties -- --rounds 50`. A failing round ends it and tells its seed: `PROPERTY_SEED=… npm run unit` (or `database`) repeats it.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "10" } } });
const files = globSync("test/**/*.test.ts").filter((file) => readFileSync(file, "utf8").includes("/property.ts"));

for (let round = 1; round <= Number(values.rounds); round++) {
  const seed = randomInt(2 ** 31);
  console.log(`round ${round} of ${values.rounds}: PROPERTY_SEED=${seed}`);
  const { status } = spawnSync("vitest", ["run", "--project", "unit", "--project", "database", ...files], {
    stdio: "inherit",
    env: { ...process.env, PROPERTY_SEED: String(seed) },
  });
  if (status !== 0) process.exit(1);
}
