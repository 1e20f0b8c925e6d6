/** How a request tells whose it is. */
import type { User } from "../users.ts";

/** Tells whose request it is; null: nobody's. Bring your own, or take the shipped one (sessions, tokens, JWT). */
export type Authenticate = (request: Request) => Promise<User | null>;
