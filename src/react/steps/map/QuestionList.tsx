/** What is to be decided, in one list: one question is open, and an answer leads to the next, at last to the check of the file. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { GivenColumn, GivenField, Import, ImporterField } from "../../../client/index.ts";
import { useAnnounce, useFrame } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { AskedQuestion, useQuestionWords } from "./ColumnQuestions.tsx";
import { type ColumnView, givenFor, saidTransform } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { useSourceWords } from "./MadeFields.tsx";
import { MissingField } from "./MissingField.tsx";
import type { Question } from "./question.ts";
import { UnknownValues } from "./UnknownValues.tsx";

interface QuestionListProps {
  job: Import;
  questions: readonly Question[];
  views: readonly ColumnView[];
  fields: readonly ImporterField[];
  /** How many of the file's first rows values are of; null: all of them. */
  sampledRows: number | null;
  onSay: (columns: GivenColumn[]) => void;
  onMake: (field: GivenField) => void;
}

/** Where its open question is answered. */
export const openQuestion = ".question-body :is(select, button)";
/** Where it leads to. */
export const checkButton = "[data-check]";

/** A key that is held down would take every suggestion, and begin the check: each answer needs a press of its own. */
export function oncePressed(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.repeat) event.preventDefault();
}

export function QuestionList(props: QuestionListProps): ReactNode {
  const { questions, fields } = props;
  const t = useTexts("map");
  const id = useId();
  const frame = useFrame();
  const announce = useAnnounce();
  const { either } = useFormats();
  const wordsOf = useQuestionWords();
  const [chosen, setChosen] = useState<string | null>(null);
  // An answered one is gone at once: its place in the list is where one goes on.
  const at = Math.max(
    0,
    questions.findIndex(({ key }) => key === chosen),
  );
  const open = questions[at];
  const walks = useRef(false);
  const keys = questions.map(({ key }) => key).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list changes when a question is answered
  useEffect(() => {
    if (!walks.current) return;
    walks.current = false;
    frame?.querySelector<HTMLElement>(open === undefined ? checkButton : openQuestion)?.focus();
    // The button says itself that all is there.
    if (open !== undefined) announce(t("questionsTitle", { count: questions.length }));
  }, [keys, chosen]);
  if (open === undefined) return null;
  const from = Math.max(0, at - mostShown + 1);
  const answered = (): void => {
    walks.current = true;
    setChosen(questions[at + 1]?.key ?? null);
  };
  const titleOf = (question: Question): string => {
    if (question.kind === "missing") {
      const labels = question.group.map(({ label }) => label);
      return labels.length === 1 ? t("missingOne", { field: labels[0] }) : t("missingAny", { fields: either(labels) });
    }
    if (question.kind === "values") return t("unknownValues", { count: question.view.unknown });
    return question.kind === "column" ? wordsOf(question.view) : t("madeWay");
  };
  const nameOf = (question: Question): string | null => {
    if (question.kind === "missing") return null;
    if (question.kind !== "made") return shortened(question.view.column.column);
    return fields.find(({ name }) => name === question.made.field)?.label ?? question.made.field;
  };
  return (
    <section className="questions" aria-labelledby={id} onKeyDown={oncePressed}>
      <div className="questions-head">
        <Icon name="warn" size={18} />
        <h2 id={id}>{t("questionsTitle", { count: questions.length })}</h2>
        {hasSuggestion(open) && <span className="small">{t("questionsHint")}</span>}
      </div>
      <ol>
        {questions.slice(from, from + mostShown).map((question) => {
          const name = nameOf(question);
          const isOpen = question === open;
          return (
            <li key={question.key} className={isOpen ? "question open" : "question"}>
              <h3>
                <button
                  type="button"
                  className="question-title"
                  aria-expanded={isOpen}
                  // The open one is at its answers.
                  tabIndex={isOpen ? -1 : 0}
                  onClick={() => {
                    if (isOpen) return;
                    walks.current = true;
                    setChosen(question.key);
                  }}
                >
                  {name !== null && (
                    <>
                      <bdi dir="auto">{name}</bdi>
                      <span className="question-words">{titleOf(question)}</span>
                    </>
                  )}
                  {name === null && <span>{titleOf(question)}</span>}
                </button>
              </h3>
              {isOpen && (
                <div className="question-body">
                  <Body {...props} question={question} label={titleOf(question)} onAnswered={answered} />
                </div>
              )}
            </li>
          );
        })}
        {questions.length > from + mostShown && (
          <li className="muted small question-title">
            {t("questionsMore", { count: questions.length - from - mostShown })}
          </li>
        )}
      </ol>
    </section>
  );
}

/** Its first answer is a suggestion. */
const hasSuggestion = ({ kind }: Question): boolean => kind === "column" || kind === "made";

/** Lines at a time: more come up as these are answered. */
const mostShown = 8;

interface BodyProps extends QuestionListProps {
  question: Question;
  label: string;
  onAnswered: () => void;
}

function Body({ question, label, job, views, sampledRows, onSay, onMake, onAnswered }: BodyProps): ReactNode {
  const t = useTexts("map");
  const sourceWords = useSourceWords();
  switch (question.kind) {
    case "missing":
      return (
        <MissingField
          {...{ job, views, label }}
          group={question.group}
          onSay={(given) => {
            onAnswered();
            onSay([given]);
          }}
          onMake={(given) => {
            onAnswered();
            onMake(given);
          }}
        />
      );
    case "values": {
      const { column } = question.view;
      return (
        <UnknownValues
          key={question.key}
          view={question.view}
          sampledRows={sampledRows}
          onSave={(values) => {
            onAnswered();
            onSay([givenFor(column, { ...saidTransform(column), values })]);
          }}
        />
      );
    }
    case "column": {
      const { column } = question.view;
      const say = (given: GivenColumn): void => {
        onAnswered();
        onSay([given]);
      };
      return (
        <AskedQuestion
          key={question.key}
          view={question.view}
          onTransform={(transform) => say(givenFor(column, transform))}
          onConfirm={() => say(givenFor(column, saidTransform(column)))}
          onLeave={() => say({ column: column.column, field: null })}
        />
      );
    }
    case "made": {
      const { field, source, transform, default: fallback } = question.made;
      const say = (given: GivenField): void => {
        onAnswered();
        onMake(given);
      };
      return (
        <div className="row">
          <span>{sourceWords(question.made)}</span>
          <Button
            size="small"
            look="primary"
            onClick={() =>
              say({ field, source, ...(transform && { transform }), ...(fallback && { default: fallback }) })
            }
          >
            {t("yesTake")}
          </Button>
          <Button size="small" onClick={() => say({ field, source: null })}>
            {t("madeRemove")}
          </Button>
        </div>
      );
    }
  }
}
