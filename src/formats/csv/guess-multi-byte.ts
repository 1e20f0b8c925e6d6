/** How well a text reads in each multi-byte encoding of East Asia: whether its bytes pair up, and to common characters. */
import iconv from "iconv-lite";
import type { Reading } from "./guess-single-byte.ts";

/** Characters frequent in people's files, besides kana. */
const japanese =
  "氏名前姓電話番号郵便住所都道府県市区町村会社株式部課長年月日生性別男女備考地田中山川木本林藤佐伊加高橋渡辺井小大松野原石森東京阪古屋福岡北海札幌横浜神奈千葉埼玉愛知兵庫広島一二三四五六七八九十太郎子美商品価格数量合計金額税込";
const korean =
  "이름성명전화번호주소우편회사직급부서생년월일별남여비고김박최정강조윤장임한오신권황안송류홍시도군구읍면동로길울산대인천광경기가나다라마바사아자차하는은을를에의지수민영준현혜합계금액량격식등록상태";
const simplified =
  "姓名电话手机号码邮箱地址公司称城市省份区县街道路日期出生性别男女备注数量价格金额编部门职务王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁北京上海广州深圳天津重庆成都武汉杭南苏西安江浙的一是在不了有和人这中大为个国我以要他时来用们到作于就分对会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等度家限责任科技你好";
const traditional =
  "姓名電話手機號碼郵箱地址公司稱城市縣區鄉鎮街道路日期出生性別男女備註數量價格金額編部門職務王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁臺台北中南雄桃園新竹基隆嘉義屏東花蓮宜蘭香港的一是在不了有和人這大為個國我以要他時來用們到作於就分對會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等度家限責任科技股份你好";

interface Script {
  encoding: string;
  common: string;
  /** Length of the character at `lead`, 0 when the bytes are none. */
  length(lead: number, trail: number, third: number): number;
  /** The score of a character that is not among the common ones. */
  score(lead: number, trail: number): number;
}

const kana = -4;
const everyday = -8;
const rare = -13;

const isEuc = (byte: number): boolean => byte >= 0xa1 && byte <= 0xfe;
const rows = (lead: number, from: number, to: number): boolean => lead >= from && lead <= to;

const scripts: readonly Script[] = [
  {
    encoding: "shift_jis",
    common: japanese,
    length: (lead, trail) => {
      if (rows(lead, 0xa1, 0xdf)) return 1;
      const leads = rows(lead, 0x81, 0x9f) || rows(lead, 0xe0, 0xfc);
      return leads && rows(trail, 0x40, 0xfc) && trail !== 0x7f ? 2 : 0;
    },
    score: (lead, trail) => {
      if (rows(lead, 0xa1, 0xdf)) return -6;
      if ((lead === 0x82 && trail >= 0x4f) || lead === 0x83) return kana;
      if (lead === 0x81) return -5;
      return rows(lead, 0x88, 0x97) ? everyday : rare;
    },
  },
  {
    encoding: "euc-jp",
    common: japanese,
    length: (lead, trail, third) => {
      if (lead === 0x8e) return rows(trail, 0xa1, 0xdf) ? 2 : 0;
      if (lead === 0x8f) return isEuc(trail) && isEuc(third) ? 3 : 0;
      return isEuc(lead) && isEuc(trail) ? 2 : 0;
    },
    score: (lead) => {
      if (lead === 0xa4 || lead === 0xa5) return kana;
      if (lead === 0xa1 || lead === 0xa3) return -5;
      return rows(lead, 0xb0, 0xcf) ? everyday : rare;
    },
  },
  {
    encoding: "gb18030",
    common: simplified,
    length: (lead, trail, third) => {
      if (!rows(lead, 0x81, 0xfe)) return lead === 0x80 ? 1 : 0;
      if (rows(trail, 0x30, 0x39)) return rows(third, 0x81, 0xfe) ? 4 : 0;
      return rows(trail, 0x40, 0xfe) && trail !== 0x7f ? 2 : 0;
    },
    score: (lead, trail) => {
      if (trail < 0xa1) return rare;
      if (lead === 0xa1 || lead === 0xa3) return -5;
      return rows(lead, 0xb0, 0xd7) ? everyday : rare;
    },
  },
  {
    encoding: "big5",
    common: traditional,
    length: (lead, trail) => (rows(lead, 0x81, 0xfe) && (rows(trail, 0x40, 0x7e) || isEuc(trail)) ? 2 : 0),
    score: (lead) => {
      if (lead === 0xa1 || lead === 0xa2) return -5;
      return rows(lead, 0xa4, 0xc6) ? everyday : rare;
    },
  },
  {
    encoding: "euc-kr",
    common: korean,
    length: (lead, trail) => {
      const trails = rows(trail, 0x41, 0x5a) || rows(trail, 0x61, 0x7a) || rows(trail, 0x81, 0xfe);
      return rows(lead, 0x81, 0xfe) && trails ? 2 : 0;
    },
    score: (lead, trail) => {
      if (!isEuc(lead) || trail < 0xa1) return rare;
      if (lead === 0xa1 || lead === 0xa3) return -5;
      return rows(lead, 0xb0, 0xc8) ? everyday : rare;
    },
  },
];

