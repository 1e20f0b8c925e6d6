/** Words in the reader's language, looked up by room and key. */
import { useCallback } from "react";
import { type Message, type Params, type Room, say, type Texts } from "../locale/texts.ts";
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
