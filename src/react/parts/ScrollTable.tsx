/** A table in a box that scrolls by itself, by keyboard too, so that a page is never wider than its window. */
import type { ReactNode } from "react";

export interface ScrollTableProps {
  /** What it shows, for a screen reader. */
  label: string;
  head: ReactNode;
  children: ReactNode;
  /** Its head stays on top within this height, in rem. */
  maxHeight?: number;
}

/** `head`: the cells of the head's row; `children`: rows. */
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
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
