/** Which known name somebody meant, and the refusal of the one they wrote. */
import { expect, it } from "vitest";
import { refuseUnknown } from "../../src/core/refuse-unknown.ts";
import { meantInstead, nearestName } from "../../src/core/shape/nearest-name.ts";

it.each([
  ["databseUrl", "databaseUrl"],
  ["databaseURL", "databaseUrl"],
  ["orgins", "origins"],
  ["importres", "importers"],
  ["lane", "lanes"],
  ["prot", "port"],
  ["databasseurll", "databaseUrl"],
  ["password", null],
  ["x", null],
  ["", null],
  ["__proto__", null],
])("takes %j for %j", (written, meant) => {
  expect(nearestName(written, ["databaseUrl", "origins", "importers", "lanes", "port", "host"])).toBe(meant);
});

it("names what there is where nothing is near", () => {
  expect(meantInstead("colour", ["port", "host"])).toBe("Available: port, host.");
  expect(nearestName("anything", [])).toBeNull();
});

it("refuses the first property that nobody reads, and no other", () => {
  expect(() => refuseUnknown("createApp", "option", { port: 1, hosst: 2 }, ["port", "host"])).toThrow(
    'createApp: there is no option "hosst". Did you mean "host"?',
  );
  expect(() => refuseUnknown("createApp", "option", { port: undefined }, ["port", "host"])).not.toThrow();
});
