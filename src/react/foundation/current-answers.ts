/** The answers of the server that are kept, none from before a change. */
import { type InvalidateOptions, type InvalidateQueryFilters, type Query, QueryClient } from "@tanstack/react-query";

/**
 * Asks anew also for what is asked for the first time while it changes. A QueryClient waits for such a first answer, which may be from
 * before the change, and keeps it (`query-core`, `Query.fetch`: only a query with data is cancelled). The first answer is not cut off:
 * where changes come faster than answers, there would never be one.
 */
export class CurrentAnswers extends QueryClient {
  override async invalidateQueries(filters?: InvalidateQueryFilters, options?: InvalidateOptions): Promise<void> {
    const early = this.getQueryCache()
      .findAll(filters)
      .filter(({ state }) => state.fetchStatus === "fetching" && state.data === undefined);
    await Promise.all([super.invalidateQueries(filters, options), ...early.map((query) => this.#askAgain(query))]);
  }

  async #askAgain(query: Query): Promise<void> {
    try {
      await query.promise;
    } catch {
      return; // Its failure is the query's own, and it is asked for again by whoever shows it.
    }
    await super.invalidateQueries({ predicate: (each) => each === query });
  }
}
