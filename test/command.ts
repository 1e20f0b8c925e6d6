/** The command line as a process of its own, to be compiled: what `bin/sluice.js` runs once it knows its Node. */
import { main } from "../src/cli.ts";

process.exitCode = await main(process.argv.slice(2));
