/** Copies the components and the client of packages/react/dist/ into dist/, so that `sluice/react` and `sluice/client` are the same files. */
import { cp, readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const built = fileURLToPath(new URL("../packages/react/dist/", import.meta.url));

// One client in the package: the bundled one, which the components share.
for (const name of await readdir(`${dist}client`)) if (name.endsWith(".js")) await rm(`${dist}client/${name}`);
for (const name of ["react", "client", "chunks"]) await cp(`${built}${name}`, `${dist}${name}`, { recursive: true });
await cp(`${built}LICENSES`, `${dist}react/LICENSES`);
