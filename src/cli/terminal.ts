/** What a command sees of the process it runs in; cli.ts makes it. */
export interface Terminal {
  /** Standard output: results. */
  out(text: string): Promise<void>;
  /** Standard error: progress, messages. */
  err(text: string): void;
  /** A person sits in front of it and can be asked. */
  interactive: boolean;
  /** Standard error is a terminal: a line can be drawn over. */
  live: boolean;
  columns(): number;
  stdin: AsyncIterable<Uint8Array>;
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Who runs it, as the machine calls them. */
  user: string;
  peakRssBytes(): number;
  /** Aborts at Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** Ends the process with exit code 0 this long after `signal` aborts, whatever still hangs. For commands that run until stopped. */
  endWithin?(ms: number): void;
}

/** How a command ended, for the shell. Documented in docs/cli.md. */
export const exitCodes = {
  done: 0,
  /** Something is wrong; the message says what to do. */
  error: 1,
  /** A decision is needed: a doubtful mapping, a wrong option. */
  decide: 2,
  /** The import is paused: the database refuses too many rows, or more would be removed than was confirmed. */
  paused: 3,
  /** The file has been imported already. */
  alreadyImported: 4,
  /** Ctrl-C: the import is paused. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A server or a worker that is told to stop exits within this time, even if the database is away. */
export const stopWithinMs = 4500;
