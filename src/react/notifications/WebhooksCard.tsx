/** The webhooks that an admin may see, a new one, and the secret of one that was just made. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ClientError, Webhook, WebhookWithSecret } from "../../client/index.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { NewWebhook } from "./NewWebhook.tsx";
import { WebhookItem } from "./WebhookItem.tsx";
import { webhooksKey } from "./webhooks-key.ts";

const askMs = 10_000;

export function WebhooksCard(): ReactNode {
  const t = useTexts("notifications");
  const { client } = useSluice();
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<WebhookWithSecret | null>(null);
  const { data, error, refetch } = useQuery<{ items: Webhook[] }, ClientError>({
    queryKey: webhooksKey,
    queryFn: ({ signal }) => client.webhooks.list({ signal }),
    refetchInterval: askMs,
  });
  return (
    <Card
      title={t("webhooks")}
      aside={
        !isAdding && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )
      }
    >
      <p className="muted">{t("webhooksHint")}</p>
      {told !== null && (
        <Notice
          tone="info"
          title={t("secretTitle")}
          actions={
            <Button size="small" onClick={() => setTold(null)}>
              {t("secretKept")}
            </Button>
          }
        >
          <p>{t("secretHint")}</p>
          <code className="webhook-secret">{told.secret}</code>
        </Notice>
      )}
      {isAdding && (
        <NewWebhook
          onMade={(made) => {
            setTold(made);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {data === undefined && error === null && <Placeholder lines={6} />}
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && !isAdding && <p>{t("webhooksNone")}</p>}
      <ul className="webhook-list">
        {data?.items.map((webhook) => (
          <WebhookItem key={webhook.id} webhook={webhook} onSecret={setTold} />
        ))}
      </ul>
    </Card>
  );
}
