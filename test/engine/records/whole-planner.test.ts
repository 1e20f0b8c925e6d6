/** A year planner of its own tables: its files, one after the other and back again. */
import { expect, it } from "vitest";
import { type OpenEngine, openEngine } from "../../open-engine.ts";
import { activities, plannerFile as file, items, plannerTables } from "./planner.ts";
import { concernsOf, importAndUndo, type Step } from "./whole.ts";

const first = [
  "2 2026 Deras 2026-01-01 2026-01-02 Sälj Mässor",
  "1 2026 Mässa 2026-03-01 2026-03-04 Marknad Mässor Viktigt",
  "1 2026 Kampanj 2026-12-20 2026-12-31 Marknad Annonser",
  "1 2027 Kampanj 2027-01-01 2027-12-31 Marknad Annonser",
  "1 2028 Kampanj 2028-01-01 2028-01-10 Marknad Annonser",
  "1 2026 Kickoff 2026-08-20 2026-08-20 Sälj mässor Viktigt",
];

async function opened(): Promise<OpenEngine> {
  return openEngine([activities], plannerTables);
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
