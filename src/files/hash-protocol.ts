/** The messages to and from the thread that hashes files. */

/**
 * `on`: hash the file as far as `to`, `afresh` from its beginning. `digest`: the same, and tell the hash. `forget`: nobody asks
 * for this file again.
 */
export type HashRequest =
  | { do: "on"; path: string; to: number; afresh: boolean }
  | { do: "digest"; path: string; to: number; ask: number }
  | { do: "forget"; path: string };

export type HashAnswer = { ask: number; hash: string } | { ask: number; problem: string };
