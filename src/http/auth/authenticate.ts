/** How a request is authenticated. */
import type { SignedIn } from "../../core/users.ts";

/**
 * Authenticates a request; null: nobody. Pass your own, or use the shipped one (sessions, tokens, JWT). What it says beside
 * `id`, `name` and `role` is there for `from` and `can` of the importers.
 */
export type Authenticate = (request: Request) => Promise<SignedIn | null>;
