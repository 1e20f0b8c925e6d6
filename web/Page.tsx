/** The page's frame and its addresses: what stands at each. */
import { type ReactNode, useEffect, useMemo } from "react";
import { Route, Router, Switch, useLocation, useSearchParams } from "wouter";
import { Frame, sheetOf } from "../src/react/foundation/Frame.tsx";
import { languageNames } from "../src/react/foundation/language-names.ts";
import type { Places } from "../src/react/foundation/Sluice.tsx";
import { browserLanguage, Sluice, type Theme } from "../src/react/foundation/Sluice.tsx";
import { useTexts } from "../src/react/foundation/texts.ts";
import { ImportWizard } from "../src/react/ImportWizard.tsx";
import { fetchWhenIdle, later } from "../src/react/parts/later.tsx";
import { OfflineNotice } from "../src/react/parts/Notice.tsx";
import { Empty } from "../src/react/parts/Placeholder.tsx";
import { PlaceLink } from "../src/react/parts/PlaceLink.tsx";
import { SignInAgain } from "../src/react/parts/SignInAgain.tsx";
import { addressOf } from "./addresses.ts";
import { PageHead } from "./PageHead.tsx";
import pageHead from "./page-head.css?inline";
import { ImportTitle, PageTitle, usePageTitle } from "./page-title.tsx";
import { usePreference } from "./preferences.ts";

const HistoryTable = later(async () => (await import("../src/react/history/HistoryTable.tsx")).HistoryTable, "page");
const JobPage = later(async () => (await import("../src/react/history/JobPage.tsx")).JobPage, "page");
const NotificationsPage = later(
  async () => (await import("../src/react/notifications/NotificationsPage.tsx")).NotificationsPage,
  "page",
);
const RecordsPage = later(async () => (await import("../src/react/records/RecordsPage.tsx")).RecordsPage, "page");
const SourcesPage = later(async () => (await import("../src/react/sources/SourcesPage.tsx")).SourcesPage, "page");

const languages = languageNames.map(([language]) => language);
const themes: readonly Theme[] = ["auto", "light", "dark"];
const styles = sheetOf(pageHead);

/** Where the page is mounted, without a slash at its end: the server says so in `base`. */
const mountedAt = new URL(document.baseURI).pathname.replace(/\/$/, "");

export function Page(): ReactNode {
  return (
    <Router base={mountedAt}>
      <PageIn />
    </Router>
  );
}

function PageIn(): ReactNode {
  const [language, setLanguage] = usePreference("language", languages);
  const [theme, setTheme] = usePreference("theme", themes);
  const [, navigate] = useLocation();
  const places = useMemo<Places>(
    () => ({ hrefOf: (place) => mountedAt + addressOf(place), go: (place) => navigate(addressOf(place)) }),
    [navigate],
  );
  const shownLanguage = language ?? browserLanguage();
  const shownTheme = theme ?? "auto";
  useEffect(() => {
    document.documentElement.lang = shownLanguage;
    document.documentElement.dataset.theme = shownTheme;
  }, [shownLanguage, shownTheme]);
  useEffect(() => fetchWhenIdle([HistoryTable, JobPage, RecordsPage, NotificationsPage]), []);
  return (
    <Sluice baseUrl={mountedAt} language={shownLanguage} theme={shownTheme} places={places}>
      <Frame styles={styles}>
        <PageHead language={shownLanguage} onLanguage={setLanguage} theme={shownTheme} onTheme={setTheme} />
        <main id="content" tabIndex={-1}>
          <Switch>
            <Route path="/import/history">
              <Listed>
                <PageTitle page="history" />
                <HistoryAt />
              </Listed>
            </Route>
            <Route path="/import/history/:id">
              {({ id }) => (
                <Listed>
                  <ImportTitle id={Number(id)} />
                  <JobPage key={id} id={Number(id)} />
                </Listed>
              )}
            </Route>
            <Route path="/import/notifications">
              <Listed>
                <PageTitle page="notifications" />
                <NotificationsPage />
              </Listed>
            </Route>
            <Route path="/import/sources">
              <Listed>
                <PageTitle page="sources" />
                <SourcesPage />
              </Listed>
            </Route>
            <Route path="/import/:id/records">
              {({ id }) => (
                <Listed>
                  <ImportTitle id={Number(id)} />
                  <RecordsPage key={id} id={Number(id)} />
                </Listed>
              )}
            </Route>
            <Route path="/import/:id/options">{({ id }) => <WizardAt id={Number(id)} readyStep="options" />}</Route>
            <Route path="/import/:id">{({ id }) => <WizardAt id={Number(id)} readyStep="review" />}</Route>
            <Route path={/^\/(import)?\/?$/}>
              <WizardAt id={null} readyStep="review" />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </main>
      </Frame>
    </Sluice>
  );
}

function WizardAt({ id, readyStep }: { id: number | null; readyStep: "review" | "options" }): ReactNode {
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  if (id !== null && !(Number.isSafeInteger(id) && id > 0)) return <NotFound />;
  return (
    <>
      {id === null ? <PageTitle page="newImport" /> : <ImportTitle id={id} />}
      <ImportWizard
        importer={search.get("importer") ?? undefined}
        importId={id}
        onImportChange={(next) => navigate(next === null ? "/import" : `/import/${next}`)}
        readyStep={readyStep}
        onReadyStepChange={(step) => navigate(step === "options" ? `/import/${id}/options` : `/import/${id}`)}
      />
    </>
  );
}

/** With its filters in the address, so that a view can be kept and sent to somebody. */
function HistoryAt(): ReactNode {
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const asked = search.toString();
  const address = useMemo(
    () => ({
      search: asked,
      onSearch: (next: string) => navigate(`/import/history${next === "" ? "" : `?${next}`}`, { replace: true }),
    }),
    [asked, navigate],
  );
  return <HistoryTable address={address} />;
}

/** What is no wizard, but stands in the same frame. */
function Listed({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="wizard stack">
      <OfflineNotice />
      {children}
      <SignInAgain />
    </div>
  );
}

function NotFound(): ReactNode {
  const t = useTexts("page");
  usePageTitle(t("notFound"));
  return (
    <Empty
      icon="search"
      title={t("notFound")}
      actions={
        <PlaceLink to={{ page: "new" }} look="primary">
          {t("newImport")}
        </PlaceLink>
      }
    >
      {t("notFoundHint")}
    </Empty>
  );
}
