/** `sluice tokens`: programs' ways in by HTTP. */
import { SluiceError } from "../core/errors.ts";
import type { ApiToken, Role } from "../core/users.ts";
import type { CommonFlags } from "../server/config-file.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import { withUsers } from "./users.ts";

const dayMs = 24 * 3600 * 1000;
const maxDays = 3650;
/** More than a person reads; the API has pages. */
const mostListed = 10_000;

export async function tokensListCommand(
  terminal: Terminal,
  flags: CommonFlags & { json?: boolean },
): Promise<ExitCode> {
  return withUsers(terminal, flags, async (users) => {
    const all = await users.listTokens({ limit: mostListed });
    if (flags.json) await terminal.out(`${JSON.stringify(all)}\n`);
    else if (all.length === 0) terminal.err("There are no tokens. Make one: sluice tokens create NAME --user USER\n");
    else for (const token of all) await terminal.out(`${lineOf(token)}\n`);
  });
}

/** The token alone goes to standard output. */
export async function tokensCreateCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags & { user: string; role: Role; days?: string },
): Promise<ExitCode> {
  const days = flags.days === undefined ? null : Number(flags.days);
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= maxDays))
    throw new SluiceError("invalid", `--days "${flags.days}" must be a whole number from 1 to ${maxDays}.`);
  if (name.trim() === "") throw new SluiceError("invalid", "A token needs a name that says what it is for.");
  return withUsers(terminal, flags, async (users) => {
    const { id } = await users.findByName(flags.user);
    const expiresAt = days === null ? null : new Date(Date.now() + days * dayMs);
    const fresh = { name: name.trim(), userId: id, role: flags.role, expiresAt };
    const { token, secret } = await users.createToken(fresh, { id: null, name: terminal.user });
    terminal.err(`Token ${token.id}. It is shown this once:\n`);
    await terminal.out(`${secret}\n`);
  });
}

export async function tokensRevokeCommand(terminal: Terminal, id: string, flags: CommonFlags): Promise<ExitCode> {
  if (!/^\d{1,15}$/.test(id))
    throw new SluiceError("invalid", `"${id}" is not the number of a token. List them: sluice tokens`);
  return withUsers(terminal, flags, async (users) => {
    const token = await users.revokeToken(Number(id), { id: null, name: terminal.user });
    await terminal.out(`${lineOf(token)}\n`);
  });
}

function lineOf({ id, name, userName, role, lastUsedAt, expiresAt, revokedAt }: ApiToken): string {
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const state = revokedAt !== null ? "revoked" : expiresAt === null ? "" : `until ${day(expiresAt)}`;
  const used = lastUsedAt === null ? "never used" : `used ${day(lastUsedAt)}`;
  return `${String(id).padStart(4)}  ${role.padEnd(8)}  ${used.padEnd(15)}  ${state.padEnd(16)}  ${userName}: ${name}`;
}
