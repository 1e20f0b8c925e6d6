/** Time zones in headers and cells: what is one, what is none, and what means several. */
import { describe, expect, it } from "vitest";
import { headerZone } from "../../src/mapping/header-zone.ts";
import { readMoment } from "../../src/values/read-moment.ts";

describe("headerZone", () => {
  it.each([
    ["Created (UTC)", "Created", "UTC"],
    ["Log time(UTC)", "Log time", "UTC"],
    ["Start (GMT+2)", "Start", "+02:00"],
    ["Hora (UTC-3)", "Hora", "-03:00"],
    ["Timestamp UTC+01:00", "Timestamp", "+01:00"],
    ["Start time (UTC+01:00) Amsterdam, Berlin", "Start time", "+01:00"],
    ["Uhrzeit MEZ", "Uhrzeit", "+01:00"],
    ["Zeitpunkt, MESZ", "Zeitpunkt", "+02:00"],
    ["Time [CET]", "Time", "+01:00"],
    ["Date - PST", "Date", "-08:00"],
    ["Heure (Paris)", "Heure", "Europe/Paris"],
    ["Heure (heure de Paris)", "Heure", "Europe/Paris"],
    ["Created at (Europe/Stockholm)", "Created at", "Europe/Stockholm"],
    ["Order date (New York)", "Order date", "America/New_York"],
    ["Start Date (Eastern Time)", "Start Date", "America/New_York"],
    ["UTC timestamp", "timestamp", "UTC"],
    ["created_utc", "created", "UTC"],
    ["date_created_gmt", "date_created", "UTC"],
    ["updatedAtUTC", "updatedAt", "UTC"],
  ])("%s", (header, name, zone) => {
    expect(headerZone(header)).toEqual({ name, zone: { zone } });
  });

  it("knows letters that mean several, and which of them the field's zone is", () => {
    expect(headerZone("When (IST)")?.zone).toEqual({ oneOf: ["+05:30", "+02:00", "+01:00"] });
    expect(headerZone("When (IST)", "Asia/Kolkata")?.zone).toEqual({ zone: "+05:30" });
    expect(headerZone("Opened (CST)", "America/Chicago")?.zone).toEqual({ zone: "-06:00" });
  });

  it("takes local time for the field's own", () => {
    expect(headerZone("Time (local time)")).toEqual({ name: "Time", zone: null });
    expect(headerZone("Uhrzeit (Ortszeit)")).toEqual({ name: "Uhrzeit", zone: null });
  });

  it.each([
    "Created",
    "Datum Ist",
    "Date est.",
    "Art",
    "UTC offset",
    "Time zone (UTC)",
    "(UTC)",
    "Amount (EUR)",
    "Date (dd/mm/yyyy)",
    "Created (date)",
    "Price (net)",
  ])("finds none in %s", (header) => {
    expect(headerZone(header)).toBeNull();
  });
});

describe("a zone behind the clock", () => {
  const zone = (cell: string, own?: string): unknown => {
    const moment = readMoment(cell, "dmy", undefined, own);
    return moment === null ? null : (moment.unknownZone ?? moment.offset);
  };
  it.each([
    ["2024-07-01 10:00 CEST", "+02:00"],
    ["2024-07-01 10:00 MEZ", "+01:00"],
    ["2024-07-01 10:00:00 PM PST", "-08:00"],
    ["Jul 1, 2024 10:00:00 a.m. EDT", "-04:00"],
    ["2024-07-01 10:00 Uhr MESZ", "+02:00"],
    ["2024-07-01 10:00 (CET)", "+01:00"],
    ["2024-07-01 10:00 Europe/Paris", "Europe/Paris"],
    ["2024-07-01T10:00+02:00[Europe/Paris]", "+02:00"],
    ["2024-07-01T10:00[Europe/Paris]", "Europe/Paris"],
    ["Mon Jul 01 2024 10:00:00 GMT+0200 (Central European Summer Time)", "+02:00"],
    ["2024-07-01 10:00 IST", "IST"],
    ["2024-07-01 10:00 XYZ", "XYZ"],
    ["2024-07-01 10:00 (estimated)", null],
    ["2024-07-01 13:30 AM", null],
    ["2024-07-01 10:00 Nope/Nowhere", null],
  ])("%s", (cell, expected) => {
    expect(zone(cell)).toBe(expected);
  });

  it("is the field's, where that is one of several", () => {
    expect(zone("2024-07-01 10:00 IST", "Asia/Kolkata")).toBe("+05:30");
    expect(zone("2024-07-01 10:00 BST", "Europe/London")).toBe("+01:00");
  });
});
