/** Asks the browser to tell when an import has come to its end, or to a step that wants a person: at a press, never unasked. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Import } from "../../client/index.ts";
import { isRunning } from "../foundation/is-running.ts";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";

/** The imports of which a person wants to be told, for as long as the page is there. */
const wanted = new Set<number>();

export function NotifyMe({ id }: { id: number }): ReactNode {
  const t = useTexts("progress");
  const [isWanted, setWanted] = useState(wanted.has(id));
  const [isRefused, setRefused] = useState(false);
  // There is none on pages without TLS, and in some browsers on phones.
  if (typeof Notification === "undefined") return null;
  const ask = async (): Promise<void> => {
    const isAllowed = (await Notification.requestPermission()) === "granted";
    if (isAllowed) wanted.add(id);
    setWanted(isAllowed);
    setRefused(!isAllowed);
  };
  if (isRefused) return <span className="muted small">{t("notifyRefused")}</span>;
  return (
    <Button
      look="quiet"
      icon={isWanted ? "check" : "clock"}
      aria-pressed={isWanted}
      onClick={() => {
        if (!isWanted) return void ask();
        wanted.delete(id);
        setWanted(false);
      }}
    >
      {t("notifyMe")}
    </Button>
  );
}

/** Tells it, wherever in the page the import is shown. */
export function useNotified(job: Import | undefined): void {
  const ts = useTexts("status");
  const ran = useRef<number | null>(null);
  useEffect(() => {
    if (job === undefined) return;
    if (isRunning(job) || job.status === "queued") {
      ran.current = job.id;
      return;
    }
    if (ran.current !== job.id) return;
    ran.current = null;
    if (!wanted.has(job.id) || typeof Notification === "undefined") return;
    try {
      const told = new Notification(job.fileName, { body: ts(job.status), tag: `sluice-${job.id}` });
      told.onclick = () => {
        window.focus();
        told.close();
      };
    } catch {
      // Chrome on Android lets only a service worker tell.
    }
  }, [job, ts]);
}
