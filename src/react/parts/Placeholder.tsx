/** Stands where something is on its way, in about its size, so that nothing jumps when it comes. */
import type { ReactNode } from "react";
import { useTexts } from "../foundation/texts.ts";

/** @param lines how many lines of text it is as high as */
export function Placeholder({ lines = 3 }: { lines?: number }): ReactNode {
  const t = useTexts("common");
  return (
    <div className="waiting" style={{ minHeight: `calc(${lines * 1.5} * var(--rem))` }}>
      <span className="hidden-text">{t("loading")}</span>
    </div>
  );
}
