/** What a column's cells alone do not say: whether it is the field, the order of its dates, its decimal mark, zeros it has lost. */
import { type ReactNode, useId, useState } from "react";
import type { MappedColumn, Transform } from "../../../client/index.ts";
import { shownKind } from "../../foundation/field-kind.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { inRegion } from "../../locale/region.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Labelled.tsx";
import { type ColumnView, saidTransform } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import {
  type DateOrder,
  type DecimalMark,
  ordersOf,
  readDate,
  readNumber,
  tellingExample,
} from "./reading-examples.ts";
import { separators, separatorWord } from "./separator-names.ts";

interface QuestionProps {
  view: ColumnView;
  /** The same field, read so. */
  onTransform: (transform: Transform) => void;
  onConfirm: () => void;
  onLeave: () => void;
}

/** The question that is open, with an answer in each of its buttons; what is suggested comes first. */
export function AskedQuestion(props: QuestionProps): ReactNode {
  const { doubt } = props.view.column;
  if (doubt === "date_order") return <Dates {...props} />;
  if (doubt === "date_serial") return <IsSerial {...props} />;
  if (doubt === "decimal_mark") return <Numbers {...props} />;
  if (doubt === "time_zone") return <Zones {...props} />;
  return doubt === "separator" ? <Separators {...props} /> : <IsIt {...props} />;
}

/** What is asked of a column. */
export function useQuestionWords(): (view: ColumnView) => string {
  const t = useTexts("map");
  return ({ column, field }) => {
    const words = { column: shortened(column.column), field: field?.label ?? "" };
    if (column.doubt === "date_order") return t("dates");
    if (column.doubt === "date_serial") return t("serialQuestion");
    if (column.doubt === "decimal_mark") return t("numbers");
    if (column.doubt === "time_zone") return t("zones");
    if (column.doubt === "separator") return t("separators");
    return t(column.doubt === "similar_name" ? "similarQuestion" : "ambiguousQuestion", words);
  };
}

/** How its cells are read, settled and folded away; what is asked is in the list of questions. */
export function ColumnReading(props: QuestionProps): ReactNode {
  const { view } = props;
  const { column, field } = view;
  if (field === undefined) return null;
  const { question } = shownKind(field.kind);
  // What is asked of a list's values is asked of each.
  const { question: ofEach } = shownKind(field.element ?? field.kind);
  return (
    <>
      {question === "separator" && column.doubt !== "separator" && <Separators {...props} />}
      {ofEach === "date_order" && column.doubt !== "date_order" && column.doubt !== "date_serial" && (
        <Dates {...props} />
      )}
      {column.transform?.timeZone !== undefined && column.doubt !== "time_zone" && <Zones {...props} />}
      {ofEach === "decimal_mark" && column.doubt !== "decimal_mark" && column.transform?.decimalMark !== undefined && (
        <Numbers {...props} />
      )}
    </>
  );
}

/** What can be done for its cells by a tick: zeros put back, words for nothing counted as empty. */
export function ColumnOffers(props: Pick<QuestionProps, "view" | "onTransform">): ReactNode {
  const { column } = props.view;
  return (
    <>
      {hasZeros(column) && <Zeros {...props} />}
      {hasBlankWords(column) && <BlankWords {...props} />}
    </>
  );
}

export function hasOffers({ column, field }: ColumnView): boolean {
  return field !== undefined && (hasZeros(column) || hasBlankWords(column));
}

const hasZeros = ({ repair, transform }: MappedColumn): boolean =>
  repair !== undefined || transform?.padTo !== undefined;
const hasBlankWords = ({ blanks, transform }: MappedColumn): boolean =>
  blanks !== undefined || transform?.blankWords !== undefined;

function IsIt({ onConfirm, onLeave }: QuestionProps): ReactNode {
  const t = useTexts("map");
  return (
    <div className="row question-answers">
      <Button size="small" look="primary" onClick={onConfirm}>
        {t("yesTake")}
      </Button>
      <Button size="small" onClick={onLeave}>
        {t("noLeave")}
      </Button>
    </div>
  );
}

function IsSerial({ view: { column, looks }, onTransform, onLeave }: QuestionProps): ReactNode {
  const t = useTexts("map");
  const day = useLongDay();
  const example = tellingExample(valuesOf(looks), ["serial" as const], readDate);
  return (
    <>
      {example !== undefined && (
        <p className="muted small">{t("readAs", { text: example, value: day(readDate(example, "serial")) ?? "" })}</p>
      )}
      <div className="row question-answers">
        <Button size="small" look="primary" onClick={() => onTransform({ ...column.transform, dateOrder: "serial" })}>
          {t("serialYes")}
        </Button>
        <Button size="small" onClick={onLeave}>
          {t("serialNo")}
        </Button>
      </div>
    </>
  );
}

