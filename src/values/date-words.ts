/** The words of dates in English, French and Swedish, folded: months, days of the week, and the words between them. */

/** Month names and their short forms → 1 to 12. */
export const months: ReadonlyMap<string, number> = new Map(
  [
    ["january", "jan", "janvier", "janv", "januari"],
    ["february", "feb", "fevrier", "fevr", "fev", "februari", "febr"],
    ["march", "mar", "mars"],
    ["april", "apr", "avril", "avr"],
    ["may", "mai", "maj"],
    ["june", "jun", "juin", "juni"],
    ["july", "jul", "juillet", "juil", "juill", "juli"],
    ["august", "aug", "aout", "aou", "augusti"],
    ["september", "sep", "sept", "septembre"],
    ["october", "oct", "octobre", "oktober", "okt"],
    ["november", "nov", "novembre"],
    ["december", "dec", "decembre"],
  ].flatMap((names, month) => names.map((name): [string, number] => [name, month + 1])),
);

/** A quick look whether a text may name a month. */
export function namesMonth(text: string): boolean {
  return /jan|f[eé]|ma[riyj]|a[pv]r|ju[inl]|a[uo][uûg]|sep|o[ck]t|nov|d[eé]/i.test(text);
}

/** What may precede a date without adding to it. `mar` is March too: only four words have a weekday. */
export const weekdays: ReadonlySet<string> = new Set(
  [
    "monday mon lundi lun mandag man",
    "tuesday tue tues mardi mar tisdag tis",
    "wednesday wed mercredi mer onsdag ons",
    "thursday thu thur thurs jeudi jeu torsdag tors tor",
    "friday fri vendredi ven fredag fre",
    "saturday sat samedi sam lordag lor",
    "sunday sun dimanche dim sondag son",
  ].flatMap((names) => names.split(" ")),
);

/** `le 3 mars`, `den 3 mars`, `the 3rd of March`. */
export const dateFillers: ReadonlySet<string> = new Set(["le", "den", "the", "of", "de"]);

/** `1er`, `2e`, `1st`, `2nd`, `3rd`, `4th`, `1:a`, `3:e`: what follows the number. */
export const ordinals: ReadonlySet<string> = new Set(["er", "e", "eme", "st", "nd", "rd", "th", "a"]);
