/** The controls of a source's form, each tied to a member of what is sent: its value, and what is wrong with it. */
import type { ReactNode } from "react";
import { Choice, Labelled, LabelledInput, LabelledSelect } from "../parts/Labelled.tsx";
import type { FormView } from "./use-source-form.ts";

interface FieldProps {
  view: FormView;
  /** The API's name of the member. */
  path: string;
  label: string;
  hint?: ReactNode;
}

export function TextField({
  view,
  path,
  label,
  hint,
  type = "text",
  inputMode,
  required,
}: FieldProps & {
  type?: "text" | "url" | "password" | "time";
  inputMode?: "numeric";
  required?: boolean;
}): ReactNode {
  return (
    <LabelledInput
      label={label}
      hint={hint}
      problem={view.problemAt(path)}
      type={type}
      inputMode={inputMode}
      required={required}
      // What a browser remembers of this server is not the host's.
      autoComplete={type === "password" ? "new-password" : "off"}
      spellCheck={false}
      autoCapitalize="none"
      value={view.draft[path] ?? ""}
      onText={(text) => view.set(path, text)}
    />
  );
}

/** Several lines. */
export function LinesField({
  view,
  path,
  label,
  hint,
  required,
  rows = 2,
}: FieldProps & { required?: boolean; rows?: number }): ReactNode {
  return (
    <Labelled label={label} hint={hint} problem={view.problemAt(path)}>
      {(control) => (
        <textarea
          className="textarea"
          {...control}
          rows={rows}
          required={required}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="none"
          value={view.draft[path] ?? ""}
          onChange={({ target }) => view.set(path, target.value)}
        />
      )}
    </Labelled>
  );
}

export function SelectField({
  view,
  path,
  label,
  hint,
  options,
}: FieldProps & { options: readonly (readonly [value: string, words: string])[] }): ReactNode {
  return (
    <LabelledSelect
      label={label}
      hint={hint}
      problem={view.problemAt(path)}
      options={options}
      value={view.draft[path] ?? ""}
      onPick={(value) => view.set(path, value)}
    />
  );
}

export function CheckField({ view, path, label, hint }: FieldProps): ReactNode {
  return (
    <Choice
      type="checkbox"
      hint={hint}
      checked={view.draft[path] === "yes"}
      onChange={({ target }) => view.set(path, target.checked ? "yes" : "")}
    >
      {label}
    </Choice>
  );
}

/** A group of controls under a heading, side by side where there is room. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <fieldset className="source-fields">
      <legend>
        <h3>{title}</h3>
      </legend>
      {children}
    </fieldset>
  );
}
