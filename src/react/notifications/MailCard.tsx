/** Which mails about their imports the person gets. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ApiLanguage, ClientError, MailSettings } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { languageNames } from "../foundation/language-names.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Choice, LabelledInput, LabelledSelect } from "../parts/Labelled.tsx";
import { Notice, Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";

export function MailCard(): ReactNode {
  const t = useTexts("notifications");
  const { client } = useSluice();
  const { data, error, refetch } = useQuery<MailSettings, ClientError>({
    queryKey: ["mail"],
    queryFn: ({ signal }) => client.mail.get({ signal }),
  });
  return (
    <Card title={t("mail")}>
      {data === undefined && error === null && <Placeholder lines={8} />}
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <MailChoices key={JSON.stringify(data)} settings={data} />}
    </Card>
  );
}

function MailChoices({ settings }: { settings: MailSettings }): ReactNode {
  const t = useTexts("notifications");
  const announce = useAnnounce();
  const { number } = useFormats();
  const { client } = useSluice();
  const queries = useQueryClient();
  const [isOff, setOff] = useState(settings.isOff);
  /** Empty: as the server has it. */
  const [rows, setRows] = useState(settings.fromRows === null ? "" : String(settings.fromRows));
  const [language, setLanguage] = useState<ApiLanguage | undefined>(settings.language ?? undefined);
  const isNumber = /^\d{0,9}$/.test(rows);
  const saving = useMutation({
    mutationFn: () =>
      client.mail.change({ isOff, fromRows: rows === "" ? null : Number(rows), language: language ?? null }),
    onSuccess: (saved) => {
      announce(t("saved"));
      queries.setQueryData(["mail"], saved);
    },
  });
  if (!settings.isSent) return <p className="muted">{t("mailNone")}</p>;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber) saving.mutate();
      }}
    >
      {settings.address === null ? (
        <Notice tone="warn" title={t("noAddress")}>
          {t("noAddressHint")}
        </Notice>
      ) : (
        <p>
          {t("mailTo")} <bdi>{settings.address}</bdi>
        </p>
      )}
      <Choice type="checkbox" checked={!isOff} onChange={(event) => setOff(!event.target.checked)}>
        {t("mailOn")}
      </Choice>
      {!isOff && (
        <div className="notification-fields">
          <LabelledInput
            label={t("fromRows")}
            hint={t("fromRowsHint")}
            problem={isNumber ? undefined : t("fromRowsProblem")}
            inputMode="numeric"
            placeholder={settings.usualFromRows === null ? "" : number(settings.usualFromRows)}
            value={rows}
            onText={setRows}
          />
          <LabelledSelect
            label={t("mailLanguage")}
            options={[[undefined, t("asImported")], ...languageNames]}
            value={language}
            onPick={setLanguage}
          />
        </div>
      )}
      <div className="row">
        <Button type="submit" look="primary" busy={saving.isPending}>
          {t("save")}
        </Button>
      </div>
      {saving.error !== null && <Problem error={saving.error} />}
    </form>
  );
}
