/** A year planner of its own tables: an activity in a ring, in a group of that ring and under a label, with an item for each year that it touches. */
import { defineImporter, field, ref } from "../../../src/index.ts";

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

export const activities = defineImporter({
  name: "activities",
  context: { wheel_id: { type: "bigint", from: ({ wheelId }) => wheelId } },
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

export const plannerTables = `
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
export const plannerFile = `Aktivitet;Ring;Grupp;Etikett;Startdatum;Slutdatum
Mässa;marknad;Mässor;Viktigt;2026-03-01;2026-03-04
Kampanj;Marknad;Annonser;;20 december 2026;10 januari 2028
Kickoff;Sälj;mässor;viktigt;2026-08-20;
Baklänges;Sälj;;;2026-08-20;2026-08-01
`;
/** Every item, with the wheel it is on. */
export const items = `
  select concat_ws(' ', r.wheel_id, p.year, i.title, i.starts, i.ends, r.name, g.name, l.name) as line
  from items i join pages p on p.id = page_id join rings r on r.id = i.ring_id left join groups g on g.id = group_id
    left join labels l on l.id = label_id order by i.id`;
