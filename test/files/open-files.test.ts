/** Which storage a config names, and that every process and thread of it opens the same. */
import { readdir } from "node:fs/promises";
import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { openFiles } from "../../src/files/open-files.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, createWorker } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { s3Server } from "../s3-server.ts";

it.each(["gs://bucket/imports", "/srv/sluice", "nonsense"])("refuses %s, and says what there is", async (files) => {
  const opening = openFiles({ dataDir: await freshFolder(), files });
  await expect(opening).rejects.toThrow(
    /^SLUICE_FILES must be the address of a storage, beginning with one of: file: /,
  );
});

/** A place, the settings that name it, and the folders that were written to there. */
const places: Record<string, () => Promise<{ settings: object; written: () => Promise<string[]> }>> = {
  "in a folder": async () => {
    const shared = await freshFolder();
    return {
      settings: { files: pathToFileURL(shared).href },
      written: async () => (await readdir(shared, { recursive: true })).map((path) => path.split(sep)[0]),
    };
  },
  "in an object storage": async () => {
    const store = await s3Server();
    const { endpoint, region, accessKeyId, secretAccessKey } = store.settings;
    return {
      settings: {
        files: `s3://${store.bucket}/app`,
        s3Endpoint: endpoint,
        s3Region: region,
        s3AccessKeyId: accessKeyId,
        s3SecretAccessKey: secretAccessKey,
      },
      written: async () => [...store.objects.keys()].map((key) => key.split("/")[1]),
    };
  },
};

it.each(Object.keys(places))(
  "keeps uploads and reports at the address, %s: of the API, of the thread that looks at files, and of a worker",
  async (name) => {
    const [{ url, database }, dataDir, place] = await Promise.all([freshDatabase(), freshFolder(), places[name]()]);
    const options = { databaseUrl: url, dataDir, importers: [leads], logLevel: "silent", ...place.settings };
    const app = createApp({ ...options, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
    onTestFinished(() => app.close());
    const worker = createWorker(options);
    onTestFinished(() => worker.close());
    const working = worker.run();
    const form = new FormData();
    form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
    form.set("file", new File(["email\nann@example.org\nnobody\n"], "people.csv"));
    const made = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
    expect(made.status).toBe(202);
    const status = async (): Promise<unknown> =>
      ((await (await app.fetch(new Request("http://x.example/api/v1/imports/1"))).json()) as { status: string }).status;
    await expect.poll(status).toBe("completed");
    expect(await database.pool.query("select email from leads")).toMatchObject({
      rows: [{ email: "ann@example.org" }],
    });
    const download = await app.fetch(new Request("http://x.example/api/v1/imports/1/rejected.csv"));
    expect(await download.text()).toMatch(/nobody/);
    await worker.close();
    await working;
    expect(new Set(await place.written())).toEqual(new Set(["files", "reports"]));
    expect(await readdir(dataDir)).toEqual([]);
    await app.close();
  },
);

it("still finds files of the data folder where an object storage is in use since, and says of the reverse what to set", async () => {
  const [store, dataDir] = await Promise.all([s3Server(), freshFolder()]);
  const owner = { namespace: "0123456789ab", adoptsUnnamed: false };
  const { endpoint, region, accessKeyId, secretAccessKey } = store.settings;
  const address = `s3://${store.bucket}/app`;
  const onDisk = await openFiles({ dataDir, files: "" }, owner);
  const inStore = await openFiles(
    {
      dataDir,
      files: address,
      s3Endpoint: endpoint,
      s3Region: region,
      s3AccessKeyId: accessKeyId,
      s3SecretAccessKey: secretAccessKey,
    },
    owner,
  );
  const text = async (path: string): Promise<string> => {
    const source = await inStore.open(path);
    const into = Buffer.alloc(source.sizeBytes);
    await source.read(into, 0);
    await source.close();
    return into.toString();
  };
  const bytes = (of: string) => [Buffer.from(of)] as unknown as AsyncIterable<Uint8Array>;
  const older = await onDisk.keep(bytes("a\nolder\n"), { name: "a.csv" });
  const again = await inStore.keepAgain(older.storagePath);
  expect(again).toMatch(/^s3:/);
  expect([await text(older.storagePath), await text(again)]).toEqual(["a\nolder\n", "a\nolder\n"]);
  const uploadPath = await onDisk.startUpload("1", { atMostBytes: 8 });
  const writer = await inStore.continueUpload(uploadPath, 0, { afresh: true });
  await writer.write(Buffer.from("a\n"));
  await writer.flush();
  await writer.close();
  expect(await inStore.uploadedBytes(uploadPath, { notedBytes: 2, sizeBytes: 8, afresh: true })).toBe(2);
  await inStore.removeUnneeded({ olderThanMs: 0, needed: new Set([again]) });
  await expect(inStore.open(older.storagePath)).rejects.toMatchObject({ code: "not_found" });

  const refused = { code: "unavailable", message: expect.stringMatching(/Set SLUICE_FILES to the object storage/) };
  await expect(onDisk.open(again)).rejects.toMatchObject(refused);
  await expect(onDisk.keepAgain(again)).rejects.toMatchObject(refused);
  await onDisk.remove(again);
  expect(await text(again)).toBe("a\nolder\n");
});
