/**
 * A psql script run as its author would run it, by the psql binary with the file on its standard input; where there
 * is no psql, by node-postgres statement by statement, which costs the server the same work.
 */
import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, createReadStream, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** The psql on the PATH, or undefined. */
export function findPsql(): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, process.platform === "win32" ? "psql.exe" : "psql");
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** A script in a file, or a single command such as `\copy`. */
export type Script = { file: string } | { command: string };

/**
 * Runs `script` with the file at `stdinPath` as what `\copy … from pstdin` reads.
 *
 * @returns the rows of its last select, each cell as text.
 * @throws Error with psql's or the server's message; the script stops at its first error.
 */
export async function runScript(url: string, script: Script, stdinPath: string): Promise<string[][]> {
  const psql = findPsql();
  return psql === undefined ? runWithoutPsql(url, script, stdinPath) : runWithPsql(psql, url, script, stdinPath);
}

async function runWithPsql(psql: string, url: string, script: Script, stdinPath: string): Promise<string[][]> {
  const options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t"];
  const what = "file" in script ? `--file=${script.file}` : `--command=${script.command}`;
  const stdin = openSync(stdinPath, "r");
  // Before Postgres 17 psql refuses a parameter that it does not know.
  const address = url.replace(/sslnegotiation=[^&]*&?/, "");
  const child = spawn(psql, [...options, "--set=ON_ERROR_STOP=1", what, address], {
    stdio: [stdin, "pipe", "pipe"],
    env: { ...process.env, PGCLIENTENCODING: "UTF8" },
  });
  closeSync(stdin);
  const [, stdout, stderr] = child.stdio as unknown as [null, Readable, Readable];
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, output, problems] = await Promise.all([exited, text(stdout), text(stderr)]);
  if (code !== 0) throw new Error(`psql ended with code ${code}: ${problems.trim()}`);
  return output.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")]));
}

async function runWithoutPsql(url: string, script: Script, stdinPath: string): Promise<string[][]> {
  const client = new pg.Client({ connectionString: url, client_encoding: "UTF8" });
  await client.connect();
  try {
    const commands = "file" in script ? await readFile(script.file, "utf8") : script.command;
    let last: string[][] = [];
    for (const statement of statementsOf(commands)) {
      if (statement.startsWith("\\copy ")) {
        const copy = client.query(copyFrom(statement.slice(1).replace(" from pstdin ", " from stdin ")));
        await pipeline(createReadStream(stdinPath, { highWaterMark: 256 * 1024 }), copy);
        continue;
      }
      const result = await client.query({ text: statement, rowMode: "array" });
      if (result.command === "SELECT" && result.fields.length > 0) last = result.rows.map((row) => row.map(String));
    }
    return last;
  } finally {
    await client.end();
  }
}

/** Statements end with a `;` at a line's end, meta-commands with their line: how the scripts here are laid out. */
function statementsOf(script: string): string[] {
  const statements: string[] = [];
  let statement = "";
  for (const line of script.split("\n")) {
    if (line.startsWith("--") || line.trim() === "") continue;
    statement += `${line}\n`;
    if (line.startsWith("\\") || line.endsWith(";")) {
      statements.push(statement.trim());
      statement = "";
    }
  }
  return statements;
}
