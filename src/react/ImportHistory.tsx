/** Every import that the person may see. Where the page around it says nothing of places, they are opened here, one at a time. */
import { type ReactNode, useMemo, useState } from "react";
import { Frame } from "./foundation/Frame.tsx";
import { type Place, type SluiceOptions, useSluice, WithPlaces, WithSluice } from "./foundation/Sluice.tsx";
import { useTexts } from "./foundation/texts.ts";
import { HistoryTable } from "./history/HistoryTable.tsx";
import { ImportWizard } from "./ImportWizard.tsx";
import { later } from "./parts/later.tsx";
import { OfflineNotice } from "./parts/Notice.tsx";
import { PlaceLink } from "./parts/PlaceLink.tsx";
import { SignInAgain } from "./parts/SignInAgain.tsx";

const JobPage = later(async () => (await import("./history/JobPage.tsx")).JobPage, "page");
const RecordsPage = later(async () => (await import("./records/RecordsPage.tsx")).RecordsPage, "page");

export interface ImportHistoryProps extends SluiceOptions {
  /** Only those of this importer. */
  importer?: string;
}

/** @example <ImportHistory baseUrl="https://import.example.com" token={token} /> */
export function ImportHistory({ importer, ...options }: ImportHistoryProps): ReactNode {
  return (
    <WithSluice {...options}>
      <Frame>
        <History importer={importer} />
      </Frame>
    </WithSluice>
  );
}

const ownPages: readonly Place["page"][] = ["history", "new", "import", "job", "records"];

function History({ importer }: { importer: string | undefined }): ReactNode {
  const { places: outer } = useSluice();
  const [place, setPlace] = useState<Place>({ page: "history" });
  const places = useMemo(
    () => outer ?? { hrefOf: () => null, has: (page: Place["page"]) => ownPages.includes(page), go: setPlace },
    [outer],
  );
  return (
    <WithPlaces places={places}>
      {place.page === "new" || place.page === "import" ? (
        <WizardHere place={place} importer={importer} onPlace={setPlace} />
      ) : (
        <div className="wizard stack">
          <OfflineNotice />
          {place.page === "job" && <JobPage key={place.id} id={place.id} />}
          {place.page === "records" && <RecordsPage key={place.id} id={place.id} />}
          {place.page === "history" && <HistoryTable importer={importer} />}
          <SignInAgain />
        </div>
      )}
    </WithPlaces>
  );
}

function WizardHere({
  place,
  importer,
  onPlace,
}: {
  place: Extract<Place, { page: "new" | "import" }>;
  importer: string | undefined;
  onPlace: (place: Place) => void;
}): ReactNode {
  const tc = useTexts("common");
  return (
    <>
      <p className="history-back">
        <PlaceLink to={{ page: "history" }}>{tc("allImports")}</PlaceLink>
      </p>
      <ImportWizard
        importer={place.page === "new" ? (place.importer ?? importer) : importer}
        importId={place.page === "import" ? place.id : null}
        onImportChange={(id) => onPlace(id === null ? { page: "new" } : { page: "import", id })}
      />
    </>
  );
}
