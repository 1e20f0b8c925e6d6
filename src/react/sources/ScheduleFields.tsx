/** When a source is looked at: how often, at what time, in which time zone. */
import type { ReactNode } from "react";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { SelectField, TextField } from "./FormFields.tsx";
import { minuteSteps, rhythms, schedulePaths } from "./schedule-draft.ts";
import { ownTimeZone } from "./source-draft.ts";
import type { FormView } from "./use-source-form.ts";

const monthDays = Array.from({ length: 31 }, (_, day) => String(day + 1));
/** The last day that every month has. */
const shortestMonth = 28;

export function ScheduleFields({ view }: { view: FormView }): ReactNode {
  const t = useTexts("sourceForm");
  const { language } = useSluice();
  const paths = schedulePaths(view.draft);
  return (
    <div className="source-grid">
      <SelectField
        view={view}
        path="schedule.every"
        label={t("every")}
        options={rhythms.map((each) => [each, t(`every_${each}`)])}
      />
      {paths.includes("schedule.minutes") && (
        <SelectField
          view={view}
          path="schedule.minutes"
          label={t("minutes")}
          options={minuteSteps.map((step) => [step, step])}
        />
      )}
      {paths.includes("schedule.weekday") && (
        <SelectField view={view} path="schedule.weekday" label={t("weekday")} options={weekdaysIn(language)} />
      )}
      {paths.includes("schedule.day") && (
        <SelectField
          view={view}
          path="schedule.day"
          label={t("dayOfMonth")}
          hint={Number(view.draft["schedule.day"]) > shortestMonth ? t("dayOfMonthHint") : undefined}
          options={monthDays.map((day) => [day, day])}
        />
      )}
      {paths.includes("schedule.time") && (
        <TextField view={view} path="schedule.time" label={t("time")} type="time" required />
      )}
      {paths.includes("schedule") && (
        <TextField view={view} path="schedule" label={t("cron")} hint={t("cronHint")} required />
      )}
      {paths.includes("timeZone") && (
        <SelectField view={view} path="timeZone" label={t("timeZone")} options={timeZones(view.draft.timeZone)} />
      )}
    </div>
  );
}

/** From Monday on; cron's Sunday is 0. */
function weekdaysIn(language: string): [string, string][] {
  const names = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  // The fifth of January 2026 was a Monday.
  return [1, 2, 3, 4, 5, 6, 0].map((day, k) => [String(day), names.format(Date.UTC(2026, 0, 5 + k))]);
}

/** The browser's own first. One that the source has and the browser does not know is there too. */
function timeZones(chosen: string): [string, string][] {
  const all = new Set([ownTimeZone(), "UTC", chosen, ...Intl.supportedValuesOf("timeZone")]);
  return [...all].map((zone) => [zone, zone.replaceAll("_", " ")]);
}
