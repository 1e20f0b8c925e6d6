/** How the fields of each kind are shown. One that is not listed is shown as text. */
export interface ShownKind {
  /** Of its column in the review's grid, in pixels. */
  readonly width: number;
  /** How its values are written; default: as the database gets them. */
  readonly written?: "yes_no" | "day" | "number";
  /** What a person is asked about how its cells are read. */
  readonly question?: "date_order" | "decimal_mark" | "separator";
}

const text: ShownKind = { width: 180 };

const shownKinds: Readonly<Record<string, ShownKind>> = {
  email: { width: 230 },
  phone: { width: 150 },
  integer: { width: 120, written: "number", question: "decimal_mark" },
  decimal: { width: 120, written: "number", question: "decimal_mark" },
  date: { width: 130, written: "day", question: "date_order" },
  datetime: { width: 190, question: "date_order" },
  time: { width: 110 },
  boolean: { width: 110, written: "yes_no" },
  choice: { width: 150 },
  url: { width: 260 },
  uuid: { width: 290 },
  list: { width: 230, question: "separator" },
  columns: { width: 140 },
  json: { width: 260 },
};

export function shownKind(kind: string): ShownKind {
  return Object.hasOwn(shownKinds, kind) ? shownKinds[kind] : text;
}
