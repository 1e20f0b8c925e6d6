/** Accounts as an admin of one tenant may reach them: their own. Those of others are not there for them. */
import { SluiceError, told } from "../../core/errors.ts";
import { type Role, reachesRole } from "../../core/users.ts";
import type { HttpContext } from "../request/request-context.ts";
import { refuseUnlessAdmin } from "./auth-guard.ts";

/** @throws SluiceError `forbidden` for a user, `not_found` for an admin of one tenant who asks for somebody else. */
export function refuseUnlessOwn(c: HttpContext, userId: string): void {
  refuseUnlessAdmin(c);
  const { isUnbounded, user } = c.get("reach");
  if (isUnbounded || userId === user.id) return;
  // As for an id that nobody has.
  throw new SluiceError("not_found", told`There is no user with the id "${userId}".`);
}

/** @throws SluiceError `forbidden` where somebody would get more rights than the caller has. */
export function refuseHigherRole(c: HttpContext, role: Role): void {
  if (reachesRole(c.get("user").role, role)) return;
  throw new SluiceError("forbidden", told`Only an operator can make others operators.`);
}
