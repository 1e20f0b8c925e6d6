/** A control with its label, a hint and what is wrong with it, tied together for a screen reader. */
import { type ReactNode, useId } from "react";

export interface LabelledProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with what stands there. */
  problem?: ReactNode;
  /** The label is heard, not seen. */
  hideLabel?: boolean;
  /** Gets what ties the control to them. */
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

/** @example <Labelled label="City">{(control) => <input className="input" {...control} />}</Labelled> */
export function Labelled({ label, hint, problem, hideLabel = false, children }: LabelledProps): ReactNode {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean);
  return (
    <div className="labelled">
      <label htmlFor={id} className={hideLabel ? "hidden-text" : undefined}>
        {label}
      </label>
      {children({
        id,
        ...(described.length > 0 && { "aria-describedby": described.join(" ") }),
        ...(problem !== undefined && { "aria-invalid": true as const }),
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="control-problem small">
          {problem}
        </p>
      )}
    </div>
  );
}
