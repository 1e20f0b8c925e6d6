/**
 * What hostile requests and files cost everybody else: `node bench/hostile.ts [--rows 1000000] [--only health]`. Prints the server's
 * memory and its health check under four bodies of 400 MB, the health check under a find and replace over many rows, under mappings of
 * 16,384 columns and under workbooks that unpack to gigabytes, and the time of another person's 1,000 rows beside a large import and
 * beside a hostile one.
 */

import { once } from "node:events";
import { openAsBlob, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { bring, leadsFile, median, type Serving, startRunning } from "./server/running.ts";
import { ZipWriter } from "./write-zip.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" }, only: { type: "string" } } });
const rows = Number(values.rows);
const mebibyte = 1024 ** 2;
const smallRows = 1000;
const times = 7;
const straightOn = { options: { autoCommit: true }, acceptDoubts: true };

const line = (what: string, reached: string, bar: string): void => {
  process.stdout.write(`${what}: ${reached} (bar ${bar})\n`);
};

/** Peak memory of a process, by Linux. */
function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function measureBodies({ url, pid, token }: Serving): Promise<void> {
  const piece = new Uint8Array(mebibyte).fill(0x20);
  const body = (): ReadableStream<Uint8Array> => {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if (sent++ < 400) controller.enqueue(piece);
        else controller.close();
      },
    });
  };
  const before = peakMiB(pid);
  const types = ["Application/JSON", "application/x+json", "text/plain", "application/json"];
  let statuses: string[] = [];
  const worst = await worstHealth(url, async () => {
    statuses = await Promise.all(
      types.map((type) =>
        fetch(`${url}/api/v1/imports`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": type },
          body: body(),
          duplex: "half",
        } as RequestInit).then(
          ({ status }) => String(status),
          () => "cut off",
        ),
      ),
    );
  });
  line(
    `four bodies of 400 MB (${statuses.join(", ")}): memory before → at most`,
    `${before.toFixed(0)} → ${peakMiB(pid).toFixed(0)} MiB`,
    "400 MiB",
  );
  line("health check meanwhile, at worst", worst, "100 ms");
}

/** Asks without a pause, in a thread of its own: what the bench's own thread does is no answer's time. */
const pinger = `
  const { parentPort, workerData: url } = require("node:worker_threads");
  let isOver = false;
  parentPort.once("message", () => { isOver = true; });
  (async () => {
    let worst = 0;
    while (!isOver) {
      const begun = performance.now();
      await (await fetch(url)).text();
      worst = Math.max(worst, performance.now() - begun);
      await new Promise((resolve) => setImmediate(resolve));
    }
    parentPort.postMessage(worst);
  })();`;

/** The longest answer of the health check while something goes on. */
async function worstHealth(url: string, work: () => Promise<unknown>): Promise<string> {
  const thread = new Worker(pinger, { eval: true, workerData: `${url}/healthz` });
  await once(thread, "online");
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  thread.postMessage("over");
  const [worst] = (await once(thread, "message")) as [number];
  return `${worst.toFixed(0)} ms (of ${seconds.toFixed(1)} s)`;
}

