import { describe, expect, it } from "vitest";
import { scanXml, type XmlScanner, xmlClose, xmlEnd, xmlStart, xmlText } from "../../../src/formats/xml/scan.ts";

/** What a part says, in short: `<a x=1>`, `text`, `</a>`. */
function told(part: string | Uint8Array): string[] {
  const xml = scanXml(part, "people.xlsx (part.xml)");
  const all: string[] = [];
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next === xmlStart) {
      all.push(`<${[xml.name, ...Array.from(xml.attributes, ([name, value]) => `${name}=${value}`)].join(" ")}>`);
    } else if (next === xmlText) all.push(xml.text);
    else all.push(`</${xml.name}>`);
  }
  expect(xml.next()).toBe(xmlEnd);
  return all;
}

/** A scanner at the start of its root element. */
function opened(part: string): XmlScanner {
  const xml = scanXml(part, "people.xlsx (part.xml)");
  expect(xml.next()).toBe(xmlStart);
  return xml;
}

describe("a part", () => {
  it.each<[what: string, xml: string, told: string[]]>([
    ["elements and text", "<a><b>x</b>y</a>", ["<a>", "<b>", "x", "</b>", "y", "</a>"]],
    ["empty elements", "<a><b/><c /></a>", ["<a>", "<b>", "</b>", "<c>", "</c>", "</a>"]],
    ["attributes in either quotes", `<a x="1" y = '2"'/>`, [`<a x=1 y=2">`, "</a>"]],
    ["attributes over several lines", `<a\n\tx="1"\r\n  y="2"\n/>`, ["<a x=1 y=2>", "</a>"]],
    ["a > in an attribute", `<a x="1>2"/>`, ["<a x=1>2>", "</a>"]],
    ["elements under any prefix", `<x:a><y:b/></x:a>`, ["<a>", "<b>", "</b>", "</a>"]],
    ["attributes under a prefix", `<a r:id="7"/>`, ["<a r:id=7 id=7>", "</a>"]],
    ["an attribute without a prefix before one that has it", `<a r:id="7" id="8"/>`, ["<a r:id=7 id=8>", "</a>"]],
    ["no attribute of a namespace's name", `<a xmlns:r="urn:x"/>`, ["<a xmlns:r=urn:x>", "</a>"]],
    ["entities", "<a x='&lt;&#65;'>&amp;&quot;&apos;&gt;&#xe9;&#128512;</a>", ["<a x=<A>", `&"'>é😀`, "</a>"]],
    ["an entity that names an entity, once", "<a>&amp;lt;</a>", ["<a>", "&lt;", "</a>"]],
    ["CDATA as it stands", "<a><![CDATA[<b>&amp;]]]]></a>", ["<a>", "<b>&amp;]]", "</a>"]],
    ["text around comments in runs", "<a>x<!-- < & -->y<?p <?>z</a>", ["<a>", "x", "y", "z", "</a>"]],
    [
      "a declaration and comments around the root",
      "<?xml version='1.0'?><!-- a --><a/>\n<!-- b -->\n",
      ["<a>", "</a>"],
    ],
    ["line ends as line feeds", "<a>1\r\n2\r3&#13;</a>", ["<a>", "1\n2\n3\r", "</a>"]],
    ["line ends in attributes as spaces", `<a x="1\r\n2&#10;"/>`, ["<a x=1 2\n>", "</a>"]],
    ["names that objects have", `<a __proto__="1" constructor="2"/>`, ["<a __proto__=1 constructor=2>", "</a>"]],
  ])("gives %s", (_, xml, expected) => {
    expect(told(xml)).toEqual(expected);
  });

  it("is passed over from the start of an element to its close", () => {
    const xml = opened("<a><b><b>x</b><c/></b><d/></a>");
    xml.next();
    xml.skip();
    expect([xml.name, xml.depth]).toEqual(["b", 1]);
    expect([xml.next(), xml.name, xml.depth]).toEqual([xmlStart, "d", 2]);
    xml.skip();
    expect([xml.next(), xml.name, xml.depth]).toEqual([xmlClose, "a", 0]);
  });

  it("gives all the text inside an element", () => {
    const xml = opened("<a>1<b>2<c>3</c></b><![CDATA[4]]><d/></a>");
    expect(xml.textInside()).toBe("1234");
    expect(xml.next()).toBe(xmlEnd);
  });

  it("gives an attribute by its name, and null for one that is not there", () => {
    const xml = opened(`<a x="1"/>`);
    expect([xml.attribute("x"), xml.attribute("y"), xml.attribute("toString")]).toEqual(["1", null, null]);
    xml.next();
    expect(xml.attribute("x")).toBeNull();
  });

  it.each<[what: string, part: Uint8Array]>([
    ["UTF-8", Buffer.from("<a>é</a>")],
    ["UTF-8 with its mark", Buffer.from("\ufeff<a>é</a>")],
    ["UTF-16LE with its mark", Buffer.from("\ufeff<?xml version='1.0' encoding='UTF-16'?><a>é</a>", "utf16le")],
    ["UTF-16LE without one", Buffer.from("<a>é</a>", "utf16le")],
    ["UTF-16BE with its mark", Buffer.from("\ufeff<a>é</a>", "utf16le").swap16()],
    ["UTF-16BE without one", Buffer.from("<a>é</a>", "utf16le").swap16()],
    ["UTF-8 that is declared UTF-16", Buffer.from(`<?xml version="1.0" encoding="utf-16"?><a>é</a>`)],
    ["ISO-8859-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>`, "latin1")],
  ])("is read in %s", (_, part) => {
    expect(told(part)).toEqual(["<a>", "é", "</a>"]);
  });
});

describe("a part is refused", () => {
  const doctype = /has a document type/;
  const damaged = /^people.xlsx \(part.xml\) is damaged/;
  it.each<[what: string, part: string | Uint8Array, message: RegExp]>([
    ["with a document type", "<!DOCTYPE a><a/>", doctype],
    ["with an entity that grows", `<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "x">]><a>&b;</a>`, doctype],
    ["with an entity from a file", `<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`, doctype],
    ["with a document type in UTF-16", Buffer.from("\ufeff<!DOCTYPE a><a/>", "utf16le"), doctype],
    ["that is empty", "", damaged],
    ["that is no XML", "PK\x03\x04", damaged],
    ["that is cut", "<a><b>", damaged],
    ["that is cut in a tag", "<a><b x='1", damaged],
    ["that is cut in a comment", "<a><!-- </a>", damaged],
    ["that is cut in CDATA", "<a><![CDATA[ </a>", damaged],
    ["with crossed elements", "<a><b></a></b>", damaged],
    ["with an element too many closed", "<a/></a>", damaged],
    ["with two roots", "<a/><b/>", damaged],
    ["with text behind its root", "<a/>x", damaged],
    ["with a tag in a tag", "<a <b/>></a>", damaged],
    ["with a tag without a name", "<a>< b/></a>", damaged],
    ["with elements without end inside one another", "<a>".repeat(1_000_000), /nested more than 256 levels deep/],
    ["with an attribute without quotes", "<a x=1/>", damaged],
    ["with an attribute twice", `<a x="1" x="2"/>`, damaged],
    ["with an entity of its own", "<a>&euro;</a>", damaged],
    ["with an entity of an object's name", "<a>&constructor;</a>", damaged],
    ["with an ampersand alone", "<a>R & D</a>", damaged],
    ["with a reference to no character", "<a>&#0;</a>", damaged],
    ["with a reference to half a character", "<a>&#xD800;</a>", damaged],
    ["with a reference beyond Unicode", "<a>&#x110000;</a>", damaged],
    ["with bytes that are no UTF-8", Buffer.from("<a>\xe9</a>", "latin1"), /not UTF-8/],
    ["with half a pair in UTF-16", Buffer.from([0xff, 0xfe, 0x3c, 0, 0x00, 0xd8]), /not UTF-16LE/],
    ["in UTF-7", Buffer.from(`<?xml version="1.0" encoding="UTF-7"?><a/>`), /is in the encoding utf-7/],
    ["in UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), damaged],
  ])("%s", (_, part, message) => {
    expect(() => told(part)).toThrow(
      expect.objectContaining({ name: "SluiceError", code: "invalid", message: expect.stringMatching(message) }),
    );
  });
});
