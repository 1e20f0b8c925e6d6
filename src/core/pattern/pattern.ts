/**
 * Patterns of importers: whether a whole text matches one, in time that grows with the text's length alone. A backtracking
 * engine takes minutes for `(a+)+` on thirty letters; nobody who fills in a cell may block a worker.
 */
import { automatonOf } from "./automaton.ts";
import { type Node, PatternRefused, parsePattern } from "./parse.ts";

/** Why a pattern cannot be matched in linear time; null: it can. */
export function patternProblem(pattern: RegExp): string | null {
  try {
    matcherOf(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternRefused) return error.message;
    throw error;
  }
}

/**
 * Tells whether a text matches as a whole.
 *
 * @throws PatternRefused where it could take for ever.
 */
export function matcherOf(pattern: RegExp): (text: string) => boolean {
  const flags = pattern.flags.replace(/[gyd]/g, "");
  const parsed = parsePattern(pattern);
  if (isPlain(parsed)) {
    const whole = new RegExp(`(?:${pattern.source})(?![^])`, `${flags}y`);
    return (text) => {
      whole.lastIndex = 0;
      return whole.test(text);
    };
  }
  return automatonOf(parsed, /[uv]/.test(flags));
}

/** Of one place that repeats without a limit, an engine that backtracks tries as many ways as the text is long. */
const mostWays = 100;
/** Characters that it may go over again for each of them. */
const mostSteps = 1000;

/** Patterns that the engine's own RegExp matches in linear time, and in a tenth of ours: few ways, one place without a limit. */
function isPlain(pattern: Node): boolean {
  const { endless, ways, steps } = effortOf(pattern);
  return endless <= 1 && ways <= mostWays && (endless === 0 || steps <= mostSteps);
}

interface Effort {
  /** Places that repeat without a limit. */
  endless: number;
  /** Ways through it, but for those places. */
  ways: number;
  /** Characters at most, but for those places. */
  steps: number;
}

function effortOf(node: Node): Effort {
  switch (node.kind) {
    case "character":
      return { endless: 0, ways: 1, steps: 1 };
    case "edge":
      return { endless: 0, ways: 1, steps: 0 };
    case "look":
      return effortOf(node.of);
    case "sequence":
      return node.of.map(effortOf).reduce(inSequence, { endless: 0, ways: 1, steps: 0 });
    case "either":
      return node.of.map(effortOf).reduce(
        (one, other) => ({
          endless: Math.max(one.endless, other.endless),
          ways: one.ways + other.ways,
          steps: Math.max(one.steps, other.steps),
        }),
        { endless: 0, ways: 0, steps: 0 },
      );
    case "repeat":
      return effortOfRepeat(node);
  }
}

function inSequence(one: Effort, other: Effort): Effort {
  return { endless: one.endless + other.endless, ways: one.ways * other.ways, steps: one.steps + other.steps };
}

function effortOfRepeat({ of, least, most }: Extract<Node, { kind: "repeat" }>): Effort {
  const once = effortOf(of);
  // What can match nothing, or in several ways, multiplies with itself.
  if (most === Number.POSITIVE_INFINITY)
    return {
      endless: once.ways === 1 && once.endless === 0 && once.steps > 0 ? 1 : 2,
      ways: 1,
      steps: least * once.steps,
    };
  return {
    endless: once.endless * most,
    ways: once.ways === 1 ? most - least + 1 : (most - least + 1) * once.ways ** Math.min(most, 64),
    steps: most * once.steps,
  };
}
