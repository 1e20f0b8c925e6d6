/** A radio button as a card: what it does in a plain sentence, and what it would come to. */
import type { ReactNode } from "react";

export interface OptionCardProps {
  name: string;
  title: string;
  words: string;
  /** What it comes to; its line is kept free until it is known. */
  result?: string;
  checked: boolean;
  onChoose: () => void;
}

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
