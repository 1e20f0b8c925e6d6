/** The record sinks of importers, each under its name: what the outbox writes for and workers deliver to. */
import { SluiceError } from "./errors.ts";
import type { Importer } from "./importer.ts";
import type { AfterCommit, RecordSink } from "./record-sink.ts";
import { mainRecord } from "./records.ts";
import { kebab } from "./shape/kebab.ts";
import { namePattern, type Sink, type Topic } from "./sink.ts";
import type { OwnSink } from "./webhook.ts";

/** A record sink that belongs to an importer. */
export interface BoundRecordSink {
  readonly name: string;
  readonly topics: readonly Topic[];
  readonly importer: Importer;
  readonly sink: RecordSink;
  /** Of an importer with several records: which. Null: it has one. */
  readonly record: string | null;
  /** Whether that is the one whose ids are a chunk's own. */
  readonly isMain: boolean;
  /** Where the records are, by which column they are found, and which count. */
  readonly place: { readonly table: string; readonly id: string; readonly where: string | null };
}

const recordTopics: readonly Topic[] = ["chunk.committed", "chunk.undone"];

/** Whatever has messages in the outbox. */
export type AnySink = Sink | BoundRecordSink | OwnSink;

/** Whether it claims, delivers and notes by itself. */
export function isOwnSink(sink: AnySink): sink is OwnSink {
  return "run" in sink;
}

export function isRecordSink(sink: AnySink): sink is BoundRecordSink {
  return "importer" in sink;
}

/**
 * The sinks of a config and of its importers.
 *
 * @throws SluiceError `invalid` for two of one name.
 */
export function allSinks(sinks: readonly (Sink | OwnSink)[], importers: Iterable<Importer>): AnySink[] {
  const all: AnySink[] = [...sinks, ...[...importers].flatMap(recordSinksOf)];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name))
      throw new SluiceError("invalid", `Two sinks are called "${name}". Give one of them another \`name\`.`);
    names.add(name);
  }
  return all;
}

/** The sinks of an importer, by their names. @throws SluiceError `invalid` for a name that cannot be, or of two. */
export function recordSinksOf(importer: Importer): BoundRecordSink[] {
  const names = new Set<string>();
  return (importer.afterCommit ?? []).map((given, place) => {
    const sink = typeof given === "function" ? fromFunction(importer.name, given) : given;
    const name = sink.name ?? `${importer.name}-${sink.kind ?? `sink-${place + 1}`}`.slice(0, 40);
    if (!namePattern.test(name))
      throw new SluiceError(
        "invalid",
        `Importer "${importer.name}": afterCommit[${place}].name is "${name}": small letters, digits and hyphens, at most 40.`,
      );
    if (names.has(name))
      throw new SluiceError(
        "invalid",
        `Importer "${importer.name}": two sinks of \`afterCommit\` are called "${name}". Give one of them a \`name\`.`,
      );
    names.add(name);
    return { name, topics: recordTopics, importer, sink, ...placeOf(importer, sink, place) };
  });
}

/** Of the record that the sink is about. An importer without a main one has its records made from lists, and the last is what they are for. */
function placeOf(
  importer: Importer,
  sink: RecordSink,
  at: number,
): Pick<BoundRecordSink, "record" | "isMain" | "place"> {
  const { records, target, match } = importer;
  const asked = sink.record;
  const main = mainRecord(importer);
  const isMain = records === undefined ? asked === undefined : main !== undefined && (asked ?? main.name) === main.name;
  if (isMain)
    return {
      record: main?.name ?? null,
      isMain,
      place: { table: target.table, id: target.id, where: match.where ?? null },
    };
  const name = asked ?? records?.at(-1)?.name;
  const plan = records?.find((each) => each.name === name);
  const known = records?.map((each) => each.name).join(", ") ?? "none";
  const refuse = (problem: string): never => {
    throw new SluiceError("invalid", `Importer "${importer.name}": afterCommit[${at}].record is "${name}": ${problem}`);
  };
  if (plan === undefined) return refuse(`it has no such record. It has: ${known}.`);
  if (plan.id === null) return refuse("it has no id by which it could be told.");
  return { record: plan.name, isMain, place: { table: plan.table, id: plan.id, where: plan.where } };
}

function fromFunction(importer: string, afterCommit: AfterCommit): RecordSink {
  return {
    ...(afterCommit.name !== "" && { kind: kebab(afterCommit.name) }),
    async apply({ put, remove }, { signal }) {
      const changed = put.map(({ id, document }) => ({ id, record: document }));
      const refused = await afterCommit({ importer, changed, removed: remove }, { signal });
      return { kind: "applied", refused: refused ?? [] };
    },
  };
}
