// The published command, without what the benchmark itself loads: its memory is its own.
import { main } from "../dist/cli.js";

process.exitCode = await main(process.argv.slice(2));
