/** Says that the browser is offline or the server away, as long as it is; nothing below it is lost. */
import type { ReactNode } from "react";
import { useConnection } from "../foundation/server-state.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Notice } from "./Notice.tsx";

export function OfflineNotice(): ReactNode {
  const t = useTexts("common");
  const { reach } = useConnection();
  if (reach === "reached") return null;
  return (
    // In sight wherever one is on the page: far down in a grid too.
    <div className="reach">
      <Notice tone="warn" title={t(reach === "offline" ? "offline" : "serverGone")}>
        {t(reach === "offline" ? "offlineHint" : "serverGoneHint")}
      </Notice>
    </div>
  );
}
