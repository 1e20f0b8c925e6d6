"use client";
/** Which mails about their imports a person gets: a form of the app's own on the client of the API. */
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { ClientError, createClient, type MailSettings } from "sluice/client";

const client = createClient({ baseUrl: "/api/import", language: "fr" });

type Saving = "saving" | "saved" | null;

export function MailForm() {
  const router = useRouter();
  const [settings, setSettings] = useState<MailSettings | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState<Saving>(null);

  const tell = (error: unknown): void => {
    if (!(error instanceof ClientError)) throw error;
    if (error.status === 401) router.push("/login?next=/import/notifications");
    else setProblem(error.detail);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when the page opens
  useEffect(() => {
    client.mail.get().then(setSettings, tell);
  }, []);

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const rows = String(form.get("rows") ?? "");
    setSaving("saving");
    setProblem(null);
    try {
      const isOff = form.get("mail") === null;
      setSettings(await client.mail.change({ isOff, ...(!isOff && { fromRows: rows === "" ? null : Number(rows) }) }));
      setSaving("saved");
    } catch (error) {
      setSaving(null);
      tell(error);
    }
  };

  if (problem !== null && settings === null) return <p role="alert">{problem}</p>;
  if (settings === null) return <p aria-busy="true">Chargement…</p>;
  return (
    <>
      {settings.isSent && (
        <p>
          Un e-mail peut vous prévenir quand un import est terminé, a échoué, attend votre vérification ou a été annulé.
        </p>
      )}
      {!settings.isSent && <p className="empty">Cette application n’envoie pas d’e-mails.</p>}
      {settings.isSent && (
        <form className="choices" onSubmit={save} onChange={() => setSaving(null)}>
          <p>
            {settings.address === null
              ? "Votre compte n’a pas d’adresse e-mail : aucun message ne peut vous être envoyé."
              : `Les messages sont envoyés à ${settings.address}.`}
          </p>
          <label>
            <input
              type="checkbox"
              name="mail"
              checked={!settings.isOff}
              onChange={(event) => setSettings({ ...settings, isOff: !event.target.checked })}
            />
            Recevoir des e-mails sur mes imports
          </label>
          {!settings.isOff && (
            <label>
              À partir de combien de lignes
              <input
                type="number"
                name="rows"
                min={0}
                defaultValue={settings.fromRows ?? ""}
                placeholder={String(settings.usualFromRows ?? "")}
              />
              <small>Un import plus petit n’envoie d’e-mail que s’il a besoin de vous.</small>
            </label>
          )}
          <button type="submit" disabled={saving === "saving"}>
            Enregistrer
          </button>
          <p role="status">{saving === "saved" ? "Vos choix sont enregistrés." : ""}</p>
          {problem !== null && <p role="alert">{problem}</p>}
        </form>
      )}
    </>
  );
}
