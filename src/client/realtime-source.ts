/** Supabase's Realtime, as far as the client asks for it. */

/** What is used of a client of `@supabase/supabase-js`, which is signed in as the person. */
export interface RealtimeSource {
  // biome-ignore lint/suspicious/noExplicitAny: the library's own types differ from version to version
  channel(name: string, options?: any): any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  removeChannel(channel: any): unknown;
}
