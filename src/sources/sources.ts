/** What the engine asks of sources, for the kinds of place that there are. A new kind is a file next to this one, and a line here. */
import { isAbsolute, resolve } from "node:path";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { type Place, type PlaceKind, placeKinds, type SourceAdapters } from "../core/source.ts";
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

const keyed: readonly PlaceKind[] = ["s3", "sftp"];

export function sourceAdapters({ outbound, secretsKey, folders }: SourceParts): SourceAdapters {
  const secrets = secretsKey !== "";
  return {
    allowed: {
      // Nobody comes to SFTP without a password or a key, nor, by the API, to a bucket.
      kinds: placeKinds.filter((kind) => (kind === "folder" ? folders.length > 0 : secrets || !keyed.includes(kind))),
      secrets,
      folders,
    },
    fits,
    nextRun,
    seal: (secrets) => seal(secrets, secretsKey),
    unseal: (sealed) => unseal(sealed, secretsKey),
    checkPlace(place, origin) {
      if (place.kind === "url") at("place.url", () => outbound.check(place.url));
      const { endpoint } = place.kind === "s3" ? place : {};
      if (endpoint !== undefined) at("place.endpoint", () => outbound.check(endpoint));
      if (place.kind === "folder" && !isAbsolute(place.path))
        refuse("place.path", told`The path of a folder begins with a slash: "${place.path}" does not.`);
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
    refuse(
      place.accessKeyId === undefined ? "place.accessKeyId" : "place.secretAccessKey",
      told`The source needs an \`accessKeyId\` and a \`secretAccessKey\`.`,
    );
  if (place.kind !== "folder") return;
  const within = folders.map((folder) => resolve(folder));
  at("place.path", () => requireWithin(resolve(place.path), within));
}

function refuse(path: string, problem: Telling): never {
  throw new SluiceError("invalid", problem, { wrong: { path, problem } });
}

/** What is refused is this member of the source. */
function at(path: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const problem = error.told ?? error.message;
    throw new SluiceError(error.code, problem, { cause: error, wrong: { path, problem } });
  }
}