function Dates({ view: { column, looks }, onTransform }: QuestionProps): ReactNode {
  const t = useTexts("map");
  const day = useLongDay();
  const chosen = column.transform?.dateOrder;
  const values = valuesOf(looks);
  const orders = ordersOf(values, chosen);
  const example = tellingExample(values, orders, readDate);
  const ways = orders.map((way: DateOrder) => {
    const value = example === undefined ? null : day(readDate(example, way));
    const words = value === null ? t("notRead", { text: example ?? "" }) : t("readAs", { text: example ?? "", value });
    return { way, name: t(`order_${way}`), example: example === undefined ? undefined : words };
  });
  return (
    <ReadingChoice
      question={t("dates")}
      suggestion={useSuggestion(column, t(`order_${chosen ?? "dmy"}`))}
      settled={t("datesAre", { order: t(`order_${chosen ?? "dmy"}`) })}
      isAsked={column.doubt === "date_order"}
      ways={ways}
      chosen={chosen}
      onChoose={(dateOrder) => onTransform({ ...column.transform, dateOrder })}
    />
  );
}

/** What the header says, the field's own zone, and UTC. */
function Zones({ view: { column, field }, onTransform }: QuestionProps): ReactNode {
  const t = useTexts("map");
  const chosen = column.transform?.timeZone;
  const [named] = useState(chosen);
  const own = field?.limits?.timeZone;
  const ways = [...new Set([named, chosen, typeof own === "string" ? own : undefined, "UTC"])].flatMap((way) =>
    way === undefined ? [] : [{ way, name: way }],
  );
  return (
    <ReadingChoice
      question={t("zones")}
      settled={t("zonesAre", { zone: chosen ?? "" })}
      isAsked={column.doubt === "time_zone"}
      ways={ways}
      chosen={chosen}
      onChoose={(timeZone) => onTransform({ ...saidTransform(column), timeZone })}
    />
  );
}

const marks: readonly DecimalMark[] = [",", "."];

function Numbers({ view: { column, looks }, onTransform }: QuestionProps): ReactNode {
  const t = useTexts("map");
  const { language } = useSluice();
  const chosen = column.transform?.decimalMark;
  const example = tellingExample(valuesOf(looks), marks, readNumber);
  const ways = marks.map((way) => {
    const value = example === undefined ? null : readNumber(example, way);
    const written =
      value === null ? "" : new Intl.NumberFormat(inRegion(language), { maximumFractionDigits: 6 }).format(value);
    return {
      way,
      name: t(`mark_${way}`),
      example: value === null ? undefined : t("readAs", { text: example ?? "", value: written }),
    };
  });
  return (
    <ReadingChoice
      question={t("numbers")}
      suggestion={useSuggestion(column, t(`mark_${chosen ?? "."}`))}
      settled={t("numbersAre", { mark: t(`mark_${chosen ?? "."}`) })}
      isAsked={column.doubt === "decimal_mark"}
      ways={ways}
      chosen={chosen}
      onChoose={(decimalMark) => onTransform({ ...column.transform, decimalMark })}
    />
  );
}

function Separators({ view: { column, looks }, onTransform }: QuestionProps): ReactNode {
  const t = useTexts("map");
  const { quoted } = useFormats();
  const chosen = column.transform?.separator;
  const values = valuesOf(looks);
  const known: readonly string[] = separators;
  const own = chosen === undefined || known.includes(chosen) ? [] : [chosen];
  // Only those that part something, and what was chosen.
  const ways = [...own, ...known].filter((mark) => mark === chosen || values.some((value) => value.includes(mark)));
  if (ways.length === 0) return null;
  const nameOf = (mark: string | undefined): string => {
    const { word, mark: sign } = separatorWord(mark);
    return t(word, { mark: sign });
  };
  const example = (mark: string): string | undefined => {
    const value = values.find((each) => each.includes(mark));
    const parts = value
      ?.split(mark)
      .flatMap((part) => (part.trim() === "" ? [] : [quoted(shortened(part.trim(), 20))]));
    return parts?.slice(0, 4).join(" ");
  };
  return (
    <ReadingChoice
      question={t("separators")}
      settled={t("separatorsAre", { mark: nameOf(chosen) })}
      isAsked={column.doubt === "separator"}
      ways={ways.map((way) => ({ way, name: nameOf(way), example: example(way) }))}
      chosen={chosen}
      onChoose={(separator) => onTransform({ ...saidTransform(column), separator })}
    />
  );
}

