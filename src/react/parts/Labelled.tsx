/** Controls with their labels, hints and what is wrong with them, tied together for a screen reader; choices in a line and as cards. */
import { type InputHTMLAttributes, type ReactNode, useId } from "react";

interface LabelledProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value. */
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

interface LabelledSelectProps<Value extends string | undefined> extends Omit<LabelledProps, "children"> {
  /** Values with what they are called; `undefined`: nothing is said. */
  options: readonly (readonly [value: Value, words: string])[];
  value: Value;
  onPick: (value: Value) => void;
}

/**
 * A list of which one is picked.
 * @example <LabelledSelect label="City" options={[["par", "Paris"], ["lyo", "Lyon"]]} value={city} onPick={setCity} />
 */
export function LabelledSelect<Value extends string | undefined>({
  options,
  value,
  onPick,
  ...labelled
}: LabelledSelectProps<Value>): ReactNode {
  return (
    <Labelled {...labelled}>
      {(control) => (
        <select
          className="select"
          {...control}
          value={value ?? ""}
          onChange={({ target }) => onPick(options[target.selectedIndex][0])}
        >
          {options.map(([each, words]) => (
            <option key={each ?? ""} value={each ?? ""}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface LabelledInputProps
  extends Omit<LabelledProps, "children">,
    Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "onChange"> {
  value: string;
  onText: (text: string) => void;
}

/**
 * A line to type into.
 * @example <LabelledInput label="City" value={city} onText={setCity} />
 */
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

interface ChoiceProps extends InputHTMLAttributes<HTMLInputElement> {
  type: "checkbox" | "radio";
  children: ReactNode;
  /** Below the words, in a lighter tone. */
  hint?: ReactNode;
}

/** A check box or a radio button with its words beside it. */
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

interface OptionCardProps {
  name: string;
  title: string;
  words: string;
  /** What it comes to; its line is kept free until it is known. */
  result?: string;
  checked: boolean;
  onChoose: () => void;
}

/** A radio button as a card: what it does in a plain sentence, and what it would come to. */
export function OptionCard({ name, title, words, result, checked, onChoose }: OptionCardProps): ReactNode {
  return (
    <label className="choice-card">
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span className="option-words">
        <strong>{title}</strong>
        <span className="muted small">{words}</span>
        {result !== undefined && <span className="small option-result">{result || "\u00a0"}</span>}
      </span>
    </label>
  );
}
