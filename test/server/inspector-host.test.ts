import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { inspector } from "../../src/engine/inspector.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { formats } from "../../src/formats/formats.ts";
import { InspectorHost } from "../../src/server/inspector-host.ts";
import { freshFolder } from "../run-cli.ts";

async function kept(text: string) {
  const dataDir = await freshFolder();
  await mkdir(join(dataDir, "files"), { recursive: true });
  const storagePath = join(dataDir, "files", "kept");
  await writeFile(storagePath, text);
  return { dataDir, file: { storagePath, name: "people.csv" } };
}

function hostOf(dataDir: string, options?: { patienceMs: number }): InspectorHost {
  const host = new InspectorHost({ files: { dataDir, files: "" } }, options);
  onTestFinished(() => host.close());
  return host;
}

describe("a look at a file in a thread", () => {
  it("finds what a look in this one does", async () => {
    const { dataDir, file } = await kept("Email;Prix\nanna@example.com;1,50\nbo@example.com;2,25\nragged\n");
    const [there, here] = [hostOf(dataDir), inspector({ files: diskFiles(dataDir), format: formats })];
    const found = await there.inspect(file, {});
    expect(found).toEqual(await here.inspect(file, {}));
    expect(await there.profile(file, found.dialect)).toEqual(found.profiles);
    expect(await there.preview(file, found.dialect, 2)).toEqual({
      rows: [
        { row: 2, cells: ["anna@example.com", "1,50"], intact: true, typed: [] },
        { row: 3, cells: ["bo@example.com", "2,25"], intact: true, typed: [] },
      ],
      more: true,
    });
  });

  it("finds the same in pieces, between which others have their turn, and gives up those that nobody waits for", async () => {
    const names = Array.from({ length: 3000 }, (_, n) => `Column ${n}`);
    const { dataDir, file } = await kept(`${names.join(";")}\n${names.map((_, n) => n).join(";")}\n`);
    const [there, here] = [hostOf(dataDir), inspector({ files: diskFiles(dataDir), format: formats })];
    const found = await here.inspect(file, {});
    const leaving = new AbortController();
    const [one, two, left] = await Promise.allSettled([
      there.inspect(file, {}),
      there.profile(file, found.dialect),
      there.inspect(file, {}, leaving.signal),
      setImmediate().then(() => leaving.abort(new Error("the client has left"))),
    ]);
    expect([one, two, left]).toMatchObject([
      { value: found },
      { value: found.profiles },
      { reason: { message: "the client has left" } },
    ]);
    expect(await there.inspect(file, {})).toEqual(found);
  });

  it("throws what a look in this one throws", async () => {
    const { dataDir, file } = await kept("%PDF-1.7\n");
    const host = hostOf(dataDir);
    await expect(host.inspect(file, {})).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("people.csv"),
      told: { template: expect.stringMatching(/^\{0\} is a PDF\./), values: ["people.csv"] },
    });
    await expect(host.inspect({ ...file, storagePath: `${file.storagePath}-nix` }, {})).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is given up when nobody waits for it, when it takes too long, and when the server stops; the next one is taken all the same", async () => {
    const { dataDir, file } = await kept("Email\nanna@example.com\n");
    const host = hostOf(dataDir);
    const leaving = new AbortController();
    const left = host.inspect(file, {}, leaving.signal);
    leaving.abort(new Error("the client has left"));
    await expect(left).rejects.toThrow("the client has left");

    // Not even the thread is up in a millisecond.
    const hasty = hostOf(dataDir, { patienceMs: 1 });
    await expect(hasty.inspect(file, {})).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("within 0.001 s"),
    });

    const stopped = expect(host.inspect(file, {})).rejects.toMatchObject({ code: "unavailable" });
    await host.close();
    await stopped;
    expect((await host.inspect(file, {})).dialect.columns).toEqual(["Email"]);
  });
});
