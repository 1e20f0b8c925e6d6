/** Who is told of imports: the person themselves by mail, and, for admins, other programs by webhooks. */
import type { ReactNode } from "react";
import { useMe } from "../foundation/importer-queries.ts";
import { useTexts } from "../foundation/texts.ts";
import { StepHead } from "../parts/Step.tsx";
import { MailCard } from "./MailCard.tsx";
import { WebhooksCard } from "./WebhooksCard.tsx";

export function NotificationsPage(): ReactNode {
  const t = useTexts("notifications");
  const me = useMe();
  return (
    <div className="stack">
      <StepHead title={t("title")} />
      <MailCard />
      {me !== undefined && me.role !== "user" && <WebhooksCard />}
    </div>
  );
}
