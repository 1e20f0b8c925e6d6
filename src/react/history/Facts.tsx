/** Names with what they stand for, one below the other or in a row. */
import type { ReactNode } from "react";

export interface FactsProps {
  /** What is null is left out. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
  inRow?: boolean;
}

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
