/** How a request is authenticated. */
import { SluiceError, told } from "../../core/errors.ts";
import { programId, roles, type SignedIn } from "../../core/users.ts";

/**
 * Authenticates a request; null: nobody. Pass your own, or use the shipped one (sessions, tokens, JWT). What it says beside
 * `id`, `name` and `role` is there for `from` and `can` of the importers.
 */
export type Authenticate = (request: Request) => Promise<SignedIn | null>;

/**
 * The same, but for the id that imports of programs have: whoever had it would see them all.
 *
 * @throws SluiceError the check: `unauthorized`, besides what `authenticate` throws.
 */
export function withoutPrograms(authenticate: Authenticate): Authenticate {
  return async (request) => {
    const user = await authenticate(request);
    if (user?.id !== programId) return user;
    throw new SluiceError(
      "unauthorized",
      told`Nobody can sign in as "${programId}": imports that programs make belong to it. Give the user another id.`,
    );
  };
}

/**
 * A program's own, held to what it promises: ids and roles are compared and stored, and a request whose body it has read cannot be
 * answered. It may answer at once instead of later.
 *
 * @throws SluiceError the check: `internal`, for the log, with what it should have said.
 */
export function ownAuthenticate(authenticate: (request: Request) => unknown): Authenticate {
  return async (request) => {
    const user = await authenticate(request);
    if (request.bodyUsed)
      throw new SluiceError(
        "internal",
        "`authenticate` has read the request's body. Read that of `request.clone()` instead.",
      );
    if (user === null || user === undefined) return null;
    const { id, name, role } = user as Partial<SignedIn>;
    const refuse = (what: string): never => {
      throw new SluiceError(
        "internal",
        `\`authenticate\` must return null, or a user as { id: "7", name: "Anna", role: "user" }: ${what}.`,
      );
    };
    if (typeof id !== "string" || id === "") refuse("its `id` is not text");
    if (typeof name !== "string") refuse("its `name` is not text");
    if (!roles.includes(role as SignedIn["role"])) refuse(`its \`role\` is none of ${roles.join(", ")}`);
    return user as SignedIn;
  };
}
