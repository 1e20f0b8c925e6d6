/** Texts as Postgres takes them: what a file or a server says may have half a character or a NUL in it, which no text has there. */

/** What a Postgres text and jsonb can hold of a text that others wrote: no NUL, no lone surrogate. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** Whether it can hold the text as it is. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** A value as JSON, each of its texts as Postgres takes it. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "string" ? storableText(each) : each));
}
