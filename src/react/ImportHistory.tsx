/** Every import that the person may see. */
import type { ReactNode } from "react";
import { Frame } from "./foundation/Frame.tsx";
import { type SluiceOptions, WithSluice } from "./foundation/Sluice.tsx";
import { HistoryTable } from "./history/HistoryTable.tsx";
import { OfflineNotice } from "./parts/Notice.tsx";
import { SignInAgain } from "./parts/SignInAgain.tsx";

export interface ImportHistoryProps extends SluiceOptions {
  /** Only those of this importer. */
  importer?: string;
}

/** @example <ImportHistory baseUrl="https://import.example.com" token={token} /> */
export function ImportHistory({ importer, ...options }: ImportHistoryProps): ReactNode {
  return (
    <WithSluice {...options}>
      <Frame>
        <div className="wizard stack">
          <OfflineNotice />
          <HistoryTable importer={importer} />
        </div>
        <SignInAgain />
      </Frame>
    </WithSluice>
  );
}
