/** A question with a few answers, each shown by an example out of the column: open while it is asked, folded away afterwards. */
import { type ReactNode, useId, useState } from "react";
import { Choice } from "../../parts/Choice.tsx";

export interface ReadingChoiceProps<Way extends string> {
  question: string;
  /** What is said when it is folded away. */
  settled: string;
  isAsked: boolean;
  ways: readonly { way: Way; name: ReactNode; example?: ReactNode }[];
  chosen: Way | undefined;
  onChoose: (way: Way) => void;
}

export function ReadingChoice<Way extends string>(props: ReadingChoiceProps<Way>): ReactNode {
  const { question, settled, isAsked, ways, chosen, onChoose } = props;
  const name = useId();
  // What was asked stays open when it is answered: the keyboard is still there.
  const [wasAsked, setAsked] = useState(isAsked);
  if (isAsked && !wasAsked) setAsked(true);
  const group = (
    <fieldset className={isAsked ? "map-question" : "map-answers"}>
      <legend className={isAsked || wasAsked ? "map-legend" : "hidden-text"}>{question}</legend>
      {ways.map(({ way, name: words, example }) => (
        <Choice
          key={way}
          type="radio"
          name={name}
          checked={!isAsked && chosen === way}
          onChange={() => onChoose(way)}
          hint={example}
        >
          {words}
        </Choice>
      ))}
    </fieldset>
  );
  if (wasAsked) return group;
  return (
    <details className="map-more">
      <summary>{settled}</summary>
      {group}
    </details>
  );
}
