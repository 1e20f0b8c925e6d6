/** Everything that runs over a cell, a file's text or a text of a request, by name. */

import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { type Field, field } from "../../src/core/field.ts";
import { unguarded } from "../../src/core/formula-guard.ts";
import type { Transform } from "../../src/core/import.ts";
import { cleanFileName } from "../../src/core/store/uploads.ts";
import { inspector } from "../../src/engine/inspector.ts";
import { formats } from "../../src/formats/formats.ts";
import { digitMaskOf } from "../../src/formats/workbook/digit-mask.ts";
import { bearerOf } from "../../src/http/auth/auth.ts";
import { ColumnStatistics } from "../../src/mapping/column-statistics.ts";
import { headerZone } from "../../src/mapping/header-zone.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import { Profiler } from "../../src/mapping/profile.ts";
import { replacer } from "../../src/staging/find-text.ts";
import { CopyText } from "../../src/values/copy-text.ts";
import { parsePhone } from "../../src/values/encode-phone.ts";
import { encodersOf } from "../../src/values/encoder.ts";
import { fold } from "../../src/values/fold.ts";
import { reportCell } from "../../src/values/report-cell.ts";
import { addressOf, nameOf } from "../../src/values/split-text.ts";
import { memorySource } from "../memory-source.ts";
import { batchOf } from "../staging/make-batch.ts";

export interface Subject {
  name: string;
  run(text: string): unknown;
}

const fields: Readonly<Record<string, Field>> = {
  text: field.text(),
  "text of a pattern": field.text({ pattern: /[A-Z]{2}\d+/, minLength: 2, maxLength: 900_000 }),
  email: field.email(),
  phone: field.phone({ country: "FR" }),
  "phone of a shared code": field.phone({ country: "GB" }),
  integer: field.integer(),
  decimal: field.decimal({ scale: 2 }),
  date: field.date(),
  datetime: field.datetime({ timeZone: "Europe/Paris" }),
  boolean: field.boolean(),
  choice: field.choice({ new: ["neuf"], used: [] }),
  time: field.time(),
  url: field.url(),
  uuid: field.uuid(),
  list: field.list(field.text()),
  "list of blanks and marks": field.list(field.integer(), { separator: [" ", ", ", '"'], max: 100_000 }),
  "list of addresses": field.list(field.email()),
  document: field.json({ a: field.integer(), tags: field.list(field.text()) }),
};

const transforms: readonly Transform[] = [
  { dateOrder: "mdy", decimalMark: "," },
  { dateOrder: "serial", padTo: 5 },
];

const importer = defineImporter({
  name: "things",
  target: { table: "things" },
  fields: {
    code: field.text({ aliases: { en: ["Reference of the thing"] } }),
    state: fields.choice,
    parts: field.list(field.decimal()),
    stock: field.columns(/^(?:Stock|Lager) (.+)$/, field.integer()),
    custom: field.json({ size: field.integer() }, { rest: true }),
  },
});

function* encoders(): Generator<Subject> {
  const out = new CopyText(1 << 20);
  for (const [name, each] of Object.entries(fields)) {
    for (const transform of transforms) {
      const { encode, encodeTyped } = encodersOf("it", each, {
        transform,
        column: { nature: transform.padTo === undefined ? "identifier" : "fraction" },
        isKey: false,
      });
      for (const [how, run] of [["written", encode] as const, ["typed", encodeTyped] as const]) {
        yield {
          name: `encoder of ${name}, ${how}, ${JSON.stringify(transform)}`,
          run(text) {
            const bytes = Buffer.from(text);
            out.length = 0;
            run(bytes, 0, bytes.length, out);
          },
        };
      }
    }
  }
}

/** Files in which the text is the name of a column, a cell, and all there is. */
function files(text: string): [name: string, content: string][] {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  return [
    ["header.csv", `code,${quoted}\n1,2\n3,4\n`],
    ["cell.csv", `code;state\nA1;${quoted}\nA2;new\n`],
    ["bare.csv", text],
    ["rows.csv", `code,state\n${text}\nA2,new\n`],
    ["rows.json", JSON.stringify([{ code: text }, { [text]: "1" }])],
    ["ids.json", JSON.stringify({ [`A${text}`]: { code: "1" }, [`B${text}`]: { code: "2" } })],
    ["bare.json", `[${text}`],
    ["dump.sql", `-- a\n${text}\n-- b\n`],
    ["lines.jsonl", `{"code":"1"}\n${text}\n{"code":"2"}\n`],
    ["page.xml", `<?xml version="1.0"?>${text}`],
  ];
}

export function* subjects(): Generator<Subject> {
  yield* encoders();
  yield { name: "encoder of phones by the library alone", run: (text) => parsePhone(text, "FR") };
  yield { name: "fold", run: fold };
  yield { name: "parts of a person", run: nameOf };
  yield { name: "parts of an address", run: addressOf };
  yield { name: "a cell of a report", run: (text) => unguarded(reportCell(text, ";")) };
  yield {
    name: "find and replace of a half of itself",
    run(text) {
      const find = `${text.slice(0, text.length / 4)}?`;
      const options = { find, replace: text, wholeCell: false, caseSensitive: false };
      return replacer(options, 32_767)(text);
    },
  };
  yield { name: "a file's name", run: cleanFileName };
  yield {
    name: "names and formats with a run in their middle",
    run(text) {
      headerZone(`x${text}x`);
      digitMaskOf(`"x${text}x"0`, 1);
    },
  };
  yield { name: "a bearer token", run: (text) => bearerOf(requestWith(text)) };
  yield {
    name: "profiles, and a mapping by them",
    run(text) {
      const headers = [text.slice(0, 20_000), "code"];
      const batch = batchOf(
        [
          [text, text],
          ["1", text.slice(0, 400)],
        ],
        { columnCount: 2 },
      );
      const profiler = new Profiler(headers);
      profiler.add(batch, 1);
      const whole = new ColumnStatistics(headers, { all: true });
      whole.add(batch, { headerRow: 1, lastRow: null });
      whole.profiles();
      mapColumns(importer, profiler.profile(), [{ column: headers[0], field: "code" }]);
      mapColumns(importer, profiler.profile(), [{ column: headers[0], field: "parts" }]);
    },
  };
  yield {
    name: "looks at a file",
    async run(text) {
      for (const [name, content] of files(text)) {
        const source = memorySource(name, Buffer.from(content.toWellFormed()));
        const look = inspector({ files: { open: async () => source }, format: formats });
        const file = { storagePath: name, name };
        try {
          const { dialect } = await look.inspect(file, {});
          await look.preview(file, dialect, 20);
          for await (const batch of formats.read(source, dialect, {})) void batch.rowCount;
        } catch (error) {
          // A file that is none is refused; that it is refused soon is what counts.
          if ((error as { code?: string }).code === undefined) throw error;
        }
      }
    },
  };
}

function requestWith(authorization: string): Request {
  return { headers: { get: () => authorization } } as unknown as Request;
}
