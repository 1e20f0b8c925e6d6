/** A section of a page on its own surface, with a heading; and the facts listed on one. */
import { type ReactNode, useId } from "react";

interface CardProps {
  title?: ReactNode;
  /** Stands at the end of the heading's line. */
  aside?: ReactNode;
  children: ReactNode;
  /** Level of the heading. Default 2. */
  level?: 2 | 3;
  className?: string;
}

export function Card({ title, aside, children, level = 2, className }: CardProps): ReactNode {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section
      className={className === undefined ? "card" : `card ${className}`}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title !== undefined && (
        <header className="card-head">
          <Heading id={id}>{title}</Heading>
          {aside !== undefined && <div className="row">{aside}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

interface FactsProps {
  /** What is null is left out. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
  inRow?: boolean;
}

/** Names with their values, stacked or in a row. */
export function Facts({ facts, inRow = false }: FactsProps): ReactNode {
  return (
    <dl className={inRow ? "history-facts" : "job-facts"}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
