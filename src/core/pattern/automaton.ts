/**
 * Whether a whole text matches, in time that grows with its length whatever the pattern: all ways through the pattern are
 * followed at once (Thompson, 1968), where a backtracking engine tries them one after the other.
 */
import { type Node, PatternRefused } from "./parse.ts";

/** More, and a cell takes too long; a class that repeats needs one for each time. */
const mostStates = 4000;

/** A step from a state: through a character, over nothing, or over nothing where a condition holds. */
type State =
  | { kind: "character"; test: (character: string) => boolean; next: number }
  | { kind: "split"; next: number[] }
  | { kind: "condition"; holds: (positions: Positions, at: number) => boolean; next: number }
  | { kind: "end" };

/** The text as the pattern sees it: code points under `u` and `v`, else code units. */
interface Positions {
  characters: readonly string[];
  /** Where each look around holds, by its number. */
  looks: Uint8Array[];
}

interface Look {
  ahead: boolean;
  negative: boolean;
  states: State[];
  start: number;
}

/** @throws PatternRefused for a pattern that is too large. */
export function automatonOf(pattern: Node, isUnicode: boolean): (text: string) => boolean {
  const looks: Look[] = [];
  const { states, start } = build(pattern, looks);
  return (text) => {
    const characters = isUnicode ? [...text] : text.split("");
    const positions: Positions = { characters, looks: [] };
    // An inner one comes before the one it is in.
    for (const look of looks)
      positions.looks.push(look.ahead ? lookAhead(look, positions) : lookBehind(look, positions));
    const reached = run(states, start, positions, false);
    return reached[characters.length] === 1;
  };
}

function build(pattern: Node, looks: Look[]): { states: State[]; start: number } {
  const states: State[] = [{ kind: "end" }];
  const add = (state: State): number => {
    if (states.length >= mostStates)
      throw new PatternRefused(
        `it comes to more than ${mostStates} steps. Repeat less of it, or bound it by maxLength`,
      );
    return states.push(state) - 1;
  };
  /** The state from which the node leads to `next`. */
  const lead = (node: Node, next: number): number => {
    switch (node.kind) {
      case "character":
        return add({ kind: "character", test: characterTest(node.source, node.flags), next });
      case "edge":
        return add({ kind: "condition", holds: edgeTest(node.source, node.flags), next });
      case "look": {
        const inner = build(node.of, looks);
        const number = looks.push({ ahead: node.ahead, negative: node.negative, ...inner }) - 1;
        return add({ kind: "condition", holds: ({ looks: found }, at) => found[number][at] === 1, next });
      }
      case "sequence":
        return node.of.reduceRight((after, each) => lead(each, after), next);
      case "either":
        return add({ kind: "split", next: node.of.map((each) => lead(each, next)) });
      case "repeat": {
        let after = next;
        if (node.most === Number.POSITIVE_INFINITY) {
          const loop = add({ kind: "split", next: [next] });
          (states[loop] as { next: number[] }).next.push(lead(node.of, loop));
          after = loop;
        } else {
          for (let k = node.least; k < node.most; k++)
            after = add({ kind: "split", next: [next, lead(node.of, after)] });
        }
        for (let k = 0; k < node.least; k++) after = lead(node.of, after);
        return after;
      }
    }
  };
  const start = lead(pattern, 0);
  return { states, start };
}

/** At which positions the end is reached. `anywhere`: from any position before, not from the first alone. */
function run(states: readonly State[], start: number, positions: Positions, anywhere: boolean): Uint8Array {
  const { characters } = positions;
  const reached = new Uint8Array(characters.length + 1);
  const seen = new Int32Array(states.length).fill(-1);
  let current: number[] = [];
  const enter = (from: number, at: number, list: number[]): void => {
    const waiting = [from];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      if (seen[state] === at) continue;
      seen[state] = at;
      const step = states[state];
      if (step.kind === "character") list.push(state);
      else if (step.kind === "end") reached[at] = 1;
      else if (step.kind === "split") waiting.push(...step.next);
      else if (step.holds(positions, at)) waiting.push(step.next);
    }
  };
  enter(start, 0, current);
  for (let at = 0; at < characters.length && (anywhere || current.length > 0); at++) {
    const next: number[] = [];
    for (const state of current) {
      const step = states[state];
      if (step.kind === "character" && step.test(characters[at])) enter(step.next, at + 1, next);
    }
    if (anywhere) enter(start, at + 1, next);
    current = next;
  }
  return reached;
}

function lookBehind({ states, start, negative }: Look, positions: Positions): Uint8Array {
  const found = run(states, start, positions, true);
  return negative ? found.map((holds) => 1 - holds) : found;
}

/** From the text's end backwards: the states from which the end can be reached at each position. */
function lookAhead({ states, start, negative }: Look, positions: Positions): Uint8Array {
  const { characters } = positions;
  const found = new Uint8Array(characters.length + 1);
  const comesFrom: number[][] = states.map(() => []);
  states.forEach((step, state) => {
    if (step.kind === "split") for (const next of step.next) comesFrom[next].push(state);
    else if (step.kind !== "end") comesFrom[step.next].push(state);
  });
  const alive = new Int32Array(states.length).fill(-1);
  for (let at = characters.length; at >= 0; at--) {
    const waiting = [0];
    if (at < characters.length) {
      states.forEach((step, state) => {
        if (step.kind === "character" && alive[step.next] === at + 1 && step.test(characters[at])) waiting.push(state);
      });
    }
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      if (alive[state] === at) continue;
      alive[state] = at;
      for (const before of comesFrom[state]) {
        const step = states[before];
        if (step.kind === "split" || (step.kind === "condition" && step.holds(positions, at))) waiting.push(before);
      }
    }
    found[at] = (alive[start] === at) !== negative ? 1 : 0;
  }
  return found;
}

/** Whether the source matches one character; what was asked of an ASCII one is remembered. */
function characterTest(source: string, flags: string): (character: string) => boolean {
  const pattern = new RegExp(`^(?:${source})$`, flags.replace("m", ""));
  const known = new Uint8Array(128);
  return (character) => {
    const code = character.length === 1 ? character.charCodeAt(0) : 128;
    if (code >= 128) return pattern.test(character);
    if (known[code] === 0) known[code] = pattern.test(character) ? 1 : 2;
    return known[code] === 1;
  };
}

function edgeTest(source: string, flags: string): (positions: Positions, at: number) => boolean {
  const breaks = flags.includes("m") ? /^[\n\r\u2028\u2029]$/ : /^(?!)/;
  const isBreak = (character: string): boolean => breaks.test(character);
  if (source === "^") return ({ characters }, at) => at === 0 || isBreak(characters[at - 1]);
  if (source === "$") return ({ characters }, at) => at === characters.length || isBreak(characters[at]);
  const isWord = characterTest("\\w", flags);
  const wordAt = (characters: readonly string[], at: number): boolean =>
    at >= 0 && at < characters.length && isWord(characters[at]);
  const isEdge = source === "\\b";
  return ({ characters }, at) => (wordAt(characters, at - 1) !== wordAt(characters, at)) === isEdge;
}
