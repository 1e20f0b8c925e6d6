/** What can be done about an error or a stopped import, as the page says it: with the names of its buttons, which it takes from where they stand. */
import { useCallback } from "react";
import type { NextCode, NextStep } from "../../client/index.ts";
import type { Message, Params, Room, Texts } from "../locale/texts.ts";
import { say } from "../locale/texts.ts";
import { useSluice } from "./Sluice.tsx";

type Button = { [R in Room]: readonly [room: R, key: keyof Texts[R] & string] }[Room];
type Words = readonly [key: keyof Texts["next"], button?: Button];

/** A step is not here where the page offers it beside the message anyway, or has none. */
const words: { readonly [C in NextCode]?: Words } = {
  list_imports: ["listImports", ["common", "allImports"]],
  choose_sheet: ["chooseSheet", ["map", "fileRead"]],
  choose_entry: ["chooseEntry"],
  choose_encoding: ["chooseEncoding", ["map", "fileRead"]],
  choose_header_row: ["chooseHeaderRow", ["map", "fileRead"]],
  map_column: ["mapColumn"],
  settle_doubts: ["settleDoubts", ["map", "doubtsAccept"]],
  choose_importer: ["chooseImporter"],
  give_context: ["giveContext"],
  import_again: ["importAgain", ["upload", "again"]],
  upload_again: ["uploadAgain"],
  resume_import: ["resumeImport", ["common", "resume"]],
  resume_undo: ["resumeImport", ["common", "resume"]],
  reject_failures: ["rejectFailures", ["common", "reject"]],
  find_reason: ["findReason"],
  write_importer: ["askOperator"],
  migrate: ["askOperator"],
  grant_role: ["askOperator"],
  move_data_folder: ["askOperator"],
};

/** @example const stepOf = useNextStep(); stepOf(job.next) // "“All imports” lists those that are here." */
export function useNextStep(): (next: NextStep | null) => string {
  const { language, ...sluice } = useSluice();
  const texts = sluice.texts as Texts;
  return useCallback(
    (next) => {
      const found = next === null || !Object.hasOwn(words, next.code) ? undefined : words[next.code];
      if (next === null || found === undefined) return "";
      const [key, button] = found;
      const named = button === undefined ? "" : say(messageOf(texts, button), {}, language).replace(/…$/, "");
      const { code: _, ...about } = next;
      return say(texts.next[key], { ...(about as Params), button: named }, language);
    },
    [texts, language],
  );
}

/** A sentence of the server's with what can be done about it here. */
export function useWithStep(): (message: string, next: NextStep | null) => string {
  const stepOf = useNextStep();
  return useCallback((message, next) => [message, stepOf(next)].filter((each) => each !== "").join(" "), [stepOf]);
}

function messageOf(texts: Texts, [room, key]: Button): Message {
  return (texts[room] as Record<string, Message>)[key];
}
