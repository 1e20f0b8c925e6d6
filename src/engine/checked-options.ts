/** What a person may decide about an import, checked against its importer. */
import { SluiceError, told } from "../core/errors.ts";
import { type DuplicateOptions, duplicateStrategies, type ImportOptions } from "../core/import.ts";
import { checkContext, checkKeys, checkMerge, type Importer } from "../core/importer.ts";

/** @throws SluiceError `invalid` for what the importer does not know, or needs and does not get. */
export function checkedOptions<O extends Omit<ImportOptions, "dialect">>(importer: Importer, options: O): O {
  checkDuplicates(importer, options.duplicates);
  checkMerge(importer, options.merge);
  return { ...options, context: checkContext(importer, options.context) };
}

export function checkDuplicates(importer: Importer, { keys, strategy }: DuplicateOptions): void {
  if (!duplicateStrategies.includes(strategy))
    throw new SluiceError(
      "invalid",
      told`The strategy "${strategy}" is not one of: ${duplicateStrategies.join(", ")}.`,
    );
  checkKeys(importer, keys);
}
