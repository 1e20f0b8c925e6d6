/** Files that come in one request: forms and bodies, what is refused of them, and what is left behind. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { createImport } from "../../src/postgres/jobs/create-import.ts";
import { flakyProxy } from "../flaky-proxy.ts";
import { csvOf, formOf, jsonOf, sha256, uploadPlace } from "./upload-server.ts";

const csv = csvOf(300_000);
const form = { "content-type": "multipart/form-data; boundary=xyz" };

it("takes a body with its name, hashed, and gives it back on request", async () => {
  const place = await uploadPlace();
  const { url, files } = await place.start();
  const answer = await fetch(`${url}/uploads?name=folder/people.csv`, { method: "POST", body: csv });
  const upload = await jsonOf(answer);
  expect({ status: answer.status, ...upload, id: "", createdAt: "", expiresAt: "" }).toEqual({
    status: "complete",
    id: "",
    fileName: "people.csv",
    sizeBytes: csv.length,
    receivedBytes: csv.length,
    hash: sha256(csv),
    importId: null,
    createdAt: "",
    expiresAt: "",
    sameAs: null,
  });
  expect(answer.status).toBe(201);
  expect(await jsonOf(fetch(`${url}/uploads/${upload.id}`))).toEqual(upload);
  expect((await jsonOf(fetch(`${url}/uploads`))).items).toEqual([upload]);
  expect((await fetch(`${url}/uploads/${upload.id}`, { headers: { "x-user": "bo" } })).status).toBe(404);
  expect((await jsonOf(fetch(`${url}/uploads`, { headers: { "x-user": "bo" } }))).items).toEqual([]);
  const [{ path }] = await place.database.query<{ path: string }>(sql`select storage_path as path from sluice.uploads`);
  const source = await files.open(path);
  const stored = Buffer.alloc(source.sizeBytes);
  await source.read(stored, 0);
  await source.close();
  expect(sha256(stored)).toBe(sha256(csv));
  expect((await fetch(`${url}/uploads/${upload.id}`, { method: "DELETE" })).status).toBe(204);
  expect((await fetch(`${url}/uploads/${upload.id}`)).status).toBe(404);
  expect(await readdir(join(place.folder, "files"))).toEqual([]);
});

it.each([
  [
    "FormData of a browser",
    () => {
      const body = new FormData();
      body.append("importer", "leads");
      body.append("file", new File([csv], 'Mina "kunder" åäö.csv', { type: "text/csv" }));
      return { body };
    },
    'Mina "kunder" åäö.csv',
  ],
  [
    "fields behind the file",
    () => ({
      headers: form,
      body: formOf("xyz", [
        { headers: 'name="file"; filename="a.csv"', body: csv },
        { headers: 'name="importer"', body: "leads" },
      ]),
    }),
    "a.csv",
  ],
  [
    "a preamble, an epilogue and a type",
    () => ({
      headers: { "content-type": 'multipart/form-data; charset=utf-8; boundary="x y.z"' },
      body: Buffer.concat([
        Buffer.from("for old mail readers\r\n"),
        formOf("x y.z", [{ headers: 'name=file; filename="C:\\dir\\b.csv"\r\nContent-Type: text/csv', body: csv }]),
        Buffer.from("\r\nmore\r\n"),
      ]),
    }),
    "b.csv",
  ],
  [
    "quotes as curl writes them",
    () => ({
      headers: form,
      body: formOf("xyz", [{ headers: 'name="file"; filename="a \\"b\\".csv"', body: csv }]),
    }),
    'a "b".csv',
  ],
  [
    "a name as RFC 7578 wants it, in UTF-8, whatever an extended one says",
    () => ({
      headers: form,
      body: formOf("xyz", [{ headers: 'name="file"; filename="naïve.csv"; filename*=UTF-8\'\'x.csv', body: csv }]),
    }),
    "naïve.csv",
  ],
] as const)("takes a form: %s", async (_, makeRequest, fileName) => {
  const { url } = await (await uploadPlace()).start();
  const answer = await fetch(`${url}/uploads`, { method: "POST", ...makeRequest() } as RequestInit);
  expect([answer.status, await jsonOf(answer)]).toMatchObject([
    201,
    { fileName, hash: sha256(csv), sizeBytes: csv.length },
  ]);
});

const pdf = Buffer.from(`%PDF-1.7\n${"x".repeat(100_000)}`);

it.each([
  ["a body without a name", { body: csv }, "?", 422, "The upload has no file name"],
  ["an empty body", { body: "" }, "?name=a.csv", 422, "a.csv is empty"],
  ["no body", {}, "?name=a.csv", 422, "a.csv is empty"],
  ["a PDF that is called CSV", { body: pdf }, "?name=a.csv", 422, "a.csv is a PDF"],
  ["a small PDF", { body: pdf.subarray(0, 100) }, "?name=a.csv", 422, "a.csv is a PDF"],
  ["a file that is too large", { body: csvOf(400_000) }, "?name=a.csv", 413, "Split the file"],
  [
    "a form that is too large",
    { headers: form, body: formOf("xyz", [{ headers: 'name="f"; filename="big.csv"', body: csvOf(400_000) }]) },
    "",
    413,
    "big.csv is larger than 0 MB",
  ],
  [
    "a form without a boundary",
    { headers: { "content-type": "multipart/form-data" }, body: csv },
    "",
    422,
    "without a valid boundary",
  ],
  [
    "an empty boundary",
    { headers: { "content-type": "multipart/form-data; boundary=" }, body: csv },
    "",
    422,
    "without a valid boundary",
  ],
  [
    "another boundary than the header says",
    { headers: form, body: formOf("abc", [{ headers: 'name="f"; filename="a.csv"', body: "a\n1\n" }]) },
    "",
    422,
    "names another boundary",
  ],
  [
    "a form that is cut off",
    { headers: form, body: formOf("xyz", [{ headers: 'name="f"; filename="a.csv"', body: csv }]).subarray(0, 200_000) },
    "",
    422,
    "was cut off",
  ],
  [
    "a form that is cut off behind the file",
    { headers: form, body: formOf("xyz", [{ headers: 'name="f"; filename="a.csv"', body: csv }]).subarray(0, -5) },
    "",
    422,
    "was cut off",
  ],
  [
    "a form without a file",
    { headers: form, body: formOf("xyz", [{ headers: 'name="a"', body: "b" }]) },
    "",
    422,
    "The form has no file",
  ],
  ["a form without parts", { headers: form, body: "--xyz--\r\n" }, "", 422, "The form has no file"],
  [
    "two files",
    {
      headers: form,
      body: formOf(
        "xyz",
        ["a", "b"].map((name) => ({ headers: `name="${name}"; filename="${name}.csv"`, body: "a\n1\n" })),
      ),
    },
    "",
    422,
    "several files",
  ],
  [
    "a part without a name",
    { headers: form, body: formOf("xyz", [{ headers: 'filename="a.csv"', body: "a\n1\n" }]) },
    "",
    422,
    "has no name",
  ],
  [
    "huge headers of a part",
    { headers: form, body: formOf("xyz", [{ headers: `name="a"; x="${"x".repeat(20_000)}"`, body: "b" }]) },
    "",
    422,
    "The form has no file",
  ],
  [
    "headers of a part without end",
    { headers: form, body: `--xyz\r\n${"x: y\r\n".repeat(40_000)}` },
    "",
    422,
    "ends before its last boundary",
  ],
  [
    "a boundary that goes on",
    { headers: form, body: '--xyzz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--xyz--' },
    "",
    422,
    "The form has no file",
  ],
  [
    "too many parts",
    {
      headers: form,
      body: formOf(
        "xyz",
        Array.from({ length: 101 }, () => ({ headers: 'name="a"', body: "b" })),
      ),
    },
    "",
    422,
    "more than 100 parts",
  ],
  [
    "fields as large as files",
    { headers: form, body: formOf("xyz", [{ headers: 'name="a"', body: csvOf(1_100_000) }]) },
    "",
    422,
    "is too long",
  ],
])("refuses %s, and keeps nothing of it", async (_, request, query, status, detail) => {
  const place = await uploadPlace();
  const { url } = await place.start({ limits: { fileBytes: 350_000 } });
  const answer = await fetch(`${url}/uploads${query}`, { method: "POST", ...request } as RequestInit);
  const problem = await jsonOf(answer);
  expect([answer.status, answer.headers.get("content-type"), problem.status]).toEqual([
    status,
    "application/problem+json",
    status,
  ]);
  expect(problem.detail).toContain(detail);
  expect(await place.database.query(sql`select id from sluice.uploads`)).toEqual([]);
  expect(await readdir(join(place.folder, "files")).catch(() => [])).toEqual([]);
});

it("keeps nothing of a form whose connection is cut", async () => {
  const place = await uploadPlace();
  const { url } = await place.start();
  const proxy = await flakyProxy(url);
  proxy.cuts = [200_000];
  const body = formOf("xyz", [{ headers: 'name="file"; filename="a.csv"', body: csv }]);
  await expect(
    fetch(`${proxy.url}/uploads`, { method: "POST", headers: form, body: new Uint8Array(body) }),
  ).rejects.toThrow();
  await expect.poll(() => place.database.query(sql`select id from sluice.uploads`)).toEqual([]);
  expect(await readdir(join(place.folder, "files"))).toEqual([]);
});

it("refuses what the quota does not allow, by number and by bytes, and has room again when something goes", async () => {
  const { url } = await (await uploadPlace()).start({
    limits: { fileBytes: 200_000, quota: { files: 3, bytes: 250_000 } },
  });
  let retryAfter: string | null = null;
  const send = async (size: number, user = "anna"): Promise<[number, string, string]> => {
    const answer = await fetch(`${url}/uploads?name=a.csv`, {
      method: "POST",
      body: csvOf(size),
      headers: { "x-user": user },
    });
    const { detail = "", id = "" } = await jsonOf(answer);
    retryAfter = answer.headers.get("retry-after");
    return [answer.status, detail, id];
  };
  const [, , first] = await send(100_000);
  const [status, detail] = await send(160_000);
  expect(status).toBe(429);
  expect(detail).toContain("take up 1 MB; this file would push them over the limit of 1 MB");
  expect(detail).toContain('The oldest: "a.csv".');
  expect((await send(160_000, "bo"))[0]).toBe(201);
  expect([(await send(100))[0], (await send(100))[0]]).toEqual([201, 201]);
  expect(await send(100)).toEqual([
    429,
    expect.stringContaining("3 of your uploads are already waiting to be imported"),
    "",
  ]);
  await fetch(`${url}/uploads/${first}`, { method: "DELETE" });
  expect((await send(160_000))[0]).toBe(201);
  // There is room again when the first of them is forgotten, a day after its last byte.
  expect([(await send(100))[0], retryAfter]).toEqual([429, expect.stringMatching(/^86[34]\d\d$/)]);
});

it("calls a file too large that no quota would hold", async () => {
  const { url } = await (await uploadPlace()).start({
    limits: { fileBytes: 200_000, quota: { files: 3, bytes: 100_000 } },
  });
  const answer = await fetch(`${url}/uploads?name=a.csv`, { method: "POST", body: csvOf(150_000) });
  expect([answer.status, (await jsonOf(answer)).code]).toEqual([413, "too_large"]);
});

it.each([
  ["a file", "?name=a.csv", {}, csv],
  ["a form", "", form, formOf("xyz", [{ headers: 'name="f"; filename="a.csv"', body: csv }])],
])(
  "does not take a part of %s for the whole, where something before the server has cut it off",
  async (_, query, headers, body) => {
    const place = await uploadPlace();
    const { fetch: send } = await place.start();
    const answer = await send(
      new Request(`http://sluice.test/api/v1/uploads${query}`, {
        method: "POST",
        headers: { ...headers, "content-length": String(body.length), "accept-language": "fr" },
        body: body.subarray(0, 200_000),
      }),
    );
    expect([answer.status, (await jsonOf(answer)).detail]).toEqual([
      422,
      expect.stringMatching(/^Seuls 200000 des \d+ octets.*nginx 1 Mo, Vercel et Netlify 4,5 Mo/),
    ]);
    expect(await place.database.query(sql`select id from sluice.uploads`)).toEqual([]);
  },
);

it("forgets what has expired, file and all, but for files that an import has", async () => {
  const place = await uploadPlace();
  const { url, uploads, files } = await place.start();
  const ids: string[] = [];
  for (const name of ["old", "new"]) {
    const answer = await fetch(`${url}/uploads?name=${name}.csv`, { method: "POST", body: csv });
    ids.push((await jsonOf(answer)).id);
  }
  await place.database.query(
    sql`update sluice.uploads set expires_at = now() - interval '1 second' where file_name = 'old.csv'`,
  );
  expect((await fetch(`${url}/uploads/${ids[0]}`)).status).toBe(404);
  expect([await uploads.expire(files), await uploads.expire(files)]).toEqual([1, 0]);
  expect(await readdir(join(place.folder, "files"))).toEqual([`upload-${ids[1]}`]);
  expect(await place.database.query(sql`select id from sluice.uploads`)).toEqual([{ id: ids[1] }]);
});

it("forgets what it can while the files of some cannot be taken away, and gives up when it is all of them", async () => {
  const place = await uploadPlace();
  const { url, uploads, files } = await place.start();
  const paths: string[] = [];
  for (let n = 0; n < 5; n++)
    paths.push(
      (await uploads.get((await jsonOf(fetch(`${url}/uploads?name=${n}.csv`, { method: "POST", body: csv }))).id))
        .storagePath,
    );
  await place.database.query(sql`update sluice.uploads set expires_at = created_at - interval '1 day'`);
  const tried: string[] = [];
  const failing = (isAway: (path: string) => boolean) => ({
    ...files,
    async remove(path: string) {
      tried.push(path);
      if (isAway(path)) throw new Error("the storage is away");
      await files.remove(path);
    },
  });
  await expect(uploads.expire(failing(() => true))).rejects.toThrow("the storage is away");
  expect(tried).toEqual(paths.slice(0, 3));
  await expect(uploads.expire(failing((path) => path === paths[1]))).rejects.toThrow("the storage is away");
  expect(await place.database.query(sql`select storage_path as path from sluice.uploads`)).toEqual([
    { path: paths[1] },
  ]);
  expect(await uploads.expire(files)).toBe(1);
});

it("gives a file to one import alone, and to none when none comes of it", async () => {
  const place = await uploadPlace();
  const { url, intake } = await place.start();
  const anna = { id: "anna", name: "Anna", role: "user" } as const;
  const { id } = await jsonOf(fetch(`${url}/uploads?name=a.csv`, { method: "POST", body: csv }));
  await expect(intake.fileOf({ ...anna, id: "bo" }, id)).rejects.toThrow(`There is no upload ${id}`);
  const file = await intake.fileOf(anna, id);
  expect(file).toMatchObject({ name: "a.csv", hash: sha256(csv), sizeBytes: csv.length });
  expect(sha256(await readFile(file.storagePath))).toBe(sha256(csv));
  const make = (context: Record<string, string>) =>
    createImport(place.database, {
      importer: "leads",
      fileName: file.name,
      fileHash: file.hash,
      fileSizeBytes: file.sizeBytes,
      storagePath: file.storagePath,
      dialect: {} as never,
      mapping: { columns: [] },
      assignment: { mode: "none" },
      duplicates: { strategy: "skip", keys: [] },
      repeats: "all",
      confirmRemovals: 0,
      mode: "upsert",
      merge: {},
      autoCommit: false,
      context,
      language: "en",
      target: "public.leads",
      createdBy: "anna",
      dryRun: false,
      once: false,
      uploadId: id,
    });
  await expect(make({ no: "\0" })).rejects.toThrow();
  const both = await Promise.allSettled([make({}), make({})]);
  const made = both.flatMap((each) => (each.status === "fulfilled" ? [each.value.id] : []));
  const refused = both.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  expect(made).toHaveLength(1);
  const [jobId] = made;
  expect(refused).toMatchObject([
    { code: "conflict", importId: jobId, message: expect.stringContaining(`was used for import ${jobId}`) },
  ]);
  await expect(intake.fileOf(anna, id)).rejects.toThrow(`was used for import ${jobId}`);
  expect((await fetch(`${url}/uploads/${id}`, { method: "DELETE" })).status).toBe(409);
  expect((await jsonOf(fetch(`${url}/uploads/${id}`))).importId).toBe(jobId);
  const again = await fetch(`${url}/uploads?name=b.csv`, { method: "POST", body: csv });
  expect((await jsonOf(again)).sameAs).toMatchObject({
    importId: jobId,
    importer: "leads",
    status: "pending",
    completedAt: null,
  });
});
