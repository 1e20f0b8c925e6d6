/** Which address each place of the page has: every import has one of its own. */
import type { Place } from "../src/react/foundation/Sluice.tsx";

/** Below the path where the page is mounted, without its slash at the end. */
export function addressOf(place: Place): string {
  switch (place.page) {
    case "new":
      return place.importer === undefined ? "/import" : `/import?importer=${encodeURIComponent(place.importer)}`;
    case "import":
      return `/import/${place.id}`;
    case "history":
      return "/import/history";
    case "job":
      return `/import/history/${place.id}`;
    case "records":
      return `/import/${place.id}/records`;
    case "notifications":
      return "/import/notifications";
    case "sources":
      return "/import/sources";
  }
}