/** Bytes that are examined. */
const lookedAt = 8192;
const rarity = 4;

/** How well each encoding reads a text whose bytes beyond ASCII come in groups; other encodings produce no such text. */
export function readMultiBytes(sample: Uint8Array): Reading[] {
  const bytes = sample.subarray(0, lookedAt);
  let beyond = 0;
  let together = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    beyond++;
    if (bytes[i + 1] >= 0x80 || bytes[i - 1] >= 0x80) together++;
  }
  if (together < beyond / 2) return [];
  return scripts.flatMap((script) => {
    const reading = read(script, bytes);
    return reading === null ? [] : [reading];
  });
}

/** Null when too much of it is not a character. */
function read(script: Script, bytes: Uint8Array): Reading | null {
  let characters = 0;
  let broken = 0;
  const found = new Map<number, { score: number; length: number; count: number }>();
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i];
    if (lead < 0x80) {
      i++;
      continue;
    }
    characters++;
    const trail = bytes[i + 1] ?? 0;
    const length = script.length(lead, trail, bytes[i + 2] ?? 0);
    if (length === 0) {
      broken++;
      i++;
      continue;
    }
    const character = length === 1 ? lead : (lead << 8) | trail;
    const seen = found.get(character);
    if (seen !== undefined) {
      seen.count++;
    } else {
      // Words of two scripts have something between them more often than not.
      const mixed = (isAsciiLetter(bytes[i - 1]) ? 3 : 0) + (isAsciiLetter(bytes[i + length]) ? 3 : 0);
      found.set(character, { score: script.score(lead, trail) - mixed, length, count: 1 });
    }
    i += length;
  }
  if (broken > 1 + characters / 20) return null;
  const common = commonPairs(script);
  let score = -20 * broken - rarity;
  let weight = broken;
  for (const [character, each] of found) {
    const times = 1 + Math.log(each.count);
    score += times * (common.has(character) ? Math.max(each.score, kana) : each.score);
    weight += times * each.length;
  }
  return { encoding: script.encoding, score, weight, text: script.encoding };
}

function isAsciiLetter(byte: number | undefined): boolean {
  return byte !== undefined && /[a-z]/i.test(String.fromCharCode(byte));
}

const pairs = new Map<string, Set<number>>();
function commonPairs({ encoding, common }: Script): Set<number> {
  let known = pairs.get(encoding);
  if (known === undefined) {
    const bytes = iconv.encode(common, encoding);
    known = new Set(Array.from({ length: bytes.length / 2 }, (_, k) => bytes.readUInt16BE(2 * k)));
    pairs.set(encoding, known);
  }
  return known;
}
