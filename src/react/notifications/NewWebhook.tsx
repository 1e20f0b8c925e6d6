/** A new webhook: where to, and of what. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { WebhookEvent, WebhookWithSecret } from "../../client/index.ts";
import { useImporters } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Choice, LabelledInput, LabelledSelect } from "../parts/Labelled.tsx";
import { Problem } from "../parts/Notice.tsx";
import { webhooksKey } from "./webhooks-key.ts";

const webhookEvents: readonly WebhookEvent[] = [
  "import.ready",
  "import.completed",
  "import.failed",
  "import.cancelled",
  "import.undone",
  "import.rows",
];

export function NewWebhook({
  onMade,
  onClose,
}: {
  onMade: (made: WebhookWithSecret) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts("notifications");
  const tc = useTexts("common");
  const { client } = useSluice();
  const queries = useQueryClient();
  const { importers } = useImporters();
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [importer, setImporter] = useState<string>();
  const [events, setEvents] = useState<readonly WebhookEvent[]>(["import.completed", "import.failed"]);
  const adding = useMutation({
    mutationFn: () =>
      client.webhooks.create({
        url: url.trim(),
        events: [...events],
        ...(name.trim() !== "" && { name: name.trim() }),
        ...(importer !== undefined && { importer }),
      }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: webhooksKey });
      onMade(made);
    },
  });
  return (
    <form
      className="stack webhook-new"
      onSubmit={(event) => {
        event.preventDefault();
        if (events.length > 0) adding.mutate();
      }}
    >
      <div className="notification-fields">
        <LabelledInput label={t("url")} type="url" required placeholder="https://" value={url} onText={setUrl} />
        <LabelledInput label={t("name")} hint={t("nameHint")} maxLength={200} value={name} onText={setName} />
        <LabelledSelect
          label={t("importer")}
          options={[
            [undefined, t("allImporters")],
            ...importers.map((each): [string, string] => [each.name, each.label]),
          ]}
          value={importer}
          onPick={setImporter}
        />
      </div>
      <fieldset className="webhook-events">
        <legend>{t("events")}</legend>
        {webhookEvents.map((event) => (
          <Choice
            key={event}
            type="checkbox"
            checked={events.includes(event)}
            onChange={({ target }) =>
              setEvents(target.checked ? [...events, event] : events.filter((each) => each !== event))
            }
          >
            {t(`event_${event}`)}
          </Choice>
        ))}
      </fieldset>
      <div className="row">
        <Button type="submit" look="primary" busy={adding.isPending} aria-disabled={events.length === 0}>
          {t("addNow")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {tc("cancel")}
        </Button>
      </div>
      {adding.error !== null && <Problem error={adding.error} />}
    </form>
  );
}
