/** Flags that follow from the list of an import's options. */
import { Command } from "commander";
import { expect, it } from "vitest";
import { otherFlags, saidByFlags, withOptionFlags } from "../../src/cli/option-flags.ts";

const names = ["autoCommit"] as const;

it("has a flag for an option that is a yes or no", () => {
  const command = withOptionFlags(new Command("import"), names);
  expect(command.helpInformation()).toMatch(/--auto-commit +go on to the commit without a review/);
  command.parse(["--auto-commit"], { from: "user" });
  expect(saidByFlags(command.opts(), names)).toEqual({ autoCommit: true });
  expect(
    otherFlags(command.opts(), { autoCommit: false, mode: "upsert", repeats: "all", confirmRemovals: 0 }, names),
  ).toEqual(["--auto-commit is false"]);
  expect(
    otherFlags(command.opts(), { autoCommit: true, mode: "upsert", repeats: "all", confirmRemovals: 0 }, names),
  ).toEqual([]);
});

it("has nothing to say where no flag is given", () => {
  const command = withOptionFlags(new Command("import"), names).parse([], { from: "user" });
  expect(saidByFlags(command.opts(), names)).toEqual({});
  expect(
    otherFlags(command.opts(), { autoCommit: true, mode: "upsert", repeats: "all", confirmRemovals: 0 }, names),
  ).toEqual([]);
});

it("has no flag for what a command does in any case", () => {
  expect(withOptionFlags(new Command("import")).options.map(({ long }) => long)).not.toContain("--auto-commit");
});
