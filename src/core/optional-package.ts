/** Packages that not every installation needs, loaded when they are used. */
import { SluiceError } from "./errors.ts";

/**
 * @param need what needs it, as in "This kind of source needs the package ssh2"
 * @param names to install, between blanks
 * @throws SluiceError `invalid` that says so where it is not installed; else whatever its loading throws
 */
export async function optionalPackage<Module>(
  need: string,
  names: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw isNotFound(cause) ? new SluiceError("invalid", `${need}: npm install ${names}.`, { cause }) : cause;
  }
}

function isNotFound(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" || (cause !== undefined && isNotFound(cause));
}
