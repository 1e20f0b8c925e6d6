/** An event as the API returns it, and changes of imports as bytes of a stream of server-sent events (HTML standard, section 9.2). */
import type { Change, EventView, ImportEvent, Progress } from "../../core/events.ts";
import type { Language } from "../../core/fields/language.ts";

const encoder = new TextEncoder();
/** A comment keeps proxies from closing a silent connection. */
export const heartbeatFrame = encoder.encode(":\n\n");
/** How soon a client that lost its connection comes back. */
export const greetingFrame = encoder.encode("retry: 2000\n\n");

/** Progress as the API returns it, in a reader's language. */
export type PresentProgress = (progress: Progress, importer: string | null, language: Language) => unknown;

/** Events carry their id, so that a reader who comes back says how far it was; progress, which is `presented`, does not. */
export function frameOf({ jobId, event, progress, deleted }: Change, presented: unknown = progress): Uint8Array {
  const lines: string[] = [];
  if (event !== undefined) lines.push(`id: ${event.id}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`);
  if (progress !== undefined)
    lines.push(`event: progress\ndata: ${JSON.stringify({ jobId, progress: presented })}\n\n`);
  if (deleted) lines.push(`event: deleted\ndata: ${JSON.stringify({ jobId })}\n\n`);
  return encoder.encode(lines.join(""));
}

export function presentEvent({ id, jobId, name, at, actor, actorName, data }: ImportEvent): EventView {
  return { id, jobId, name, at: at.toISOString(), actor, ...(actorName !== undefined && { actorName }), data };
}
