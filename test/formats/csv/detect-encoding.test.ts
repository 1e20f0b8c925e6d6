/** Telling encodings by their bytes alone: people's languages, as Excel, LibreOffice, Macs and DOS wrote them. */
import { describe, expect, it } from "vitest";
import { type CsvDialect, type DialectHints, rowCells } from "../../../src/core/row.ts";
import { detectCsv } from "../../../src/formats/csv/detect.ts";
import { readCsv } from "../../../src/formats/csv/read.ts";
import { bytesSource, encodeText, plainRows, readRows, repeatedSource } from "./bytes-source.ts";

function detect(content: string | Uint8Array, hints: DialectHints = {}): Promise<CsvDialect> {
  return detectCsv(bytesSource(content), hints);
}

/** A file of each language as people have them. */
const files = {
  french: "Société;Prénom;Téléphone;Commentaire\nL’Oréal;Noël;+33;« déjà vu », n° 12\nÉtoile;Hélène;+32;12 € pièce\n",
  swedish: "Förnamn;Efternamn;Ort\nÅsa;Öberg;Malmö\nHåkan;Björk;Västerås\n",
  german: "Straße;Größe;Ort\nMüllerstraße 3;groß;Köln\nÄußere Allee 5;übergroß;Düsseldorf\n",
  spanish: "Año;Teléfono;Dirección\n2020;12;Peñíscola\n2021;13;¿Cádiz?\n",
  polish: "Imię;Nazwisko;Miasto\nŁukasz;Wiśniewski;Łódź\nMałgorzata;Dąbrowska;Poznań\n",
  czech: "Jméno;Příjmení;Město\nJiří;Dvořák;Plzeň\nŠárka;Černá;Hradec Králové\n",
  hungarian: "Név;Cím;Város\nTóth Zoltán;Fő út 3;Győr\nSzűcs Erzsébet;Kossuth utca 5;Székesfehérvár\n",
  turkish: "Adı;Soyadı;Şehir\nGökhan;Yılmaz;İstanbul\nŞükrü;Öztürk;Eskişehir\n",
  lithuanian: "Vardas;Pavardė;Miestas\nŽydrūnas;Petrauskas;Šiauliai\nRūta;Jankauskaitė;Panevėžys\n",
  russian: "Имя;Фамилия;Город\nИван;Иванов;Москва\nОльга;Смирнова;Казань\n",
  greek: "Όνομα;Επώνυμο;Πόλη\nΓιώργος;Παπαδόπουλος;Αθήνα\nΕλένη;Γεωργίου;Θεσσαλονίκη\n",
  japanese: "氏名;電話番号;住所\n山田太郎;03-1234;東京都\n鈴木花子;06-5678;大阪市のビル\n",
  chinese: "姓名;电话;地址\n张伟;123;北京市朝阳区\n李娜;456;上海市\n",
  taiwanese: "姓名;電話;地址\n陳大文;123;臺北市\n林美玲;456;高雄市\n",
  korean: "이름;전화번호;주소\n김철수;010;서울시 강남구\n이영희;011;부산시\n",
} as const;

const written: [language: keyof typeof files, encodings: string[]][] = [
  ["french", ["windows-1252", "iso-8859-15", "macintosh", "cp850"]],
  ["swedish", ["windows-1252", "macintosh", "cp850"]],
  ["german", ["windows-1252", "macintosh", "cp850"]],
  ["spanish", ["windows-1252", "macintosh", "cp850"]],
  ["polish", ["windows-1250", "iso-8859-2", "cp852"]],
  ["czech", ["windows-1250", "iso-8859-2", "cp852"]],
  ["hungarian", ["windows-1250", "iso-8859-2"]],
  ["turkish", ["windows-1254"]],
  ["lithuanian", ["windows-1257"]],
  ["russian", ["windows-1251", "koi8-r", "iso-8859-5", "ibm866", "x-mac-cyrillic"]],
  ["greek", ["windows-1253", "iso-8859-7"]],
  ["japanese", ["shift_jis", "euc-jp"]],
  ["chinese", ["gbk", "gb18030"]],
  ["taiwanese", ["big5"]],
  ["korean", ["euc-kr"]],
];
const cases = written.flatMap(([language, encodings]) => encodings.map((encoding) => [language, encoding] as const));

/** The file without the signs that an old encoding lacks. */
function textOf(language: keyof typeof files, encoding: string): string {
  const text: string = files[language];
  if (encoding === "iso-8859-15") return text.replaceAll("’", "'");
  return encoding === "cp850" || encoding === "macintosh" ? text.replaceAll("€", "F").replaceAll("’", "'") : text;
}

