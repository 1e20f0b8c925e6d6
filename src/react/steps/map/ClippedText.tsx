/** A text of the file in whatever script and length: a long one is cut, and shown as a whole when it is asked for. */
import { type ReactNode, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";

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
