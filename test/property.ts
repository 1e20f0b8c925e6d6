/**
 * fast-check with a seed that stays, so that a run is red for what was changed and nothing else. `npm run properties` searches on with
 * seeds that were never used; PROPERTY_SEED repeats the one it names.
 */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED ?? 1) });

export { fc };