describe("the encoding of a file", () => {
  it.each(cases)("is told by its bytes: %s in %s", async (language, encoding) => {
    const text = textOf(language, encoding);
    const bytes = encodeText(text, encoding);
    const dialect = await detect(bytes);
    const expected = text
      .trimEnd()
      .split("\n")
      .map((line, k) => [k + 1, ...line.split(";")]);
    expect(plainRows(await readRows(bytesSource(bytes), dialect))).toEqual(expected);
  });

  it.each(cases)("is called a guess unless it is plain Windows-1252: %s in %s", async (language, encoding) => {
    const dialect = await detect(encodeText(textOf(language, encoding), encoding));
    const guesses = dialect.findings.filter(({ code }) => code === "encoding_guessed");
    expect(guesses).toEqual(
      dialect.encoding === "windows-1252"
        ? []
        : [{ code: "encoding_guessed", count: 1, params: { encoding: dialect.encoding } }],
    );
  });

  it.each(["windows-1252", "windows-1250", "shift_jis"])("is no guess when a person says it: %s", async (encoding) => {
    const { findings } = await detect(encodeText(files.german, "windows-1252"), { encoding });
    expect(findings).toEqual([]);
  });

  it("is called a guess where Windows-1252 reads badly", async () => {
    const { findings } = await detect(Buffer.from("a;b\n\xc5;\xbf\xf0\n", "latin1"));
    expect(findings.map(({ code }) => code)).toEqual(["encoding_guessed"]);
  });

  it.each<[string, string]>([
    ["first", "première,second,troisième\nQuatrième,cinquième,sixième\n"],
    ["capital", "RÉFÉRENCE;QUANTITÉ\nFENÊTRE;3\n"],
    ["only", "name,city\nZoé,Paris\n"],
  ])("is Windows-1252 by a few accents: %s", async (_, text) => {
    expect((await detect(encodeText(text, "windows-1252"))).encoding).toBe("windows-1252");
  });

  const signs = ["1,Baker–Stone,York", "1,5 µm,York", "1,12 €,York", "1,£12.50,York", "1,Acme™,York", "1,wait…,York"];
  it.each([...signs, "1,½ day,York", "1,«à»,York", "1,Muñoz,York", "1,1\u00a0234,York", "1,word—word,York"])(
    "is Windows-1252 by one sign in a file of ASCII: %s",
    async (line) => {
      const others = Array.from({ length: 300 }, (_, k) => `${k},John Smith,Leeds`);
      const text = ["id,name,city", ...others.slice(0, 150), line, ...others.slice(150)].join("\n");
      expect((await detect(encodeText(text, "windows-1252"))).encoding).toBe("windows-1252");
    },
  );

  it.each<[string, string]>([
    ["cp850", "1,Söder,York"],
    ["cp850", "1,Hélène,Orléans"],
    ["macintosh", "1,Muñoz,York"],
    ["macintosh", "1,Zürich,York"],
    ["windows-1250", "1,Dvořák,Plzeň"],
    ["windows-1251", "1,Москва,York"],
  ])("is told by one word in a file of ASCII: %s, %s", async (encoding, line) => {
    const others = Array.from({ length: 300 }, (_, k) => `${k},John Smith,Leeds`);
    const text = ["id,name,city", ...others, line].join("\n");
    expect((await detect(encodeText(text, encoding))).encoding).toBe(encoding);
  });

  it.each(["1,MAÇÃ”,x", "1,Ângela,x", "1,São João,x", "1,Ã,x", "1,â,x"])("is not garbled: %s", async (line) => {
    expect((await detect(`id,name,y\n${line}\n2,Zoé,x\n`)).findings).toEqual([]);
  });

  const wide = ["utf-16le", "utf-16be", "utf-32le", "utf-32be"];
  it.each(
    (["french", "russian", "greek", "japanese", "chinese", "korean"] as const).flatMap((language) =>
      wide.map((encoding) => [language, encoding] as const),
    ),
  )("is told by its zeros without a byte order mark: %s in %s", async (language, encoding) => {
    const { encoding: found, findings, columns } = await detect(encodeText(files[language], encoding));
    expect([found, findings, columns]).toEqual([encoding, [], files[language].split("\n")[0].split(";")]);
  });

  it.each([...wide, "utf-8", "gb18030"])("is told by its byte order mark: %s", async (encoding) => {
    const mark = encodeText("\ufeff", encoding);
    const dialect = await detect(Buffer.concat([mark, encodeText(files.chinese, encoding)]));
    expect([dialect.encoding, dialect.bomBytes, dialect.columns]).toEqual([
      encoding,
      mark.length,
      ["姓名", "电话", "地址"],
    ]);
  });

  it("is UTF-8 in spite of zeros that are damage", async () => {
    for (const text of ["a,b\n1,x\0\n2,y\n", "a,b\n\0\0,x\n2,y\n", "name,note\nZoé,\0\0\0\0\nLéo,x\n"]) {
      expect((await detect(text)).encoding, JSON.stringify(text)).toBe("utf-8");
    }
  });

  it("is ISO-2022-JP by its escapes", async () => {
    const { encoding, columns } = await detect(Buffer.from("\x1b$B;3ED\x1b(B,b\n1,2\n"));
    expect([encoding, columns]).toEqual(["iso-2022-jp", ["山田", "b"]]);
  });

  it("is found in the middle of a large file whose beginning is ASCII", async () => {
    const source = repeatedSource([
      ["name,city\n", 1],
      ["Dupont,Orlxans\n", 2_000_000],
    ]);
    const accented: typeof source = {
      ...source,
      async read(into, offset) {
        const length = await source.read(into, offset);
        // Past the first tenth, each Orléans has its accent.
        for (let k = 0; k < length; k++) {
          if (into[k] === 0x78) into[k] = offset + k > source.sizeBytes / 10 ? 0xe9 : 0x65;
        }
        return length;
      },
    };
    expect((await detectCsv(accented, {})).encoding).toBe("windows-1252");
  });

  it.each<[string, Uint8Array, string, string[]]>([
    ["Windows-1252", Buffer.from([0x92, 0xe9]), "’é", ["encoding_guessed"]],
    ["UTF-8", Buffer.from("é’"), "é’", []],
  ])("is %s by what comes far behind a sample of ASCII", async (_, bytes, text, codes) => {
    const line = "Dupont,Orleans\n";
    const source = repeatedSource([
      ["name,city\n", 1],
      [line, 1_200_000],
    ]);
    const at = 10 + line.length * 600_000;
    const signed: typeof source = {
      ...source,
      async read(into, offset) {
        const length = await source.read(into, offset);
        bytes.forEach((byte, k) => {
          if (at + k >= offset && at + k < offset + length) into[at + k - offset] = byte;
        });
        return length;
      },
    };
    const dialect = await detectCsv(signed, {});
    expect([dialect.encoding, dialect.strayBytes]).toEqual(["utf-8", "windows-1252"]);
    const found: string[] = [];
    const told: string[] = [];
    const wanted = `${text}${line.slice(bytes.length, 6)}`;
    let offset = 0;
    for await (const batch of readCsv(signed, dialect, { onFinding: ({ code }) => told.push(code) })) {
      for (let r = 0; r < batch.rowCount; r++) {
        if (batch.rowNumbers[r] === 600_002) found.push(...rowCells(batch, r));
        if (batch.rowNumbers[r] === 600_003) offset = batch.rowOffsets[r];
      }
    }
    expect([found, told, offset]).toEqual([[wanted, "Orleans"], codes, at + line.length]);
  });

  it("is taken from the beginning of what is unpacked while it is read", async () => {
    const bytes = encodeText(files.french.repeat(5000), "windows-1252");
    const source = bytesSource(bytes);
    const unpacked = { ...source, sizeBytes: Number.POSITIVE_INFINITY, read: source.read.bind(source) };
    const offsets: number[] = [];
    const forward = {
      ...unpacked,
      read: async (into: Uint8Array, offset: number) => {
        offsets.push(offset);
        return offset >= bytes.length ? 0 : unpacked.read(into, offset);
      },
    };
    expect((await detectCsv(forward, {})).encoding).toBe("windows-1252");
    expect(offsets).toEqual([0]);
  });
});

describe("a person's encoding", () => {
  it.each<[string, string, string]>([
    ["latin1", "windows-1252", "windows-1252"],
    ["MacRoman", "macintosh", "macintosh"],
    ["utf-16", "utf-16be", "utf-16be"],
    ["utf-16", "utf-16le", "utf-16le"],
    ["UTF-32", "utf-32be", "utf-32be"],
  ])("may be called %s", async (label, encoding, expected) => {
    const bom = encoding.startsWith("utf");
    const dialect = await detect(encodeText("Née;Été\nà;é\n", encoding, bom), { encoding: label });
    expect([dialect.encoding, dialect.columns]).toEqual([expected, ["Née", "Été"]]);
  });

  it("is refused by its name when nobody knows it", async () => {
    await expect(detect("a;b\n", { encoding: "klingon" })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining('"klingon" is not an encoding'),
    });
  });
});
