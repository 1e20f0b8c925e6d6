/** The filters of the list of imports in the page's address. */
import { expect, it } from "vitest";
import { firstView, type HistoryView, searchOf, viewOf } from "../../src/react/history/history-view.ts";

it.each<[Partial<HistoryView>, string]>([
  [{}, ""],
  [{ text: "été & co" }, "q=%C3%A9t%C3%A9+%26+co"],
  [{ status: "waiting", importer: "leads", mine: true }, "status=waiting&importer=leads&mine=1"],
  [{ from: "2026-01-31", to: "2026-02-01" }, "from=2026-01-31&to=2026-02-01"],
  [{ sort: "fileName", order: "asc" }, "sort=fileName_asc"],
])("%j is %j, and back", (some, search) => {
  const view = { ...firstView, ...some };
  expect(searchOf(view)).toBe(search);
  expect(viewOf(search)).toEqual(view);
});

it.each([
  "status=nothing",
  "from=yesterday",
  "sort=nobody_up",
  "sort=fileName",
  "mine=yes",
  "sort=__proto___asc",
  "x=1",
])("takes nothing from %s", (search) => {
  expect(viewOf(search)).toEqual(firstView);
});
