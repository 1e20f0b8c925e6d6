/** Where one can go from a component. The page around it says what address each place has, or shows it in its own way. */
export type Place =
  /** A new import, of this importer if it is said. */
  | { page: "new"; importer?: string }
  /** The wizard of an import, at the step that fits its status. */
  | { page: "import"; id: number }
  | { page: "history" }
  /** All there is to know about an import. */
  | { page: "job"; id: number }
  /** The records that an import has written. */
  | { page: "records"; id: number };

export interface Places {
  /** Its address; null: it has none, and is shown by `go` alone. */
  hrefOf(place: Place): string | null;
  go(place: Place): void;
  /** Whether it can be shown at all. Default: every place. */
  has?(place: Place["page"]): boolean;
}
