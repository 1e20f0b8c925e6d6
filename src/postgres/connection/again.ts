import { isTransient } from "./connect.ts";

/** How often a transaction is tried that others may cross. */
const maxAttempts = 5;

/** Does a transaction again after a deadlock, or another error that the next attempt need not meet. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === maxAttempts) throw error;
    }
  }
}
