/** Numbers, sizes, moments and durations as the reader's language and region write them. */
import { useMemo } from "react";
import type { ApiLanguage } from "../../client/index.ts";
import { inRegion } from "../locale/region.ts";
import { quotedIn } from "./quotation-marks.ts";
import { useSluice } from "./Sluice.tsx";

export interface Formats {
  number(value: number): string;
  /** Of 0 to 1. */
  percent(share: number): string;
  bytes(count: number): string;
  /** A moment in ISO 8601, with its time of day. */
  moment(iso: string): string;
  day(iso: string): string;
  time(iso: string): string;
  /** The time of day without its seconds. */
  clock(iso: string): string;
  duration(ms: number): string;
  list(words: readonly string[]): string;
  /** One of them. */
  either(words: readonly string[]): string;
  /** A text of the person's own, in quotation marks. */
  quoted(text: string): string;
}

export function formatsOf(language: ApiLanguage): Formats {
  const region = inRegion(language);
  const number = new Intl.NumberFormat(region);
  const percent = new Intl.NumberFormat(region, { style: "percent", maximumFractionDigits: 1 });
  const moment = new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(region, { dateStyle: "medium" });
  const time = new Intl.DateTimeFormat(region, { timeStyle: "medium" });
  const clock = new Intl.DateTimeFormat(region, { timeStyle: "short" });
  const list = new Intl.ListFormat(language, { style: "long", type: "conjunction" });
  const either = new Intl.ListFormat(language, { style: "long", type: "disjunction" });
  const unit = (value: number, name: string, digits = 0, unitDisplay: "short" | "long" = "short"): string =>
    new Intl.NumberFormat(region, {
      style: "unit",
      unit: name,
      unitDisplay,
      maximumFractionDigits: digits,
    }).format(value);
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    bytes(count) {
      if (count < 1000) return unit(count, "byte", 0, "long");
      if (count < 1e6) return unit(count / 1e3, "kilobyte");
      if (count < 1e9) return unit(count / 1e6, "megabyte", 1);
      return unit(count / 1e9, "gigabyte", 2);
    },
    moment: (iso) => moment.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    duration(ms) {
      if (ms < 1000) return unit(Math.max(0, Math.round(ms)), "millisecond");
      const seconds = Math.round(ms / 1000);
      if (ms < 10_000) return unit(ms / 1000, "second", 1);
      if (seconds < 60) return unit(seconds, "second");
      if (seconds < 3600) return `${unit(Math.floor(seconds / 60), "minute")} ${unit(seconds % 60, "second")}`;
      return `${unit(Math.floor(seconds / 3600), "hour")} ${unit(Math.floor((seconds % 3600) / 60), "minute")}`;
    },
    list: (words) => list.format(words),
    either: (words) => either.format(words),
    quoted: (text) => quotedIn(language, text),
  };
}

export function useFormats(): Formats {
  const { language } = useSluice();
  return useMemo(() => formatsOf(language), [language]);
}
