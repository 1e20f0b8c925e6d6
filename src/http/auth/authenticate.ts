/** How a request tells whose it is. */
import type { SignedIn } from "../../core/users.ts";

/**
 * Tells whose request it is; null: nobody's. Bring your own, or take the shipped one (sessions, tokens, JWT). What it says beside
 * `id`, `name` and `role` is there for `from` and `can` of the importers.
 */
export type Authenticate = (request: Request) => Promise<SignedIn | null>;
