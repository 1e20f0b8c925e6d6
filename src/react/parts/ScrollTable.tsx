/** A table in a box that scrolls by itself, by keyboard too, so that a page is never wider than its window. */
import type { ReactElement, ReactNode } from "react";

export interface ScrollTableProps {
  /** What it shows, for a screen reader. */
  label: string;
  /** Names of the columns, `{ number }` for one of numbers; or the cells of the head's row. */
  head: readonly (string | { number: string })[] | ReactElement;
  /** Rows. */
  children: ReactNode;
  /** Its head stays on top within this height, in rem. */
  maxHeight?: number;
}

/** @example <ScrollTable label="What was wrong" head={[t("reason"), { number: t("howMany") }]}>{rows}</ScrollTable> */
export function ScrollTable({ label, head, children, maxHeight }: ScrollTableProps): ReactNode {
  return (
    <section
      className="scroll-table"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
      tabIndex={0}
      style={maxHeight ? { maxHeight: `calc(${maxHeight} * var(--rem))` } : undefined}
    >
      <table>
        <thead>
          <tr>
            {"map" in head
              ? head.map((name, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; two may have one name
                  <th key={place} scope="col" className={typeof name === "string" ? undefined : "number"}>
                    {typeof name === "string" ? name : name.number}
                  </th>
                ))
              : head}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
