/** A year planner of its own tables: an activity in a ring, in a group of that ring and under a label, with an item for each year that it touches. */
import { expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { type OpenEngine, openEngine } from "../../open-engine.ts";
import { concernsOf, importAndUndo, type Step } from "./whole.ts";

interface Span {
  starts: string;
  ends: string;
}

function perYear({ starts, ends }: Span): { year: number; from: string; to: string }[] {
  const [first, last] = [starts, ends].map((day) => Number(day.slice(0, 4)));
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, k) => ({
    year: first + k,
    from: k === 0 ? starts : `${first + k}-01-01`,
    to: first + k === last ? ends : `${first + k}-12-31`,
  }));
}

const activities = defineImporter({
  name: "activities",
  context: { wheel_id: { type: "bigint" } },
  modes: ["append", "replace"],
  maxRemoval: 1,
  fields: {
    title: field.text({ required: true, aliases: { sv: ["Aktivitet"] } }),
    ring: field.text({ required: true }),
    group: field.text({ aliases: { sv: ["Grupp"] } }),
    label: field.text({ aliases: { sv: ["Etikett"] } }),
    starts: field.date({ required: true, aliases: { sv: ["Startdatum"] } }),
    ends: field.date({ default: (row: Span) => row.starts, aliases: { sv: ["Slutdatum"] } }),
    from: field.list(field.date(), { derive: (row: Span) => perYear(row).map(({ from }) => from) }),
    to: field.list(field.date(), { derive: (row: Span) => perYear(row).map(({ to }) => to) }),
    years: field.list(field.integer(), { derive: (row: Span) => perYear(row).map(({ year }) => year) }),
  },
  checks: [({ starts, ends }) => ((ends ?? "") < (starts ?? "") ? { field: "ends", message: "It ends first." } : null)],
  records: {
    ring: { table: "rings", key: ["ring"], set: { name: "ring" } },
    group: { table: "groups", key: [ref("ring"), "group"], set: { name: "group" }, context: [] },
    label: { table: "labels", key: ["label"], set: { name: "label" } },
    page: { table: "pages", each: "years", key: ["years"], set: { year: "years" } },
    item: {
      table: "items",
      each: ["years", "from", "to"],
      set: {
        title: "title",
        starts: "from",
        ends: "to",
        page_id: ref("page"),
        ring_id: ref("ring"),
        group_id: ref("group"),
        label_id: ref("label"),
      },
      context: [],
    },
  },
});

const ddl = `
  create table wheels (id bigserial primary key, name text);
  create table rings (id bigserial primary key, wheel_id bigint not null references wheels, name text not null);
  create unique index on rings (wheel_id, lower(name));
  create table groups (id bigserial primary key, ring_id bigint not null references rings, name text not null);
  create unique index on groups (ring_id, lower(name));
  create table labels (id bigserial primary key, wheel_id bigint not null references wheels, name text not null);
  create unique index on labels (wheel_id, lower(name));
  create table pages (id bigserial primary key, wheel_id bigint not null references wheels, year integer not null, unique (wheel_id, year));
  create table items (id bigserial primary key, page_id bigint not null references pages, ring_id bigint not null references rings,
    group_id bigint references groups, label_id bigint references labels, title text not null, starts date not null, ends date not null);
  create index on items (page_id); create index on items (ring_id); create index on items (group_id); create index on items (label_id);
  insert into wheels (name) values ('Ours'), ('Theirs');
  insert into rings (wheel_id, name) values (1, 'Marknad'), (2, 'Sälj');
  insert into groups (ring_id, name) values (2, 'Mässor');
  insert into pages (wheel_id, year) values (2, 2026);
  insert into items (page_id, ring_id, group_id, title, starts, ends) values (1, 2, 1, 'Deras', '2026-01-01', '2026-01-02');`;
const file = `Aktivitet;Ring;Grupp;Etikett;Startdatum;Slutdatum
Mässa;marknad;Mässor;Viktigt;2026-03-01;2026-03-04
Kampanj;Marknad;Annonser;;20 december 2026;10 januari 2028
Kickoff;Sälj;mässor;viktigt;2026-08-20;
Baklänges;Sälj;;;2026-08-20;2026-08-01
`;
const items = `
  select concat_ws(' ', r.wheel_id, p.year, i.title, i.starts, i.ends, r.name, g.name, l.name) as line
  from items i join pages p on p.id = page_id join rings r on r.id = i.ring_id left join groups g on g.id = group_id
    left join labels l on l.id = label_id order by i.id`;
const first = [
  "2 2026 Deras 2026-01-01 2026-01-02 Sälj Mässor",
  "1 2026 Mässa 2026-03-01 2026-03-04 Marknad Mässor Viktigt",
  "1 2026 Kampanj 2026-12-20 2026-12-31 Marknad Annonser",
  "1 2027 Kampanj 2027-01-01 2027-12-31 Marknad Annonser",
  "1 2028 Kampanj 2028-01-01 2028-01-10 Marknad Annonser",
  "1 2026 Kickoff 2026-08-20 2026-08-20 Sälj mässor Viktigt",
];

async function opened(): Promise<OpenEngine> {
  return openEngine([activities], ddl);
}

it("fits its tables", async () => {
  expect(await concernsOf(await opened(), activities)).toEqual([]);
});

it("finds or makes what an activity is in, within the wheel, and takes all of it back", async () => {
  const open = await opened();
  const came: Step = {
    importer: activities,
    file,
    rows: { created: 3, invalid: 1 },
    issues: [[5, "ends", "row_rejected"]],
  };
  await importAndUndo(
    open,
    [
      {
        ...came,
        records: {
          ring: { created: 1, unchanged: 1 },
          group: { created: 3 },
          label: { created: 1 },
          page: { created: 3 },
          item: { created: 5 },
        },
        content: { [items]: first },
      },
      {
        // Appended: the same items once more, in what is there.
        ...came,
        records: {
          ring: { unchanged: 2 },
          group: { unchanged: 3 },
          label: { unchanged: 1 },
          page: { unchanged: 3 },
          item: { created: 5 },
        },
        content: { [items]: [...first, ...first.slice(1)] },
      },
      {
        importer: activities,
        file: "Aktivitet;Ring;Grupp;Startdatum\nMöte;Sälj;Möten;2029-01-02\n",
        rows: { created: 1 },
        records: { ring: { unchanged: 1 }, group: { created: 1 }, page: { created: 1 }, item: { created: 1 } },
      },
      {
        importer: activities,
        mode: "replace",
        file: "Aktivitet;Ring;Startdatum\nMöte;Sälj;2029-01-02\n",
        rows: { created: 1 },
        records: { ring: { unchanged: 1 }, page: { unchanged: 1 }, item: { created: 1, deleted: 11 } },
        content: { [items]: [first[0], "1 2029 Möte 2029-01-02 2029-01-02 Sälj"] },
      },
    ],
    { context: { wheel_id: "1" }, language: "sv" },
  );
});
