/** The selected rows as a whole: left out of the import, and put back in, however many they are. */
import type { EditCounts, NewEdit, Row } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { editedView } from "./edited-view.ts";
import { isFiltered, type ReviewFilter } from "./FilterBar.tsx";
import { type CellRange, sizeOf } from "./grid-selection.ts";
import type { RowWindow } from "./row-window.ts";
import { resultOf } from "./use-review.ts";

type WholeRowsEdit = Extract<NewEdit, { kind: "leave_out" | "put_back" }>;
type WhichRows = Omit<WholeRowsEdit, "kind">;

export interface WholeRows {
  /** Rows that are selected. */
  count: number;
  /** What can be done with them, as far as it is known of rows that are not here. */
  mayLeaveOut: boolean;
  mayPutBack: boolean;
  edit(kind: WholeRowsEdit["kind"]): Promise<void>;
}

/** Rows that are named one by one: more of them are a stretch of the file, or all that are shown. */
const mostNamed = 1000;
/** As the API bounds it. */
const mostSorted = 10_000;
const never = new AbortController().signal;

export function useWholeRows({
  rows,
  range,
  count,
  filter,
  onPut,
  onNote,
}: {
  rows: RowWindow;
  range: CellRange;
  /** Rows of the list. */
  count: number;
  filter: ReviewFilter;
  onPut: (edit: NewEdit) => Promise<EditCounts | null>;
  onNote: (text: string) => void;
}): WholeRows {
  const t = useTexts("review");
  const { top, bottom } = range;
  const size = sizeOf(range).rows;
  let mayLeaveOut = size > mostNamed;
  let mayPutBack = size > mostNamed;
  for (let place = top; place <= bottom && !(mayLeaveOut && mayPutBack); place++) {
    const row = rows.at(place);
    if (row === undefined) continue;
    if (row.status === "skipped") mayPutBack = true;
    else mayLeaveOut = true;
  }

  /** Null: they could not be named. */
  const which = async (): Promise<WhichRows | null> => {
    const numbers = async (first: number, last: number): Promise<number[]> =>
      (await rows.read(first, last + 1, never)).map(({ row }) => row);
    // A row that was edited here stands where it was, whatever the filter: of a few rows those that are seen are meant.
    if (size <= mostNamed) return { rows: await numbers(top, bottom) };
    if (top === 0 && bottom >= count - 1) return { within: editedView(filter) };
    if (filter.sort !== null) return size > mostSorted ? null : { rows: await numbers(top, bottom) };
    const [from, to] = [(await numbers(top, top))[0], (await numbers(bottom, bottom))[0]];
    return { from, to, ...(isFiltered(filter) && { within: editedView(filter) }) };
  };
  return {
    count: size,
    mayLeaveOut,
    mayPutBack,
    async edit(kind) {
      let found: WhichRows | null;
      try {
        found = await which();
      } catch {
        return onNote(t("cellsUnread"));
      }
      if (found === null) return onNote(t("tooManySorted", { count: mostSorted }));
      const counts = await onPut({ kind, ...found });
      if (counts !== null) onNote(resultOf(counts, t));
    },
  };
}

/** Left out by a person, and not as a total of others: it is not edited until it is back. */
export function isLeftOutByHand(row: Row | undefined): boolean {
  return row?.issues.some(({ code }) => code === "row_left_out") ?? false;
}
