/**
 * Sinks: what is notified of imports and of changed records. A message is written in the same transaction as what it is about, and is
 * delivered at least once.
 */
import { SluiceError } from "./errors.ts";
import { statuses } from "./import.ts";

/** What a sink can subscribe to. */
export const topics = [
  "import.created",
  ...statuses.map((status) => `import.${status}` as const),
  "report.written",
  "chunk.committed",
  "chunk.undone",
  "operator.alert",
  "source.waits",
  "source.failed",
] as const;
export type Topic = (typeof topics)[number];

/** One thing that happened. */
export interface SinkMessage {
  /** The same whenever it is delivered again: by it a receiver knows what it has already. */
  key: string;
  topic: Topic;
  at: Date;
  /** 0 where it is about no import. */
  importId: number;
  importer: string;
  /** Empty where it is about a source as a whole. */
  fileName: string;
  /** `schema.table`; empty where there is no import. */
  target: string;
  context: Record<string, string>;
  /** The id of who made the import. */
  user: string | null;
  /** 1 at first. */
  attempt: number;
  /**
   * Of a status: `from`, `phase`, `actor`. Of a chunk: `chunk`, `fromRow`, `toRow`, and in `created` and `updated` the ids of the
   * records it wrote, as text; of one that was undone, those it had written. Null where the importer's own loader wrote them. Where
   * a row makes several records, `records` has those beside the main one: `{ price: { created: […], updated: […], deleted: […] } }`; what has
   * no id by its key, as an array of JSON. Of an alert, which is about no import: an `Alert`.
   * Of a source: `source`, `sourceId`, and in `reason` why a person has to see to it.
   */
  data: Record<string, unknown>;
}

export interface Sink {
  /** Letters, digits and hyphens. It keeps its messages as long as it keeps its name. */
  name: string;
  topics: readonly Topic[];
  /** Messages of one delivery: 1 where each is to be delivered for itself, as a mail. Default and most: 100. */
  mostMessages?: number | undefined;
  /**
   * Passes messages on: at most `mostMessages`, those of one import in the order in which it came about. When it throws, or `signal` aborts
   * first, all of them are delivered again later, in smaller batches; what is refused for good (`MessageRefused`) is given up at once.
   */
  deliver(messages: readonly SinkMessage[], options: { signal: AbortSignal }): Promise<unknown>;
}

/** No other try would help: the messages of this delivery are kept as dead. */
export class MessageRefused extends Error {
  override readonly name = "MessageRefused";
}

/** Messages of a first delivery at most; half as many with each attempt that failed. */
export const mostMessages = 100;

/** What a sink may be called. */
export const namePattern = /^[a-z][a-z0-9-]{0,39}$/;

/** @throws SluiceError `invalid` with what is wrong with which. */
export function checkSinks(where: string, sinks: unknown): readonly Sink[] {
  const refuse = (problem: string): never => {
    throw new SluiceError("invalid", `${where}: ${problem}`);
  };
  if (!Array.isArray(sinks)) return refuse("`sinks` must be a list of { name, topics, deliver }.");
  const names = new Set<string>();
  for (const sink of sinks as Partial<Sink>[]) {
    if (typeof sink !== "object" || sink === null) return refuse("a sink must be an object { name, topics, deliver }.");
    const { name, topics: asked, deliver } = sink;
    if (typeof name !== "string" || !namePattern.test(name))
      return refuse(
        `a sink's \`name\` must be small letters, digits and hyphens, at most 40: "${String(name)}" is not.`,
      );
    if (names.has(name)) return refuse(`two sinks are called "${name}". Give one of them another name.`);
    names.add(name);
    if (!Array.isArray(asked) || asked.length === 0)
      return refuse(`the sink "${name}" needs \`topics\`, a list of: ${topics.join(", ")}.`);
    const unknown = asked.find((topic) => !topics.includes(topic));
    if (unknown !== undefined)
      return refuse(`the sink "${name}" asks for "${String(unknown)}". There is: ${topics.join(", ")}.`);
    const most = sink.mostMessages ?? mostMessages;
    if (!Number.isInteger(most) || most < 1 || most > mostMessages)
      return refuse(`the sink "${name}": \`mostMessages\` must be a whole number from 1 to ${mostMessages}.`);
    if (typeof deliver !== "function") return refuse(`the sink "${name}" needs \`deliver\`, an async function.`);
  }
  return sinks as readonly Sink[];
}
