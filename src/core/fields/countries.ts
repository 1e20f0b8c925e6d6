/** Countries by their codes (ISO 3166-1 alpha-2), as far as their phone numbers have a plan of their own. */

/** Those that libphonenumber knows; a test compares. */
export const countries: readonly string[] = (
  "AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN " +
  "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN " +
  "HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK " +
  "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW " +
  "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI " +
  "VN VU WF WS XK YE YT ZA ZM ZW"
).split(" ");

/** The code that somebody meant by a country's name in English, French, Swedish or its own small letters; null: none. */
export function countryMeant(word: string): string | null {
  const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const wanted = plain(word);
  if (wanted === "uk") return "GB";
  if (wanted === "usa") return "US";
  const byCode = countries.find((code) => code === word.trim().toUpperCase());
  if (byCode !== undefined) return byCode;
  for (const language of ["en", "fr", "sv"]) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    const found = countries.find((code) => plain(names.of(code) ?? "") === wanted);
    if (found !== undefined) return found;
  }
  // A code of three letters mostly begins with that of two.
  return /^[a-z]{3}$/.test(wanted)
    ? (countries.find((code) => code === wanted.slice(0, 2).toUpperCase()) ?? null)
    : null;
}
