import { describe, expect, it } from "vitest";
import { builtInKind, numberFormatOf } from "../../../src/formats/workbook/number-format.ts";
import {
  numberByFormat,
  numberDate,
  numberDatetime,
  numberDuration,
  numberPlain,
  numberTime,
} from "../../../src/formats/workbook/styles.ts";

const words = new Map([
  [numberPlain, "plain"],
  [numberDate, "date"],
  [numberDatetime, "datetime"],
  [numberTime, "time"],
  [numberDuration, "duration"],
  [numberByFormat, "by_format"],
]);
const wordOf = (code: string): string | undefined => words.get(numberFormatOf(code).kind);

const codes: Record<string, string[]> = {
  plain: [
    "",
    "General",
    "GENERAL",
    "Standard",
    "Estándar",
    "Standaard",
    "Allmänt",
    "0",
    "0.00",
    "#,##0.00",
    "# ?/?",
    "0%",
    "0.00E+00",
    "##0.0E+0",
    "@",
    ";;;",
    '0.00" days"',
    '"day "0',
    '#,##0.00 "mdhs"',
    "0\\d",
    "0_d",
    "0*d",
    "0!d",
    "[Red]0;[Blue]-0",
    "[RED]0.00",
    "[Magenta]General",
    "[>100]0;0.0",
    "[$-409]0.00",
    "[$€-407]#,##0.00",
    "[$SEK] #,##0",
    "[$USD-409]#,##0.00",
    "[DBNum1][$-804]General",
    '_-* #,##0.00\\ "kr"_-;\\-* #,##0.00\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_-',
    // Letters without quotes beside digits, as careless programs write them.
    "0 d",
    "#,##0 USD",
    "0.00 days",
    '"yyyy-mm-dd',
    "[unclosed",
  ],
  date: [
    "dd/mm/yyyy",
    "d/m/yy;@",
    "yyyy-mm-dd",
    "YYYY-MM-DD",
    'mmmm" "d", "yyyy',
    "mmm-yy",
    "mmmmm",
    "m",
    "ddd",
    "dddd, mmmm dd",
    "d\\.m\\.yyyy",
    "yyyy\\-mm\\-dd",
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    "[$-409]d\\-mmm\\-yy;@",
    "[Red]dd/mm/yyyy",
    // East Asian: eras, weekdays.
    '[$-411]ggge"年"m"月"d"日";@',
    "[$-404]e/m/d",
    'yyyy"年"m"月"d"日"',
    "yyyy年m月d日",
    "yyyy년 m월 d일",
    "m月",
    "aaa",
    "yyyy/m/d(aaa)",
    "[$-41E]d/m/bb",
    // As programs in other languages leave them.
    "jj/mm/aaaa",
    "TT.MM.JJJJ",
    "T.M.JJ",
    "åååå-MM-DD",
    "dd-mm-jjjj",
    "rrrr-mm-dd",
    "p.k.vvvv",
    "ДД.ММ.ГГГГ",
    "gg/mm/aaaa",
  ],
  datetime: [
    "dd/mm/yyyy hh:mm",
    "yyyy-mm-dd hh:mm:ss",
    "yyyy-mm-dd\\Thh:mm:ss.000",
    "yyyy-mm-ddThh:mm",
    "m/d/yy h:mm AM/PM",
    "[$-409]m/d/yy h:mm AM/PM;@",
    "mmm d h AM/PM",
    "jj/mm/aaaa hh:mm",
    "TT.MM.JJJJ hh:mm",
    "åååå-MM-DD tt:mm:ss",
    "dd-mm-jjjj uu:mm",
    'yyyy"年"m"月"d"日" h"時"mm"分"',
  ],
  time: [
    "h:mm",
    "hh:mm:ss",
    "h時m分",
    "h:mm AM/PM",
    "h A/P",
    "mm:ss",
    "mm:ss.0",
    "m:ss",
    "hh:mm:ss.000",
    "hh:mm:ss,00",
    "h",
    "ss",
    'h"時"mm"分"ss"秒"',
    "[$-404]上午/下午 h時mm分",
    "tt:mm",
    "tt:mm:ss",
    "uu:mm",
    "ЧЧ:ММ:СС",
    "[$-F400]h:mm:ss\\ AM/PM",
  ],
  duration: ["[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[ss]", "[s].000", "[h]:mm:ss;@", '[h]"h "mm"m"', "[tt]:mm", "[H]"],
  // The value decides, or the digits are those of a code.
  by_format: [
    "0;yyyy-mm-dd",
    "General;dd/mm/yyyy",
    '[<50000]yyyy-mm-dd;"later"',
    "[<1]h:mm;[h]:mm",
    "dd/mm/yyyy;;",
    '"INV-"0',
    "00\\:00\\:00",
    "00000",
    "000-00-0000",
  ],
};

describe.each(Object.entries(codes))("a %s format", (kind, each) => {
  it.each(each.map((code) => [code]))("is %s", (code) => {
    expect(wordOf(code)).toBe(kind);
  });
});

it("knows the formats that are built in", () => {
  const found: Record<string, number[]> = {};
  for (let id = -1; id < 200; id++) {
    const kind = words.get(builtInKind(id)) as string;
    if (kind !== "plain") (found[kind] ??= []).push(id);
  }
  expect(found).toEqual({
    date: [14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58, 71, 72, 73, 74, 81],
    time: [18, 19, 20, 21, 32, 33, 45, 47, 75, 76, 78, 80],
    datetime: [22, 77],
    duration: [46, 79],
  });
});

it("judges a hostile code as quickly as any other", () => {
  for (const piece of ["[", '"', "\\", "d;", "am/", "上", "[$-", "h:", "ss.0"]) {
    expect(words.has(numberFormatOf(piece.repeat(1_000_000)).kind)).toBe(true);
  }
});
