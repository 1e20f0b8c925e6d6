/** A file of an import to take away. With a session it is a plain link, so that the browser does it; with a token it is fetched. */
import { type ReactNode, useState } from "react";
import type { DownloadName } from "../../client/index.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { Problem } from "./Notice.tsx";

export interface DownloadProps {
  id: number;
  name: DownloadName;
  /** Of the records: which of several that a row makes. */
  record?: string | undefined;
  look?: "plain" | "quiet";
  size?: "normal" | "small";
  children: ReactNode;
}

export function Download({ id, name, record, look = "plain", size = "normal", children }: DownloadProps): ReactNode {
  const { client } = useSluice();
  const url = client.imports.downloadUrl(id, name, { record });
  if (url !== null) {
    return (
      <a href={url} download className={`button ${look}${size === "small" ? " small-button" : ""}`}>
        <Icon name="download" />
        {children}
      </a>
    );
  }
  return (
    <FetchedDownload
      fetch={() => client.imports.download(id, name, { record })}
      fileName={`import-${id}-${name}`}
      look={look}
      size={size}
    >
      {children}
    </FetchedDownload>
  );
}

export interface FetchedDownloadProps extends Pick<DownloadProps, "look" | "size" | "children"> {
  fetch: () => Promise<Response>;
  /** Where the answer gives it none. */
  fileName: string;
}

/** A file that no link of its own leads to. */
export function FetchedDownload({ fetch, fileName, look, size, children }: FetchedDownloadProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fetchIt = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const response = await fetch();
      save(await response.blob(), nameOf(response) ?? fileName);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button look={look} size={size} icon="download" busy={busy} onClick={() => void fetchIt()}>
        {children}
      </Button>
      {error !== null && <Problem error={error} onRetry={() => void fetchIt()} />}
    </>
  );
}

/** What the server calls the file, as RFC 6266 and RFC 8187 have it; undefined where it says nothing. */
export function nameOf(response: Response): string | undefined {
  const said = response.headers.get("content-disposition") ?? "";
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1];
  return coded === undefined ? /filename="?([^";]+)/.exec(said)?.[1] : decodeURIComponent(coded);
}

/** As if it had been downloaded. */
export function save(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
