/** Folders of the server, kept out of messages to people who only use it. */

/** Every path below the folders, up to the next blank, quote or bracket, as `…`. */
export function withoutPlaces(text: string, places: readonly string[]): string {
  let shown = text;
  for (const place of places)
    for (let at = shown.indexOf(place); at >= 0; at = shown.indexOf(place, at + 1)) {
      const rest = shown.slice(at + place.length);
      shown = `${shown.slice(0, at)}…${rest.slice(/^[^\s"'“”«»()<>,;]*/.exec(rest)?.[0].length ?? 0)}`;
    }
  return shown;
}
