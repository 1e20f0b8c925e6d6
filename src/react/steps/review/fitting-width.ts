/** The width at which a column shows all of its cells that are here, as far as it may grow. */
import type { Row } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import type { GridColumn } from "./grid-columns.ts";
import { boundedWidth } from "./grid-layout.ts";

/** Pixels beside the text: of a cell its padding and the mark of what is wrong, of the head its padding and the button. */
const besideCell = 44;
const besideLabel = 52;

export function fittingWidth({ field, label, choices }: GridColumn, rows: readonly Row[], cell: Element): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen === null) return boundedWidth(0);
  const { fontFamily, fontSize } = getComputedStyle(cell);
  pen.font = `600 ${fontSize} ${fontFamily}`;
  let width = pen.measureText(label).width + besideLabel;
  pen.font = `${fontSize} ${fontFamily}`;
  for (const { values } of rows) {
    const text = choiceName(choices, (values?.[field] ?? "").slice(0, 300));
    width = Math.max(width, pen.measureText(text).width + besideCell);
  }
  return boundedWidth(Math.ceil(width));
}
