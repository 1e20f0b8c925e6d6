/** `sluice users`: who may come in by HTTP, and links that sign them in. */
import { openApp } from "../app.ts";
import type { Config } from "../config.ts";
import { hasContext } from "../core/context.ts";
import { SluiceError } from "../core/errors.ts";
import type { Importer } from "../core/importer.ts";
import { isMailAddress } from "../core/mail.ts";
import { type Account, type FirstRole, type Role, roles, signInLink, type Users } from "../core/users.ts";
import { type CommonFlags, loadConfigToOpen } from "../server/config-file.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

/** More than a person reads; the API has pages. */
const mostListed = 10_000;

export async function usersListCommand(terminal: Terminal, flags: CommonFlags & { json?: boolean }): Promise<ExitCode> {
  return withUsers(terminal, flags, async (users) => {
    const all = await users.list({ limit: mostListed });
    if (flags.json) await terminal.out(`${JSON.stringify(all)}\n`);
    else if (all.length === 0) terminal.err("There is nobody yet. The first start of a server makes an admin.\n");
    else for (const user of all) await terminal.out(`${lineOf(user)}\n`);
  });
}

export async function usersAddCommand(
  terminal: Terminal,
  name: string,
  flags: CommonFlags & { admin?: boolean; operator?: boolean; url?: string; email?: string },
): Promise<ExitCode> {
  return withUsers(terminal, flags, async (users, config) => {
    const by = { id: null, name: terminal.user };
    const email = flags.email === undefined ? null : addressOf(flags.email);
    const { id } = await users.create({ name: nameOf(name), role: roleOf(flags), email }, by);
    await printLink(terminal, config, flags.url, (await users.newSignInCode(id, by)).code);
  });
}

/** Without a name, of the first admin, who is made where there is nobody. */
export async function usersLinkCommand(
  terminal: Terminal,
  name: string | undefined,
  flags: CommonFlags & { url?: string },
): Promise<ExitCode> {
  return withUsers(terminal, flags, async (users, config) => {
    const by = { id: null, name: terminal.user };
    const user = name === undefined ? await firstAdmin(users) : await users.findByName(name);
    const made =
      user === undefined
        ? await users.firstSignInCode(firstRole(config.importers))
        : await users.newSignInCode(user.id, by);
    if (made === null)
      throw new SluiceError("not_found", "There is no admin left. Make one: sluice users add NAME --admin");
    await printLink(terminal, config, flags.url, made.code);
  });
}

export async function usersChangeCommand(
  terminal: Terminal,
  name: string,
  disabled: boolean,
  flags: CommonFlags,
): Promise<ExitCode> {
  return withUsers(terminal, flags, async (users) => {
    const { id } = await users.findByName(name);
    const changed = await users.change(id, { disabled }, { id: null, name: terminal.user });
    await terminal.out(`${lineOf(changed)}\n`);
  });
}

export async function usersRoleCommand(
  terminal: Terminal,
  name: string,
  role: string,
  flags: CommonFlags,
): Promise<ExitCode> {
  const wanted = roles.find((each) => each === role);
  if (wanted === undefined) throw new SluiceError("invalid", `"${role}" is no role. Use one of: ${roles.join(", ")}.`);
  return withUsers(terminal, flags, async (users) => {
    const { id } = await users.findByName(name);
    const changed = await users.change(id, { role: wanted }, { id: null, name: terminal.user });
    await terminal.out(`${lineOf(changed)}\n`);
  });
}

/** `none`: no mails are sent any more. */
export async function usersEmailCommand(
  terminal: Terminal,
  name: string,
  address: string,
  flags: CommonFlags,
): Promise<ExitCode> {
  const email = address === "none" ? null : addressOf(address);
  return withUsers(terminal, flags, async (users) => {
    const { id } = await users.findByName(name);
    const changed = await users.change(id, { email }, { id: null, name: terminal.user });
    await terminal.out(`${lineOf(changed)}\n`);
  });
}

function addressOf(given: string): string {
  if (isMailAddress(given)) return given;
  throw new SluiceError("invalid", `"${given}" is no e-mail address. Write it as anna@example.com.`);
}

/** Opens the app for a command about users. */
export async function withUsers(
  terminal: Terminal,
  flags: CommonFlags,
  work: (users: Users, config: Config) => Promise<void>,
): Promise<ExitCode> {
  const config = await loadConfigToOpen(terminal, flags);
  const app = await openApp(config, () => {}, terminal.signal);
  try {
    await work(app.engine.users, config);
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

async function firstAdmin(users: Users): Promise<Account | undefined> {
  const all = await users.list({ limit: mostListed });
  return all.find(({ role, disabledAt }) => role !== "user" && disabledAt === null);
}

/** With tenants the first account is of none of them: then it must be one that is unbounded. */
export function firstRole(importers: Iterable<Pick<Importer, "context">>): FirstRole {
  return [...importers].some(hasContext) ? "operator" : "admin";
}

function roleOf({ admin, operator }: { admin?: boolean; operator?: boolean }): Role {
  if (operator) return "operator";
  return admin ? "admin" : "user";
}

async function printLink(terminal: Terminal, config: Config, url: string | undefined, code: string): Promise<void> {
  if (url !== undefined && !/^https?:\/\/./.test(url))
    throw new SluiceError("invalid", `--url "${url}" must begin with https:// or http://.`);
  terminal.err("This link signs in once, within half an hour:\n");
  await terminal.out(`${signInLink(url ?? (config.publicUrl || `http://localhost:${config.port}`), code)}\n`);
}

function nameOf(given: string): string {
  const name = given.trim();
  if (name === "" || name.length > 200) throw new SluiceError("invalid", "A name has 1 to 200 characters.");
  return name;
}

function lineOf({ name, role, disabledAt, lastSignedInAt, email }: Account): string {
  const seen = lastSignedInAt === null ? "never" : lastSignedInAt.toISOString().slice(0, 16).replace("T", " ");
  return `${role.padEnd(8)}  ${seen.padEnd(16)}  ${name}${email === null ? "" : ` <${email}>`}${disabledAt === null ? "" : " (disabled)"}`;
}
