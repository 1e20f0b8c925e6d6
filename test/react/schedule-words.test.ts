/** Schedules as people say them: which have words, and what cron alone can say. */
import { expect, it } from "vitest";
import type { ApiLanguage } from "../../src/client/index.ts";
import { en } from "../../src/react/locale/en/en.ts";
import { fr } from "../../src/react/locale/fr/fr.ts";
import { sv } from "../../src/react/locale/sv/sv.ts";
import { say, type Texts } from "../../src/react/locale/texts.ts";
import { rhythmOf, rhythmParams } from "../../src/react/sources/schedule-words.ts";

const texts: Readonly<Record<ApiLanguage, Texts>> = { en, fr, sv };

/** Spaces as one types them: `Intl` has narrow and unbroken ones. */
function wordsOf(schedule: string, language: ApiLanguage = "en"): string | null {
  const rhythm = rhythmOf(schedule);
  if (rhythm === null) return null;
  const words = say(texts[language].sources[`every_${rhythm.every}`], rhythmParams(rhythm, language), language);
  return words.replace(/\s/g, " ");
}

it.each([
  ["* * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["@hourly", "Every hour"],
  ["0 */1 * * *", "Every hour"],
  ["15 * * * *", "Every hour, 15 minutes past"],
  ["0 */6 * * *", "Every 6 hours"],
  ["@daily", "Every day at 12:00 AM"],
  [" 30  6 * * * ", "Every day at 6:30 AM"],
  ["0 6 * * 0-6", "Every day at 6:00 AM"],
  ["0 6 * * 1-5", "Monday to Friday at 6:00 AM"],
  ["0 6 * * Mon-Fri", "Monday to Friday at 6:00 AM"],
  ["@Weekly", "Every Sunday at 12:00 AM"],
  ["0 18 * * 7,3", "Every Wednesday and Sunday at 6:00 PM"],
  ["@monthly", "On the 1st of each month at 12:00 AM"],
  ["0 6 22 * *", "On the 22nd of each month at 6:00 AM"],
  ["0 6 13 * *", "On the 13th of each month at 6:00 AM"],
])("%s: %s", (schedule, words) => {
  expect(wordsOf(schedule)).toBe(words);
});

it.each([
  ["fr", "*/15 * * * *", "Toutes les 15 minutes"],
  ["fr", "0 6 * * 1,3", "Chaque lundi et mercredi à 06:00"],
  ["fr", "0 6 1 * *", "Le 1er de chaque mois à 06:00"],
  ["fr", "0 6 2 * *", "Le 2 de chaque mois à 06:00"],
  ["sv", "*/2 * * * *", "Med 2 minuters mellanrum"],
  ["sv", "0 6 * * 1,3", "Varje måndag och onsdag kl. 06:00"],
  ["sv", "0 6 21 * *", "Den 21:a varje månad kl. 06:00"],
  ["sv", "0 6 11 * *", "Den 11:e varje månad kl. 06:00"],
] as const)("in %s, %s: %s", (language, schedule, words) => {
  expect(wordsOf(schedule, language)).toBe(words);
});

it.each([
  ["a step with a shorter one at the end", "*/7 * * * *"],
  ["several times a day", "0 6,18 * * *"],
  ["a month", "0 6 1 1 *"],
  ["a day of the month or of the week", "0 6 1 * 1"],
  ["the last day of the month", "0 6 L * *"],
  ["the second Monday", "0 6 * * 1#2"],
  ["seconds", "0 0 6 * * *"],
  ["a nickname without words", "@yearly"],
  ["a weekday backwards", "0 6 * * 5-1"],
  ["no hour", "0 24 * * *"],
  ["nothing", ""],
])("leaves %s to cron", (_what, schedule) => {
  expect(rhythmOf(schedule)).toBeNull();
});
