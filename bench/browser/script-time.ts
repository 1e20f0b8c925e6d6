/**
 * What a page's main thread did while it was traced: how long scripts ran in each frame, and which tasks were long; by the
 * thread's own clock, so that other work on the machine does not count.
 */
import type { Browser, Page } from "playwright-core";

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  /** Of the thread's own clock, which stands while others have the processor. */
  tdur?: number;
  pid: number;
  tid: number;
  args: { name?: string };
}

export interface ScriptTimes {
  /** Milliseconds of script alone between one frame's begin and the next, of each frame. */
  frames: number[];
  /** The same with garbage collection, and with layout in the midst of a script. */
  withUpkeep: number[];
  /** Milliseconds of each task beyond 50. */
  longTasks: number[];
}

/** What runs JavaScript, or sweeps up after it. */
const scripts =
  /^(?:FunctionCall|EvaluateScript|RunMicrotasks|BlinkScheduler_PerformMicrotaskCheckpoint|TimerFire|FireAnimationFrame|FireIdleCallback|EventDispatch|v8\.callFunction|MajorGC|MinorGC|V8\.GC.*)$/;
/** What the browser does in the midst of it: garbage collection, and layout that a script has asked for. */
const upkeep = /^(?:MajorGC|MinorGC|V8\.GC.*|Layout|UpdateLayoutTree)$/;
const longTaskMs = 50;

/** Traces the page while `work` is done. */
export async function scriptTimes(page: Page, work: () => Promise<void>): Promise<ScriptTimes> {
  const browser = page.context().browser() as Browser;
  await browser.startTracing(page, { categories: ["devtools.timeline", "v8", "toplevel", "__metadata"] });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return sum(trace.traceEvents);
}

function sum(events: readonly TraceEvent[]): ScriptTimes {
  const names = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  // The renderer that drew most.
  const threads = names.map(({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid));
  const main = threads.sort((a, b) => b.length - a.length)[0] ?? [];
  const begins = main.filter(({ name, ph }) => name === "AnimationFrame" && ph === "b").map(({ ts }) => ts);
  begins.sort((a, b) => a - b);
  const frames = begins.slice(1).map(() => 0);
  const withUpkeep = begins.slice(1).map(() => 0);
  const kept = outermost(main, upkeep);
  for (const run of outermost(main, scripts)) {
    const frame = begins.findLastIndex((begin) => begin <= run.ts);
    if (frame < 0 || frame >= frames.length) continue;
    const within = kept.filter(({ ts }) => ts >= run.ts && ts < run.ts + (run.dur ?? 0));
    withUpkeep[frame] += msOf(run);
    frames[frame] += msOf(run) - within.reduce((ms, each) => ms + msOf(each), 0);
  }
  const tasks = main.filter(({ name, ph }) => ph === "X" && /^(?:RunTask|ThreadControllerImpl::RunTask)$/.test(name));
  return { frames, withUpkeep, longTasks: tasks.map(msOf).filter((ms) => ms > longTaskMs) };
}

const msOf = ({ dur = 0, tdur = dur }: TraceEvent): number => tdur / 1000;

/** Those of these names that do not run within another of them. */
function outermost(events: readonly TraceEvent[], names: RegExp): TraceEvent[] {
  let end = 0;
  return events
    .filter(({ name, ph, dur }) => ph === "X" && dur !== undefined && names.test(name))
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
    .filter(({ ts, dur = 0 }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
