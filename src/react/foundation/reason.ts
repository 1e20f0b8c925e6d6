/** What an error says to a person: the server's words, which come in their language; the page's own where it gave none. */
import { useCallback } from "react";
import { ClientError } from "../../client/index.ts";
import { useWithStep } from "./next-step.ts";
import { useTexts } from "./texts.ts";

/** @example const reason = useReason(); reason(error) // "people.csv is empty: it has no header and no rows." */
export function useReason(): (error: unknown) => string {
  const t = useTexts("common");
  const withStep = useWithStep();
  return useCallback(
    (error) => {
      if (!(error instanceof ClientError)) return error instanceof Error ? error.message : String(error);
      if (error.code !== "network") return withStep(error.detail, error.next);
      if (error.status > 0) return t("serverAnswered", { status: String(error.status) });
      return t(navigator.onLine ? "serverGone" : "offline");
    },
    [t, withStep],
  );
}
