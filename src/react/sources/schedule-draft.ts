/** A schedule as a form asks for it: how often, at what time; or as cron writes it. */
import type { Draft } from "./draft.ts";
import { rhythmOf } from "./schedule-words.ts";

export const rhythms = ["none", "minutes", "hour", "day", "workday", "week", "month", "cron"] as const;
/** Each is a part of an hour, so that the gaps are the same. */
export const minuteSteps = ["5", "10", "15", "20", "30"] as const;

const usual: Draft = {
  "schedule.every": "day",
  "schedule.minutes": "15",
  "schedule.time": "06:00",
  "schedule.weekday": "1",
  "schedule.day": "1",
  schedule: "",
};

export const firstSchedule: Draft = usual;

/** What a source has, as the form shows it. */
export function scheduleDraft(schedule: string | null): Draft {
  if (schedule === null) return { ...usual, "schedule.every": "none" };
  const rhythm = rhythmOf(schedule);
  const byCron = { ...usual, "schedule.every": "cron", schedule };
  if (rhythm === null) return byCron;
  switch (rhythm.every) {
    case "minutes": {
      const minutes = String(rhythm.count);
      if (!(minuteSteps as readonly string[]).includes(minutes)) return byCron;
      return { ...usual, "schedule.every": "minutes", "schedule.minutes": minutes };
    }
    case "hours":
      return rhythm.count === 1 ? { ...usual, "schedule.every": "hour" } : byCron;
    case "hour":
      return byCron;
    case "week":
      if (rhythm.weekdays.length !== 1) return byCron;
      return { ...atTime(rhythm), "schedule.weekday": String(rhythm.weekdays[0]) };
    case "month":
      return { ...atTime(rhythm), "schedule.day": String(rhythm.day) };
    default:
      return atTime(rhythm);
  }
}

function atTime({ every, hour, minute }: { every: string; hour: number; minute: number }): Draft {
  const two = (number: number): string => String(number).padStart(2, "0");
  return { ...usual, "schedule.every": every, "schedule.time": `${two(hour)}:${two(minute)}` };
}

/** Which of its members count. */
export function schedulePaths({ "schedule.every": every }: Draft): string[] {
  const own: Readonly<Record<string, readonly string[]>> = {
    minutes: ["schedule.minutes"],
    day: ["schedule.time"],
    workday: ["schedule.time"],
    week: ["schedule.weekday", "schedule.time"],
    month: ["schedule.day", "schedule.time"],
    cron: ["schedule"],
  };
  return ["schedule.every", ...(own[every] ?? []), ...(every === "none" ? [] : ["timeZone"])];
}

/** As cron writes it; null: only when somebody runs it. @example scheduleIn(draft) // "0 6 * * 1-5" */
export function scheduleIn(draft: Draft): string | null {
  const [hour, minute] = draft["schedule.time"].split(":").map(Number);
  const time = `${minute} ${hour}`;
  switch (draft["schedule.every"]) {
    case "minutes":
      return `*/${draft["schedule.minutes"]} * * * *`;
    case "hour":
      return "0 * * * *";
    case "day":
      return `${time} * * *`;
    case "workday":
      return `${time} * * 1-5`;
    case "week":
      return `${time} * * ${draft["schedule.weekday"]}`;
    case "month":
      return `${time} ${draft["schedule.day"]} * *`;
    case "cron":
      return draft.schedule.trim();
    default:
      return null;
  }
}
