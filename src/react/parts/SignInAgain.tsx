/** The session is gone: a window over what was being done, which is still there when the person has signed in again. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useSluice } from "../foundation/Sluice.tsx";
import { useConnection } from "../foundation/server-state.tsx";
import { useReason, useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { LabelledInput } from "./Labelled.tsx";
import { Notice } from "./Notice.tsx";

export function SignInAgain(): ReactNode {
  const { signedOut, signInBy } = useConnection();
  if (!signedOut || signInBy === "host") return null;
  return signInBy === "code" ? <SignInDialog /> : <SignInOnPage />;
}

/** The page around gave a token, which no code makes good again. No window: what signs in there must stay in reach. */
function SignInOnPage(): ReactNode {
  const t = useTexts("common");
  const { server } = useSluice();
  return (
    <div className="sign-in-on-page">
      <Notice
        tone="warn"
        title={t(server.wasSignedIn() ? "signInTitle" : "signInFirst")}
        actions={
          <Button look="primary" size="small" onClick={server.signedIn}>
            {t("signedIn")}
          </Button>
        }
      >
        {server.wasSignedIn() && `${t("signInWords")} `}
        {t(server.wasSignedIn() ? "signInOnPage" : "signInFirstOnPage")}
      </Notice>
    </div>
  );
}

function SignInDialog(): ReactNode {
  const t = useTexts("common");
  const { client, server } = useSluice();
  const reason = useReason();
  // As it was when the window opened: an answer in between changes no words.
  const [wasSignedIn] = useState(server.wasSignedIn);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const signIn = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await client.signIn(code);
      server.signedIn();
    } catch (error) {
      setProblem(reason(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t(wasSignedIn ? "signInTitle" : "signInFirst")} closable={false} onClose={() => {}}>
      <form className="stack" onSubmit={(event) => void signIn(event)}>
        <p>{t(wasSignedIn ? "signInWords" : "signInFirstWords")}</p>
        <LabelledInput
          label={t("signInCode")}
          hint={t("signInHint")}
          problem={problem}
          required
          autoComplete="off"
          value={code}
          onText={setCode}
        />
        <div className="row">
          <Button type="submit" look="primary" busy={busy}>
            {t("signIn")}
          </Button>
          <Button look="quiet" onClick={server.signedIn}>
            {t("signedInElsewhere")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
