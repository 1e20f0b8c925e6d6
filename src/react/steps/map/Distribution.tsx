/** What a column holds, at a glance: its most frequent values as bars, or a few examples where nearly every cell is another. */
import { type ReactNode, useState } from "react";
import type { PreviewColumn } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";

const mostBars = 5;
const mostExamples = 4;
const mostlyDifferent = 0.7;

export function Distribution({ looks, rows }: { looks: PreviewColumn; rows: number }): ReactNode {
  const t = useTexts("map");
  const { number, percent } = useFormats();
  const { top, distinct, filled } = looks;
  const cells = Math.max(1, Math.round(filled * rows));
  if (top.length === 0) return <p className="muted small">{t("empty")}</p>;
  const stats = (
    <p className="muted small map-stats">
      <span>{t("filled", { share: percent(filled) })}</span>
      <span>{distinct > 1 && distinct >= cells ? t("allDifferent") : t("distinct", { count: distinct })}</span>
    </p>
  );
  // Bars tell something only where values come again.
  if (top[0].count === 1 || distinct > mostlyDifferent * cells) {
    return (
      <>
        {stats}
        <ul className="map-examples" aria-label={t("examples")}>
          {top.slice(0, mostExamples).map(({ value }) => (
            <li key={value}>
              <ClippedText text={value} most={40} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      {stats}
      <ul className="map-bars" aria-label={t("frequent")}>
        {top.slice(0, mostBars).map(({ value, count }) => (
          <li key={value}>
            <span className="map-bar-value">
              <ClippedText text={value} most={28} />
            </span>
            <span className="map-bar" aria-hidden="true">
              <span style={{ inlineSize: `${Math.max(2, (100 * count) / cells)}%` }} />
            </span>
            <span className="map-bar-count muted small" title={t("times", { count })}>
              {number(count)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A text of the file in whatever script and length: a long one is cut, and shown as a whole when it is asked for. */
export function ClippedText({ text, most = 60 }: { text: string; most?: number }): ReactNode {
  const t = useTexts("map");
  const [isWhole, setWhole] = useState(false);
  const characters = text.length > most ? [...text] : [];
  if (characters.length <= most) return <bdi dir="auto">{text}</bdi>;
  return (
    <span className="map-clip">
      <bdi dir="auto">{isWhole ? text : `${characters.slice(0, most).join("").trimEnd()}…`}</bdi>{" "}
      <button type="button" className="link as-link small" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
        {t(isWhole ? "showLess" : "showWhole")}
      </button>
    </span>
  );
}
