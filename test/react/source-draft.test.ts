/** The form of a source: what is sent of what is typed, and what a source is in the form again. */
import { describe, expect, it } from "vitest";
import type { ContextChoice, Source } from "../../src/client/index.ts";
import type { Draft } from "../../src/react/sources/draft.ts";
import { rhythms, scheduleDraft, scheduleIn } from "../../src/react/sources/schedule-draft.ts";
import {
  changesOf,
  draftOf,
  type FormScope,
  firstDraft,
  newSourceOf,
  pathsIn,
  problemsIn,
} from "../../src/react/sources/source-draft.ts";

const year: ContextChoice = { name: "year", label: "Year", type: "integer", pinned: false };
const whole: FormScope = { isNew: true, withPlace: true, withSecrets: true, context: [] };
const print = `SHA256:${"A".repeat(43)}`;
const sftp: Draft = {
  ...firstDraft("sftp"),
  name: " night ",
  importer: "leads",
  timeZone: "Europe/Paris",
  "place.host": " files.example.com ",
  "place.port": "2222",
  "place.user": "crm",
  "place.password": " with blanks ",
  "place.hostFingerprint": `${print}\n\n`,
  files: "*.csv\n *.xlsx ",
};

const source: Source = {
  ...{ id: 3, name: "night", origin: "api", importer: "leads", context: {}, hasSecrets: true },
  place: { kind: "sftp", host: "files.example.com", port: 22, user: "crm", hostFingerprint: [print, print] },
  ...{ files: ["*"], schedule: "30 6 * * 1-5", timeZone: "Europe/Paris", done: { moveTo: "done" }, settleSeconds: 30 },
  ...{ parallel: true, sameContent: "skip", mapping: { columns: [], fields: [] }, acceptDoubts: false },
  options: { autoCommit: true, mode: "append" },
  ...{ state: "working", nextRunAt: null, lookAt: null, lookedAt: null, error: null, waitsFor: null },
  counts: { new: 0, ready: 0, made: 0, imported: 0, same: 0, empty: 0, failed: 0 },
  ...{ createdBy: null, createdByName: null, createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
};

describe("a new source", () => {
  it("is sent trimmed but for its secrets, without what is left empty", () => {
    expect(problemsIn(sftp, whole)).toEqual({});
    expect(newSourceOf(sftp, whole)).toEqual({
      name: "night",
      importer: "leads",
      place: {
        ...{ kind: "sftp", host: "files.example.com", port: 2222, user: "crm" },
        ...{ password: " with blanks ", hostFingerprint: print },
      },
      ...{ schedule: "0 6 * * *", timeZone: "Europe/Paris", files: ["*.csv", "*.xlsx"], done: "keep" },
      ...{ settleSeconds: 30, parallel: false, sameContent: "skip", acceptDoubts: false },
      options: { autoCommit: true },
    });
  });

  it("at a URL has headers, one per line, and no rules of a folder", () => {
    const draft = {
      ...firstDraft("url"),
      "place.url": "https://example.com/x.csv",
      "place.headers": "Authorization: Bearer a:b\nAccept:text/csv",
      done: "delete",
    };
    const { place, files, done } = newSourceOf(draft, whole);
    expect({ place, files, done }).toEqual({
      place: {
        kind: "url",
        url: "https://example.com/x.csv",
        headers: { Authorization: "Bearer a:b", Accept: "text/csv" },
      },
      ...{ files: ["*"], done: "keep" },
    });
    expect(pathsIn(draft, whole)).not.toContain("done");
  });

  it("has no secrets where the server keeps none", () => {
    const draft = { ...firstDraft("ftp"), "place.host": "h", "place.password": "p" };
    expect(newSourceOf(draft, { ...whole, withSecrets: false }).place).toEqual({
      kind: "ftp",
      host: "h",
      tls: "explicit",
    });
  });

  it("says what is missing, and what cannot be", () => {
    const draft = {
      ...firstDraft("sftp"),
      ...{ name: "Night", "place.port": "70000", "place.host": " ", settleSeconds: "1.5", done: "move" },
      ...{ "schedule.every": "week", "schedule.time": "", "context.year": "soon" },
    };
    expect(problemsIn(draft, { ...whole, context: [year] })).toEqual({
      ...{ name: "badName", importer: "missing", "context.year": "missing", settleSeconds: "badSeconds" },
      ...{ "place.host": "missing", "place.port": "badPort", "place.user": "missing" },
      ...{ "place.hostFingerprint": "missing", "done.moveTo": "missing", "schedule.time": "missing" },
    });
    const url = { ...firstDraft("url"), name: "a", importer: "b", "place.url": "x", "place.headers": "nonsense" };
    expect(problemsIn(url, whole)).toEqual({ "place.headers": "badHeaders" });
  });
});

describe("a changed source", () => {
  const scope: FormScope = { ...whole, isNew: false, withPlace: false };

  it("is in the form as it is, without its secrets", () => {
    expect(draftOf(source)).toMatchObject({
      ...{ "place.kind": "sftp", "place.port": "22", "place.hostFingerprint": `${print}\n${print}` },
      ...{ "schedule.every": "workday", "schedule.time": "06:30", files: "", done: "move", "done.moveTo": "done" },
      ...{ parallel: "yes", sameContent: "", autoCommit: "yes", acceptDoubts: "" },
    });
    expect(draftOf(source)["place.password"]).toBeUndefined();
  });

  it("keeps what is not changed: its place, its options, its schedule", () => {
    expect(changesOf(draftOf(source), scope, source)).toEqual({});
    const reviewed = { ...draftOf(source), autoCommit: "", "schedule.time": "07:00", "place.password": "again" };
    expect(changesOf(reviewed, { ...scope, withPlace: true }, source)).toEqual({
      schedule: "0 7 * * 1-5",
      place: { ...source.place, password: "again" },
      options: { autoCommit: false, mode: "append" },
    });
  });
});

describe("a schedule", () => {
  it.each([
    [null, "none"],
    ["*/15 * * * *", "minutes"],
    ["0 * * * *", "hour"],
    ["30 6 * * *", "day"],
    ["30 6 * * 1-5", "workday"],
    ["0 23 * * 0", "week"],
    ["5 0 31 * *", "month"],
    ["*/7 * * * *", "cron"],
    ["20 * * * *", "cron"],
    ["0 */6 * * *", "cron"],
    ["0 6 * * 1,3", "cron"],
    ["0 6 1 1 *", "cron"],
    ["whatever", "cron"],
  ] as const)("%s comes back as it was, as %s", (schedule, every) => {
    const draft = scheduleDraft(schedule);
    expect(draft["schedule.every"]).toBe(every);
    expect(rhythms).toContain(every);
    expect(scheduleIn(draft)).toBe(schedule);
  });

  it("with a nickname is shown as what it means", () => {
    expect([scheduleIn(scheduleDraft("@daily")), scheduleIn(scheduleDraft("@hourly"))]).toEqual([
      "0 0 * * *",
      "0 * * * *",
    ]);
  });
});
