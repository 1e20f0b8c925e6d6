/** Why a file is not taken, in the server's own words where it has some, and what to do instead. */
import type { ReactNode } from "react";
import { ClientError } from "../../../client/index.ts";
import { useReason } from "../../foundation/reason.ts";
import { useTexts } from "../../foundation/texts.ts";
import type { Texts } from "../../locale/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";
import type { Refusal } from "./chosen-file.ts";

type Key = keyof Texts["upload"] & string;

/** `may`: the same file may go in another time. `told`: the server says more about it. */
const words: Readonly<Record<Refusal, { title: Key; hint?: Key; may?: true; told?: true }>> = {
  empty: { title: "emptyTitle", hint: "emptyHint" },
  folder: { title: "folderTitle", hint: "folderHint" },
  unreadable: { title: "unreadableTitle", hint: "unreadableHint" },
  no_table: { title: "refusedTitle", hint: "refusedHint", told: true },
  too_large: { title: "largeTitle", hint: "largeHint" },
  quota: { title: "quotaTitle", hint: "quotaHint", may: true },
  other: { title: "otherTitle", may: true, told: true },
};

export interface RefusedFileProps {
  name: string;
  why: Refusal;
  error: unknown;
  onRetry: () => void;
}

export function RefusedFile({ name, why, error, onRetry }: RefusedFileProps): ReactNode {
  const t = useTexts("upload");
  const common = useTexts("common");
  const { title, hint, may, told } = words[why];
  const reasonOf = useReason();
  const reason = told && (error instanceof ClientError || why === "other") ? reasonOf(error) : undefined;
  return (
    <Notice
      tone="bad"
      title={t(title)}
      actions={
        may === undefined ? undefined : (
          <Button size="small" icon="refresh" aria-label={t("retryNamed", { name })} onClick={onRetry}>
            {common("tryAgain")}
          </Button>
        )
      }
    >
      {/* The server says itself what to do. */}
      {reason !== undefined ? <p dir="auto">{reason}</p> : hint !== undefined && <p>{t(hint)}</p>}
    </Notice>
  );
}
