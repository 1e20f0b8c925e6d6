/**
 * The files of a worker share its globals. A server that a test opens may put its own Response in the place of Node's
 * (`overrideGlobalObjects` of Hono's server), and what comes later in that worker then fails far from where it was done:
 * whoever tries is told at once.
 */
for (const name of ["Headers", "Request", "Response"])
  Object.defineProperty(globalThis, name, { writable: false, configurable: false });
