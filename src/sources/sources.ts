/** What the engine asks of sources, for the kinds of place that there are. A new kind is a file next to this one, and a line here. */
import { isAbsolute, resolve } from "node:path";
import { SluiceError, told } from "../core/errors.ts";
import type { Place, SourceAdapters } from "../core/source.ts";
import type { Outbound } from "../outbound/outbound.ts";
import { fits } from "./file-names.ts";
import { openFolder, requireWithin } from "./folder.ts";
import { openFtp } from "./ftp.ts";
import { openS3 } from "./s3.ts";
import { nextRun } from "./schedule.ts";
import { seal, unseal } from "./sealing.ts";
import { openSftp } from "./sftp.ts";
import { openUrl } from "./url.ts";

export interface SourceParts {
  outbound: Outbound;
  /** What secrets of sources that are made by the API are encrypted with; empty: such sources have none. */
  secretsKey: string;
  /** Folders of this machine that sources made by the API may be in. */
  folders: readonly string[];
}

export function sourceAdapters({ outbound, secretsKey, folders }: SourceParts): SourceAdapters {
  return {
    fits,
    nextRun,
    seal: (secrets) => seal(secrets, secretsKey),
    unseal: (sealed) => unseal(sealed, secretsKey),
    checkPlace(place, origin) {
      if (place.kind === "url") outbound.check(place.url);
      if (place.kind === "s3" && place.endpoint !== undefined) outbound.check(place.endpoint);
      if (place.kind === "folder" && !isAbsolute(place.path))
        throw new SluiceError("invalid", told`The path of a folder begins with a slash: "${place.path}" does not.`);
      if (origin === "api") checkStranger(place, folders);
    },
    async open(place, origin, signal) {
      switch (place.kind) {
        case "url":
          return openUrl(place, outbound);
        case "s3":
          return openS3(place, outbound);
        case "sftp":
          return openSftp(place, outbound, signal);
        case "ftp":
          return openFtp(place, outbound, signal);
        case "folder":
          return openFolder(place, origin === "api" ? folders : null);
      }
    },
  };
}

/** Whoever makes a source by the API has no right to what the machine may read, or to the machine's own keys. */
function checkStranger(place: Place, folders: readonly string[]): void {
  if (place.kind === "s3" && (place.accessKeyId === undefined || place.secretAccessKey === undefined))
    throw new SluiceError("invalid", told`The source needs an \`accessKeyId\` and a \`secretAccessKey\`.`);
  if (place.kind !== "folder") return;
  requireWithin(
    resolve(place.path),
    folders.map((folder) => resolve(folder)),
  );
}
