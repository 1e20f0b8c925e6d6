/**
 * Puts what Sluice uses of some packages into dist/bundled/: they are 24 MB as they are installed, and a twentieth of that is used.
 * In a clone they are dev dependencies, imported by their own names.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, licencesOf } from "./bundling.ts";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** Each file with the names that lead to it, and what is imported by them. */
const bundled = {
  // 10 MB: three sets of metadata in four module formats. Sluice reads one.
  libphonenumber: {
    "libphonenumber-js/min": "{ Metadata, parsePhoneNumberFromString }",
    "libphonenumber-js/min/metadata": "{ default }",
  },
  // Brings two clients for Redis (10 MB), and a second HTTP server.
  "tus-server": { "@tus/server": "{ DataStore, Server, Upload }" },
  // Everything twice, in two module formats.
  nodemailer: { nodemailer: "{ createTransport }" },
  // 3 MB: the trees that its summaries need bring their own tests along.
  "prom-client": { "prom-client": "{ Counter, collectDefaultMetrics, Gauge, Histogram, Registry }" },
};

await mkdir(`${dist}bundled`, { recursive: true });
const packages = [];
const fileOf = new Map();
for (const [file, parts] of Object.entries(bundled)) {
  const exported = Object.entries(parts).map(([name, names]) => `export ${names} from ${JSON.stringify(name)};\n`);
  const { code, folders } = await bundle({ text: exported.join("") });
  await writeFile(`${dist}bundled/${file}.js`, code);
  packages.push(...folders);
  for (const name of Object.keys(parts)) fileOf.set(name, file);
}
await writeFile(`${dist}bundled/LICENSES`, await licencesOf(packages));

for (const name of await readdir(dist, { recursive: true })) {
  if (!name.endsWith(".js") || /^(?:bundled|page|react|threads)\//.test(name)) continue;
  const text = await readFile(`${dist}${name}`, "utf8");
  const repointed = text.replace(/((?:from|import\()\s*)"([^".][^"]*)"/g, (whole, from, asked) => {
    const file = fileOf.get(asked);
    return file === undefined ? whole : `${from}"${relative(`/${dirname(name)}`, `/bundled/${file}.js`)}"`;
  });
  if (repointed !== text) await writeFile(`${dist}${name}`, repointed);
}
