/** The relationships of a package's part (ECMA-376 part 2, 6.5): which other parts belong to it, and as what. */
import { SluiceError, told } from "../../core/errors.ts";
import { scanXml, xmlEnd, xmlStart } from "../xml/scan.ts";
import type { ZipArchive } from "../zip/archive.ts";

/** No package has more parts than this (as `openZip` counts), and so none has more relationships to them. */
const maxRelationships = 65_536;
/** Excel's own parts besides sheets and strings stay under 10 MB even with its limit of 64,000 cell styles. */
export const maxPartBytes = 32 * 1024 * 1024;

export interface Relationship {
  id: string;
  /** The last word of its type, which transitional and strict files have in common: `worksheet`, `styles`. */
  type: string;
  /** Name of the part in the archive. */
  target: string;
}

/**
 * The relationships of a part; of the whole package for `""`. Those to something outside of it are left out: nothing is
 * ever fetched. null: it has no relationships part.
 *
 * @throws SluiceError `invalid` as `ZipArchive.read` and `scanXml` do.
 */
export async function readRelationships(
  archive: ZipArchive,
  partName: string,
  signal?: AbortSignal,
): Promise<Relationship[] | null> {
  const slash = partName.lastIndexOf("/") + 1;
  const folder = partName.slice(0, slash);
  const name = `${folder}_rels/${partName.slice(slash)}.rels`;
  const entry = archive.find(name);
  if (entry === null) return null;
  const relationships: Relationship[] = [];
  const xml = scanXml(
    await archive.readWhole(entry, { maxBytes: maxPartBytes, signal }),
    `${archive.fileName} (${name})`,
  );
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next !== xmlStart || xml.name !== "Relationship") continue;
    const target = xml.attribute("Target");
    if (target === null || xml.attribute("TargetMode")?.toLowerCase() === "external") continue;
    if (relationships.length === maxRelationships) {
      throw new SluiceError(
        "invalid",
        told`${archive.fileName} (${name}) lists more than ${maxRelationships} parts, which no workbook has. Is it the right file?`,
      );
    }
    relationships.push({
      id: xml.attribute("Id") ?? "",
      type: (xml.attribute("Type") ?? "").replace(/^.*\//s, ""),
      target: targetPart(archive, folder, target),
    });
  }
  return relationships;
}

/** Parts are named with their escapes (ECMA-376 part 2, 6.2.2.2); some writers leave them out of the archive. */
function targetPart(archive: ZipArchive, folder: string, target: string): string {
  const written = pathOf(folder, bareTarget(target));
  return target.includes("%") && archive.find(written) !== null ? written : resolvePart(folder, target);
}

/** The name of the part that a target means: a reference (RFC 3986) relative to `folder`, or from the package's root. */
export function resolvePart(folder: string, target: string): string {
  return pathOf(folder, decodePercents(bareTarget(target)));
}

function bareTarget(target: string): string {
  return target.trim().replace(/[?#].*$/s, "");
}

function pathOf(folder: string, target: string): string {
  const path = target.replaceAll("\\", "/");
  const steps: string[] = path.startsWith("/") ? [] : folder.split("/");
  for (const step of path.split("/")) {
    if (step === "..") {
      while (steps.at(-1) === "") steps.pop();
      steps.pop();
    } else if (step !== ".") {
      steps.push(step);
    }
  }
  return steps.filter((step) => step !== "").join("/");
}

/** Escapes that are none stay as they are. */
function decodePercents(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