/** A workbook whose one sheet unpacks to so many MiB, of cells or of nothing. */
async function bomb(folder: string, name: string, piece: string, mebibytes: number): Promise<Blob> {
  const path = join(folder, name);
  const zip = await ZipWriter.create(path);
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  await zip.add("[Content_Types].xml", [
    `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
  ]);
  await zip.add("_rels/.rels", [
    `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await zip.add("xl/workbook.xml", [
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ]);
  await zip.add("xl/_rels/workbook.xml.rels", [
    `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ]);
  const block = piece.repeat(Math.ceil(mebibyte / piece.length));
  await zip.add(
    "xl/worksheets/sheet1.xml",
    (function* () {
      yield `<worksheet xmlns="${main}"><sheetData><row r="1"><c t="inlineStr"><is><t>Email</t></is></c></row>`;
      for (let k = 0; k < mebibytes; k++) yield block;
      yield "</sheetData></worksheet>";
    })(),
  );
  await zip.close();
  return openAsBlob(path);
}

const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => {});

async function measureHealth({ client, url }: Serving, folder: string): Promise<void> {
  const measured = async (what: string, work: () => Promise<unknown>): Promise<void> =>
    line(`health check under ${what}, at worst`, await worstHealth(url, work), "100 ms");
  await measured("nothing", () => new Promise((resolve) => setTimeout(resolve, 3000)));

  const reviewed = await bring(client, await openAsBlob(await leadsFile(folder, 20_000)), "reviewed.csv", {
    start: true,
    acceptDoubts: true,
  });
  await client.imports.waitFor(reviewed, { status: "ready" });
  await measured("a find and replace over 20,000 rows", () =>
    client.imports.edit(reviewed, { kind: "find", field: "email", find: "@", replace: "+x@" }),
  );
  await measured("three more at once", () =>
    Promise.all(
      ["a", "e", "i"].map((find) => quietly(client.imports.edit(reviewed, { kind: "find", find, replace: "o" }))),
    ),
  );

  for (const [k, name] of [
    (n: number) => `Column number ${n}`,
    (n: number) => `E-mail of contact ${n}, mobile phone number ${n}`,
    (n: number) => `Téléphone ${n} prénom nom adresse code postal ville`,
  ].entries()) {
    const names = Array.from({ length: 16_384 }, (_, n) => name(n));
    const file = new Blob([`${names.map((each) => `"${each}"`).join(",")}\n${names.map((_, n) => n).join(",")}\n`]);
    let id = 0;
    await measured(`a file of 16,384 columns, "${names[0]}"`, async () => {
      id = await bring(client, file, `wide-${k}.csv`);
    });
    await measured("its preview", () => client.imports.preview(id));
    await measured("a mapping said for each of its columns", () =>
      // Long names make a body of over a megabyte, which is refused.
      quietly(
        client.imports.setMapping(
          id,
          names.map((column) => ({ column: column.toUpperCase(), field: null })),
        ),
      ),
    );
    await measured("one of its columns changed", () =>
      quietly(client.imports.changeColumns(id, [{ column: names[7], field: "email" }])),
    );
  }
  for (const [name, piece, size] of [
    ["blank.xlsx", " ", 2048],
    ["rows.xlsx", "<row><c><v>1</v></c></row>", 1024],
    ["empty-rows.xlsx", "<row/>", 1024],
  ] as const) {
    const file = await bomb(folder, name, piece, size);
    await measured(`a workbook of ${(file.size / mebibyte).toFixed(1)} MiB that unpacks to ${size} MiB (${name})`, () =>
      quietly(
        bring(client, file, name, straightOn).then((id) =>
          client.imports.waitFor(id, { status: ["completed", "failed"] }),
        ),
      ),
    );
  }
}

/** Cells that a pattern which backtracks takes hours over, in every column. */
function hostileFile(number: number): Blob {
  const cell = `1${" ".repeat(1_000_000)}x`;
  const head = "Email,Phone,First name,Postal code,City\n";
  return new Blob([
    head,
    ...Array.from({ length: 30 }, (_, k) => `a${number}.${k}@example.com,${cell},Anna,${cell},Lyon\n`),
  ]);
}

async function measureNeighbours({ client }: Serving, folder: string): Promise<void> {
  let seed = 1;
  const small = async (): Promise<number> => {
    const file = await openAsBlob(await leadsFile(folder, smallRows, seed++));
    const begun = performance.now();
    const id = await bring(client, file, `small-${seed}.csv`, straightOn);
    await client.imports.waitFor(id, { status: "completed" });
    return (performance.now() - begun) / 1000;
  };
  const several = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let k = 0; k < times; k++) found.push(await small());
    return found;
  };
  await small();
  const huge = await bring(client, await openAsBlob(await leadsFile(folder, rows)), "huge.csv", straightOn);
  await client.imports.waitFor(huge, { status: "parsing" });
  const besideHuge = median(await several());
  await client.imports.cancel(huge).catch(() => {});
  for (let k = 0; k < 4; k++) await bring(client, hostileFile(k), `hostile-${k}.csv`, straightOn);
  const besideHostile = median(await several());
  line(
    `another's ${smallRows.toLocaleString("en")} rows: beside ${rows.toLocaleString("en")} → beside four hostile files`,
    `${besideHuge.toFixed(2)} → ${besideHostile.toFixed(2)} s, ${(besideHostile / besideHuge).toFixed(2)} ×`,
    "2 ×",
  );
}

const running = await startRunning();
try {
  const server = await (await running.place()).serve();
  if (values.only !== "health") await measureBodies(server);
  if (values.only !== "neighbours") await measureHealth(server, running.folder);
  if (values.only !== "health") await measureNeighbours(server, running.folder);
  await server.stop();
} finally {
  await running.close();
}
