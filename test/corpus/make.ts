/**
 * Makes the corpus again: `node test/corpus/make.ts` writes the files that are written by hand in the code, and
 * `node test/corpus/make.ts --libreoffice` those that LibreOffice writes too, with its own CSV export of every workbook
 * beside them (`soffice` 7.4 made those that are kept).
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { headerCases } from "./header-cases.ts";
import { layoutSource, peopleSource, typesSource } from "./libreoffice-sources.ts";
import { quoteCases } from "./quote-cases.ts";
import { textCases } from "./text-cases.ts";
import { workbookCases } from "./workbook-cases.ts";

const files = fileURLToPath(new URL("files/", import.meta.url));

for (const { file, make } of [...workbookCases, ...textCases, ...quoteCases, ...headerCases]) {
  if (make === undefined) continue;
  mkdirSync(dirname(join(files, file)), { recursive: true });
  writeFileSync(join(files, file), make());
}

/** LibreOffice's filter options: delimiter, quote, encoding, first line, columns, language, quote all, numbers bare, as shown. */
const exports: [name: string, options: string][] = [
  ["people-utf-8.csv", "44,34,76,1,,1033,false,true"],
  ["people-french-windows-1252.csv", "59,34,1,1,,1036,false,true"],
  ["people-tabs-utf-16.csv", "9,34,65535,1,,1033,false,true"],
  ["people-all-quoted.csv", "59,34,76,1,,1036,true,true"],
  ["people-mac-roman.csv", "59,34,2,1,,1033,false,true"],
];
/** Values as they are typed in, not as they are shown, in US English: every digit is there. */
const asTyped = "44,34,76,1,,1033,false,true,false";

if (process.argv.includes("--libreoffice")) {
  const folder = mkdtempSync(join(tmpdir(), "corpus-"));
  const out = join(files, "libreoffice");
  mkdirSync(out, { recursive: true });
  const convert = (to: string, from: string): void => {
    execFileSync("soffice", ["--headless", "--convert-to", to, "--outdir", join(folder, "out"), from], {
      stdio: "ignore",
    });
  };
  const sources = { types: typesSource, layout: layoutSource, people: peopleSource };
  for (const [name, source] of Object.entries(sources)) {
    const written = join(folder, `${name}-source.ods`);
    writeFileSync(written, source);
    for (const format of ["xlsx", "ods", "xls"]) {
      // A folder of its own: LibreOffice does not write over what it reads.
      convert(format, written);
      copyFileSync(join(folder, "out", `${name}-source.${format}`), join(out, `${name}.${format}`));
    }
  }
  for (const [name, options] of exports) {
    convert(`csv:Text - txt - csv (StarCalc):${options}`, join(folder, "people-source.ods"));
    copyFileSync(join(folder, "out", "people-source.csv"), join(out, name));
  }
  const workbooks = readdirSync(files).filter((name) => /\.(xlsx|xlsm)$/.test(name));
  for (const path of [
    ...workbooks,
    ...Object.keys(sources).flatMap((name) => [`libreoffice/${name}.xlsx`, `libreoffice/${name}.ods`]),
  ]) {
    const name = path.replaceAll("/", "-");
    copyFileSync(join(files, path), join(folder, name));
    convert(`csv:Text - txt - csv (StarCalc):${asTyped}`, join(folder, name));
    const exported = join(folder, "out", name.replace(/\.[a-z]+$/, ".csv"));
    if (!existsSync(exported)) continue;
    mkdirSync(join(files, "exported"), { recursive: true });
    copyFileSync(exported, join(files, "exported", `${name}.csv`));
    rmSync(exported);
  }
  rmSync(folder, { recursive: true });
}