function BlankWords({ view: { column }, onTransform }: Pick<QuestionProps, "view" | "onTransform">): ReactNode {
  const t = useTexts("map");
  const { list, quoted } = useFormats();
  const { blanks, transform } = column;
  const areBlank = transform?.blankWords !== undefined;
  const words = transform?.blankWords ?? blanks?.words ?? [];
  const named = list(words.map((word) => quoted(shortened(word, 20))));
  return (
    <Choice
      type="checkbox"
      checked={areBlank}
      onChange={() => {
        const { blankWords: _, ...others } = transform ?? {};
        onTransform(areBlank ? others : { ...others, blankWords: words });
      }}
    >
      {areBlank ? t("wordsAreBlank", { words: named }) : t("wordsAsBlank", { words: named, count: blanks?.cells ?? 0 })}
    </Choice>
  );
}

function Zeros({ view: { column }, onTransform }: Pick<QuestionProps, "view" | "onTransform">): ReactNode {
  const t = useTexts("map");
  const { repair, transform } = column;
  const isPadded = transform?.padTo !== undefined;
  const width = transform?.padTo ?? repair?.width ?? 0;
  const offer = repair === undefined || repair.cells === 0 ? "padNone" : "pad";
  return (
    <Choice
      type="checkbox"
      checked={isPadded}
      onChange={() => {
        const { padTo: _, ...others } = transform ?? {};
        onTransform(isPadded ? others : { ...others, padTo: width });
      }}
    >
      {isPadded ? t("padded", { width }) : t(offer, { width, count: repair?.cells ?? 0 })}
    </Choice>
  );
}

function valuesOf(looks: ColumnView["looks"]): string[] {
  return looks?.top.map(({ value }) => value) ?? [];
}

/** What the rest of the file suggests, and why, where the column's own cells do not say. */
function useSuggestion({ readBy }: ColumnView["column"], way: string): string | undefined {
  const t = useTexts("map");
  const isOfFile = readBy === "columns" || readBy === "origin" || readBy === "language";
  return isOfFile ? t(`suggestedBy_${readBy}`, { way }) : undefined;
}

/** `3 April 2025`, as the reader writes it. */
function useLongDay(): (date: Date | null) => string | null {
  const { language } = useSluice();
  const format = new Intl.DateTimeFormat(inRegion(language), { dateStyle: "long", timeZone: "UTC" });
  return (date) => (date === null ? null : format.format(date));
}

interface ReadingChoiceProps<Way extends string> {
  question: string;
  /** Shown while it is asked. */
  suggestion?: string | undefined;
  /** What is said when it is folded away. */
  settled: string;
  isAsked: boolean;
  ways: readonly { way: Way; name: ReactNode; example?: ReactNode }[];
  chosen: Way | undefined;
  onChoose: (way: Way) => void;
}

/** A question with a few answers, each shown by an example out of the column: buttons while it is asked, folded away afterwards. */
function ReadingChoice<Way extends string>(props: ReadingChoiceProps<Way>): ReactNode {
  const { question, suggestion, settled, isAsked, ways, chosen, onChoose } = props;
  const name = useId();
  if (isAsked) {
    const suggested = ways.find(({ way }) => way === chosen);
    const ordered = suggested === undefined ? ways : [suggested, ...ways.filter((each) => each !== suggested)];
    return (
      <fieldset>
        <legend className="hidden-text">{question}</legend>
        {suggestion !== undefined && <p className="muted small">{suggestion}</p>}
        <div className="row question-answers">
          {ordered.map(({ way, name: words, example }) => (
            <button
              key={way}
              type="button"
              className={way === chosen ? "question-answer suggested" : "question-answer"}
              onClick={() => onChoose(way)}
            >
              <strong>{words}</strong>
              {example !== undefined && <span className="small"> {example}</span>}
            </button>
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <details className="map-more">
      <summary>{settled}</summary>
      <fieldset className="map-answers">
        <legend className="hidden-text">{question}</legend>
        {ways.map(({ way, name: words, example }) => (
          <Choice
            key={way}
            type="radio"
            name={name}
            checked={chosen === way}
            onChange={() => onChoose(way)}
            hint={example}
          >
            {words}
          </Choice>
        ))}
      </fieldset>
    </details>
  );
}
