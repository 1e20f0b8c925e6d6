/** The connection that everything of the store shares. postgres/connection/connect.ts has it. */

export interface Connection {
  /** True after a loss of the connection, which waiting may heal. */
  isLost(error: unknown): boolean;
  close(): Promise<void>;
}
