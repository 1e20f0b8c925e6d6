/** A check box or a radio button with its words beside it. */
import type { InputHTMLAttributes, ReactNode } from "react";

export interface ChoiceProps extends InputHTMLAttributes<HTMLInputElement> {
  type: "checkbox" | "radio";
  children: ReactNode;
  /** Below the words, in a lighter tone. */
  hint?: ReactNode;
}

export function Choice({ children, hint, ...input }: ChoiceProps): ReactNode {
  return (
    <label className="choice">
      <input {...input} />
      <span>
        {children}
        {hint !== undefined && <span className="muted small choice-hint"> {hint}</span>}
      </span>
    </label>
  );
}
