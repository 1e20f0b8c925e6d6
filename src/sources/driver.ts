/** Packages that a source needs and an installation may not have. */
import { SluiceError } from "../core/errors.ts";

/** @throws SluiceError `conflict` naming what to install */
export async function driver<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    throw new SluiceError("invalid", `This kind of source needs the package ${name}: npm install ${name}`, { cause });
  }
}
