/** One webhook: how it fares, what can be done with it, and what it was told. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Webhook, WebhookWithSecret } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { Problem } from "../parts/Notice.tsx";
import { DeliveryLog } from "./DeliveryLog.tsx";
import { webhooksKey } from "./webhooks-key.ts";

export function WebhookItem({
  webhook,
  onSecret,
}: {
  webhook: Webhook;
  onSecret: (rotated: WebhookWithSecret) => void;
}): ReactNode {
  const t = useTexts("notifications");
  const announce = useAnnounce();
  const { moment, list } = useFormats();
  const { client } = useSluice();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [isSure, setSure] = useState(false);
  const { id, name, url, events, importer, context, disabledAt, disabledReason, throttledUntil } = webhook;
  const acting = useMutation({
    mutationFn: async (act: "rotate" | "toggle" | "delete"): Promise<void> => {
      if (act === "rotate") onSecret(await client.webhooks.rotate(id));
      else if (act === "toggle") await client.webhooks.change(id, { isDisabled: disabledAt === null });
      else await client.webhooks.delete(id);
    },
    onSuccess: () => announce(t("saved")),
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  });
  const scope = [importer, ...Object.values(context ?? {})].filter((each) => each !== null).join(" · ");
  return (
    <li className="webhook">
      <div className="row">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {disabledAt !== null ? (
          <Badge tone="bad">{t(disabledReason === "gone" ? "stateGone" : "stateOff")}</Badge>
        ) : throttledUntil !== null ? (
          <Badge tone="warn">{t("stateThrottled", { time: moment(throttledUntil) })}</Badge>
        ) : (
          <Badge tone="good">{t("stateOn")}</Badge>
        )}
      </div>
      <p className="small webhook-url">
        <bdi>{url}</bdi>
      </p>
      <p className="muted small">
        {list(events.map((event) => t(`event_${event}`)))}
        {scope !== "" && (
          <>
            {" · "}
            <bdi>{scope}</bdi>
          </>
        )}
      </p>
      <div className="row">
        <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? "hideLog" : "showLog")}
        </Button>
        <Button size="small" look="quiet" busy={acting.isPending} onClick={() => acting.mutate("rotate")}>
          {t("rotate")}
        </Button>
        <Button size="small" look="quiet" busy={acting.isPending} onClick={() => acting.mutate("toggle")}>
          {t(disabledAt === null ? "turnOff" : "turnOn")}
        </Button>
        <Button
          size="small"
          look={isSure ? "danger" : "quiet"}
          busy={acting.isPending}
          onClick={() => (isSure ? acting.mutate("delete") : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {t(isSure ? "deleteSure" : "delete")}
        </Button>
      </div>
      {acting.error !== null && <Problem error={acting.error} />}
      {isOpen && <DeliveryLog webhook={webhook} />}
    </li>
  );
}
