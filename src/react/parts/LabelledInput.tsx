/** A line to type into, with its label, a hint and what is wrong with what stands there. */
import type { InputHTMLAttributes, ReactNode } from "react";
import { Labelled, type LabelledProps } from "./Labelled.tsx";

export interface LabelledInputProps
  extends Omit<LabelledProps, "children">,
    Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "onChange"> {
  value: string;
  onText: (text: string) => void;
}

/** @example <LabelledInput label="City" value={city} onText={setCity} /> */
export function LabelledInput({
  label,
  hint,
  problem,
  hideLabel,
  className,
  onText,
  ...input
}: LabelledInputProps): ReactNode {
  return (
    <Labelled {...{ label, hint, problem, hideLabel }}>
      {(control) => (
        <input
          {...input}
          {...control}
          className={className === undefined ? "input" : `input ${className}`}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Labelled>
  );
}
