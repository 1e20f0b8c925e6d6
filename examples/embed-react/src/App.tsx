/** A shop's own admin page, with Sluice in it. The server of Sluice is at another origin. */

import { ImportDialog, ImportHistory, ImportWizard, Sluice } from "@sluice/react";
import { type ReactNode, useState } from "react";
import hostile from "./hostile.css?inline";
import { ImportStatus } from "./ImportStatus.tsx";

export interface AppProps {
  /** Where Sluice is. */
  baseUrl: string;
  /** Of whoever is signed in here; a function can fetch a fresh one. Without one, Sluice's own session counts. */
  token?: string;
}

type View = "wizard" | "two" | "history" | "nothing";
const views: Record<View, string> = { wizard: "Wizard", two: "Two wizards", history: "History", nothing: "Nothing" };

export function App({ baseUrl, token }: AppProps): ReactNode {
  const [view, setView] = useState<View>("wizard");
  const [importId, setImportId] = useState<number | null>(null);
  const [inDialog, setInDialog] = useState(false);
  const [isHostile, setHostile] = useState(false);
  const [said, setSaid] = useState("Nothing imported yet.");
  return (
    <Sluice baseUrl={baseUrl} token={token} credentials={token === undefined ? "include" : "omit"}>
      {isHostile && <style>{hostile}</style>}
      <header>
        <h1>Fern &amp; Moss</h1>
        <nav>
          {(Object.keys(views) as View[]).map((each) => (
            <button key={each} type="button" aria-pressed={each === view} onClick={() => setView(each)}>
              {views[each]}
            </button>
          ))}
          <button type="button" onClick={() => setInDialog(true)}>
            Import in a dialog
          </button>
        </nav>
        <label>
          <input type="checkbox" checked={isHostile} onChange={() => setHostile(!isHostile)} /> Hostile styles
        </label>
      </header>
      <main>
        {view !== "nothing" && <p className="status">{importId === null ? said : <ImportStatus id={importId} />}</p>}
        {(view === "wizard" || view === "two") && (
          <section aria-label="Import leads">
            <ImportWizard
              importer="leads"
              importId={importId}
              onImportChange={setImportId}
              onComplete={({ fileName, importedRows }) => setSaid(`${importedRows} leads came in by ${fileName}.`)}
            />
          </section>
        )}
        {view === "two" && (
          <section aria-label="Import more leads">
            <ImportWizard importer="leads" />
          </section>
        )}
        {view === "history" && (
          <section aria-label="Imports">
            <ImportHistory />
          </section>
        )}
      </main>
      {inDialog && <ImportDialog importer="leads" title="Bring in leads" onClose={() => setInDialog(false)} />}
    </Sluice>
  );
}
