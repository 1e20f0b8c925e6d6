/** Writes LICENSES beside what Vite builds: the licence of each package that is bundled. */
import type { Plugin } from "vite";
import { folderOf, licencesOf } from "../bin/bundling.ts";

export function licences(): Plugin {
  return {
    name: "licences",
    async generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap((each) => (each.type === "chunk" ? each.moduleIds : []));
      const source = await licencesOf(ids.map(folderOf));
      this.emitFile({ type: "asset", fileName: "LICENSES", source });
    },
  };
}
