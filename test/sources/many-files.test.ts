/** A folder of ten thousand files is listed in bounded memory, page by page. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { openSources } from "./open-sources.ts";
import { sshServer } from "./ssh-server.ts";

const files = 10_000;
const script = fileURLToPath(new URL("many-files.ts", import.meta.url));

it("lists ten thousand files of an SFTP folder in at most 150 MB", async () => {
  const ssh = await sshServer();
  onTestFinished(() => ssh.close());
  const { make, engine, url, rows } = await openSources();
  for (let from = 0; from < files; from += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, k) => writeFile(join(ssh.folder, `orders-of-the-day-${from + k}.csv`), "a\n1\n")),
    );
  const id = await make({ place: ssh.place });
  await engine.sources.run(id);
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, String(id), JSON.stringify(ssh.place)]);
  const { pages, peakKib } = JSON.parse(stdout);
  expect(await rows("select count(*)::int as files from sluice.source_files")).toEqual([{ files }]);
  expect(pages).toBeGreaterThan(50);
  expect(peakKib).toBeLessThan(150 * 1024);
});
