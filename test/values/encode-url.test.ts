/** Web addresses: completed, safe in a link, and nothing else. */
import { expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { encoded } from "./encode-cell.ts";

it.each([
  ["https://www.example.com", "https://www.example.com"],
  ["HTTP://Example.com/Path?q=1#A", "http://Example.com/Path?q=1#A"],
  ["www.example.com", "https://www.example.com"],
  ["example.com/a b.jpg", "https://example.com/a%20b.jpg"],
  ["//cdn.example.com/x.png", "https://cdn.example.com/x.png"],
  ["example.com:8080/x", "https://example.com:8080/x"],
  ["http://localhost:3000/", "http://localhost:3000/"],
  ["https://192.168.0.1/a", "https://192.168.0.1/a"],
  ["https://[::1]/a", "https://[::1]/a"],
  ["räksmörgås.se/å", "https://räksmörgås.se/å"],
  [
    `https://example.com/"><script>alert('x')</script>`,
    "https://example.com/%22%3E%3Cscript%3Ealert(%27x%27)%3C/script%3E",
  ],
  ["https://example.com/a%20b", "https://example.com/a%20b"],
])("reads %s", (cell, address) => {
  expect(encoded(field.url(), cell)).toBe(address);
});

it.each([
  ["javascript:alert(1)", "url_scheme"],
  ["JaVaScRiPt://example.com/%0aalert(1)", "url_scheme"],
  ["data:text/html,x", "url_scheme"],
  ["mailto:anna@example.com", "url_scheme"],
  ["ftp://example.com/x", "url_scheme"],
  ["java\tscript:alert(1)", "url_invalid"],
  ["https://exa mple.com", "url_invalid"],
  ["https:\\\\example.com", "url_invalid"],
  ["https:example.com", "url_invalid"],
  ["https://", "url_invalid"],
  ["https://nothing", "url_invalid"],
  ["anna@example.com", "url_invalid"],
  ["see below", "url_invalid"],
  ["1.5", "url_invalid"],
  [`https://example.com/${"x".repeat(8000)}`, "url_invalid"],
])("refuses %s", (cell, code) => {
  expect(encoded(field.url(), cell)).toMatchObject({ code });
});

it("allows the schemes of the field", () => {
  const files = field.url({ schemes: ["ftp", "mailto"] });
  expect(encoded(files, "ftp://example.com/x")).toBe("ftp://example.com/x");
  expect(encoded(files, "mailto:anna@example.com")).toBe("mailto:anna@example.com");
  expect(encoded(files, "https://example.com")).toEqual({ code: "url_scheme", params: { schemes: "ftp:, mailto:" } });
  expect(encoded(files, "example.com")).toEqual({ code: "url_invalid" });
});
