/** What a webhook was told, the newest first, attempt by attempt, and told again. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ClientError, Page, Webhook, WebhookDelivery } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Badge } from "../parts/Badge.tsx";
import { Button } from "../parts/Button.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Pages } from "../parts/Pages.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";
import { webhooksKey } from "./webhooks-key.ts";

const pageDeliveries = 20;
const askMs = 5000;
const tones = { waiting: "info", delivered: "good", failed: "bad" } as const;

export function DeliveryLog({ webhook }: { webhook: Webhook }): ReactNode {
  const t = useTexts("notifications");
  const { client } = useSluice();
  const [keys, setKeys] = useState<readonly string[]>([]);
  const after = keys.at(-1);
  const { data, error, isPlaceholderData, refetch } = useQuery<Page<WebhookDelivery>, ClientError>({
    queryKey: [...webhooksKey, webhook.id, "deliveries", after],
    queryFn: ({ signal }) => client.webhooks.deliveries(webhook.id, { after, limit: pageDeliveries }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: askMs,
  });
  if (error !== null && error.status !== 401) return <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Placeholder lines={6} />;
  if (data.items.length === 0) return <p className="muted">{t("logNone")}</p>;
  const { next } = data;
  return (
    <div className="stack">
      <ScrollTable
        label={t("log", { name: webhook.name })}
        head={[t("when"), t("event"), t("import"), t("outcome"), t("again")]}
      >
        {data.items.map((delivery) => (
          <Delivery key={delivery.id} webhook={webhook} delivery={delivery} />
        ))}
      </ScrollTable>
      {(keys.length > 0 || next !== null) && (
        <Pages
          label={t("log", { name: webhook.name })}
          onPrevious={keys.length === 0 ? null : () => setKeys(keys.slice(0, -1))}
          onNext={next === null ? null : () => setKeys([...keys, next])}
          isBusy={isPlaceholderData}
        >
          {t("page", { page: keys.length + 1 })}
        </Pages>
      )}
    </div>
  );
}

function Delivery({ webhook, delivery }: { webhook: Webhook; delivery: WebhookDelivery }): ReactNode {
  const t = useTexts("notifications");
  const announce = useAnnounce();
  const { moment, duration } = useFormats();
  const { client } = useSluice();
  const queries = useQueryClient();
  const { id, event, importId, state, page, createdAt, nextAt, attempts } = delivery;
  const again = useMutation({
    mutationFn: () => client.webhooks.redeliver(webhook.id, id),
    onSuccess: () => announce(t("askedAgain")),
    onSettled: () => queries.invalidateQueries({ queryKey: [...webhooksKey, webhook.id] }),
  });
  const last = attempts.at(-1);
  return (
    <tr>
      <td>{moment(createdAt)}</td>
      <td>
        {t(`event_${event}`)}
        {page !== null && ` (${t("page", { page })})`}
      </td>
      <td>
        <PlaceLink to={{ page: "job", id: importId }}>{t("importNumber", { id: String(importId) })}</PlaceLink>
      </td>
      <td>
        <div className="row">
          <Badge tone={tones[state]}>{t(`delivery_${state}`)}</Badge>
          {state === "waiting" && nextAt !== null && attempts.length > 0 && (
            <span className="muted small">{t("nextAt", { time: moment(nextAt) })}</span>
          )}
        </div>
        {last !== undefined && (
          <details className="small">
            <summary>{t("attempts", { count: attempts.length })}</summary>
            <ol className="webhook-attempts">
              {attempts.map(({ at, status, error, milliseconds }) => (
                <li key={at}>
                  {moment(at)} · {status === null ? t("noAnswer") : t("answered", { status: String(status) })} ·{" "}
                  {duration(milliseconds)}
                  {error !== null && (
                    <>
                      {" · "}
                      <bdi>{error}</bdi>
                    </>
                  )}
                </li>
              ))}
            </ol>
          </details>
        )}
        {again.error !== null && <Problem error={again.error} />}
      </td>
      <td>
        {(state !== "waiting" || attempts.length > 0) && (
          <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
            {t("again")}
          </Button>
        )}
      </td>
    </tr>
  );
}
