/** Words in the reader's language, looked up by room and key. */
import { useCallback } from "react";
import { ClientError } from "../../client/index.ts";
import { type Message, type Params, type Room, say, type Texts } from "../locale/texts.ts";
import { useWithStep } from "./next-step.ts";
import { useSluice } from "./Sluice.tsx";

/** @example const t = useTexts("upload"); t("files", { count: 3 }) // "3 files" */
export function useTexts<R extends Room>(room: R): (key: keyof Texts[R] & string, params?: Params) => string {
  const { language, ...sluice } = useSluice();
  const texts = sluice.texts as Texts;
  return useCallback(
    (key, params) => say((texts[room] as Record<string, Message>)[key], params, language),
    [texts, room, language],
  );
}

/**
 * What an error says to a person: the server's words, in their language; the page's own where it gave none.
 * @example const reason = useReason(); reason(error) // "people.csv is empty: it has no header and no rows."
 */
export function useReason(): (error: unknown) => string {
  const t = useTexts("common");
  const withStep = useWithStep();
  return useCallback(
    (error) => {
      if (!(error instanceof ClientError)) return error instanceof Error ? error.message : String(error);
      if (error.code !== "network") return withStep(error.detail, error.next);
      if (error.status > 0) return t("serverAnswered", { status: String(error.status) });
      if (error.keptOut !== null) return t("keptOutHint", { origin: error.keptOut });
      return t(navigator.onLine ? "serverGone" : "offline");
    },
    [t, withStep],
  );
}
