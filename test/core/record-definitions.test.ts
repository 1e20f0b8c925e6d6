/** Records that are wrong: each is refused at once, with the place and the word that was meant. */
import { describe, expect, it } from "vitest";
import { constant, defineImporter, field, nameOf, now, onCreate, ref } from "../../src/index.ts";

// As JavaScript and JSON have them: what the compiler would refuse.
// biome-ignore lint/suspicious/noExplicitAny: that is the point
type Anything = any;

const fields = { code: field.text(), brand: field.text(), price: field.decimal(), stock: field.integer() };
const product = { table: "products", key: ["code"], set: { brand_name: "brand", price: "price", stock: "stock" } };
/** A child of the product, and what is wrong with it. */
const child = (more: Anything) => ({ product, child: { table: "children", key: [ref("product")], ...more } });
const tenants = { context: { tenant_id: { type: "uuid" } } };

const wrong: [what: string, definition: Anything, sentence: string | RegExp][] = [
  ["records in a list", { records: [product] }, /^records is a list: it must be an object, such as /],
  ["no records", { records: {} }, "records is empty: name at least one."],
  [
    "a record name with a dash",
    { records: { "our-product": product } },
    'the record name "our-product" cannot be used: letters a to z, digits and _, a letter first, at most 40.',
  ],
  [
    "a record that is a table",
    { records: { product: "products" } },
    /^records\.product is "products": it must be an object with table, id, key, /,
  ],
  ["a record without a table", { records: { product: { key: ["code"] } } }, "records.product lacks `table`."],
  [
    "records beside a target",
    { records: { product }, target: { table: "products" } },
    "it has both `records` and `target`: each record says its own table and key. Remove `target`.",
  ],
  [
    "records beside keys",
    { records: { product }, match: { keys: ["code"] } },
    "it has both `records` and `match`: each record says its own table and key. Remove `match`.",
  ],
  [
    "records beside a loader",
    { records: { product }, load: () => "" },
    "it has both `records` and `load`: a loader of one's own writes all that a row makes. Keep one of them.",
  ],
  [
    "a replace of records that are in no context",
    {
      ...tenants,
      modes: ["append", "replace"],
      records: { note: { table: "notes", set: { text: "code" }, shared: true } },
    },
    /^modes names replace, and no record tells what it replaces: none that rows make anew has the columns of the context/,
  ],
  // Names.
  [
    "an unknown option",
    { records: { product: { ...product, onMach: "use" } } },
    'there is no option records.product.onMach. Did you mean "onMatch"?',
  ],
  [
    "a key of no field",
    { records: { product: { ...product, key: ["cod"] } } },
    'records.product.key[0] names the field "cod", which is not one of: code, brand, price, stock. Did you mean "code"?',
  ],
  [
    "one of several keys of no field",
    { records: { product: { ...product, key: undefined, keys: ["code", ["brand", "prize"]] } } },
    'records.product.keys[1][1] names the field "prize", which is not one of: code, brand, price, stock. Did you mean "price"?',
  ],
  [
    "a column from no field",
    { records: { product: { ...product, set: { name: "titel" } } } },
    'records.product.set.name names the field "titel", which is not one of: code, brand, price, stock.',
  ],
  [
    "a record that is named as a field",
    { records: child({ set: { product_id: "product" } }) },
    'records.child.set.product_id names the field "product", which is not one of: code, brand, price, stock. It is a record: write ref("product").',
  ],
  [
    "a reference to no record",
    { records: child({ key: [ref("produkt")] }) },
    'records.child.key[0] refers to the record "produkt", which is not one of: product, child. Did you mean ref("product")?',
  ],
  [
    "a reference to a field",
    { records: child({ key: [ref("price")] }) },
    'records.child.key[0] refers to the record "price", which is not one of: product, child. It is a field: write "price".',
  ],
  [
    "a reference to itself",
    { records: { product: { ...product, set: { parent_id: ref("product") } } } },
    'records.product.set.parent_id refers to the record itself. For a tree, whose parents are in the same table, say path: { separator: ">", parent: "parent_id" }.',
  ],
  [
    "a reference to what has no id",
    { records: { ...child({}), product: { ...product, id: null } } },
    'records.child.key[0] refers to the record "product", which has no id (id: null). Name its id, or repeat its key.',
  ],
  [
    "a circle",
    {
      records: {
        a: { table: "a", key: ["code"], set: { b_id: ref("b") } },
        b: { table: "b", key: ["brand"], set: { c_id: ref("c") } },
        c: { table: "c", key: ["price"], set: { a_id: ref("a") } },
      },
    },
    "the records refer to one another in a circle: a → b → c → a. One of them has to be there first: remove a ref.",
  ],
  // Keys.
  [
    "a key that is a text",
    { records: { product: { ...product, key: "code" } } },
    'records.product.key is "code": it must be a list, such as ["code"].',
  ],
  [
    "an empty key",
    { records: { product: { ...product, key: [] } } },
    "records.product.key is empty: name at least one.",
  ],
  [
    "a part twice",
    { records: child({ key: [ref("product"), ref("product")] }) },
    "records.child.key has a part twice. Name each once.",
  ],
  [
    "both kinds of keys",
    { records: { product: { ...product, keys: ["code"] } } },
    "records.product has both `key` and `keys`. Keep one of them.",
  ],
  [
    "a constant for a key",
    { records: { product: { ...product, key: [constant(1)] } } },
    'records.product.key[0] is an object: a key is made of fields\' names, ref("record") and nameOf("field").',
  ],
  [
    "what becomes of a match, and no key",
    { records: { product: { ...product, key: undefined, onMatch: "update" } } },
    'records.product has `onMatch`, but no `key`: every row makes a new record, and none is looked for. Say what recognises one: key: ["code"].',
  ],
  [
    "a key without a column",
    { fields: { ...fields, code: field.text({ column: null }) }, records: { product } },
    'records.product: the field "code" of its key has no column (column: null). Say which one it has here, as set: { name: "code" }.',
  ],
  // Values.
  [
    "a function for a value",
    { records: { product: { ...product, set: { id: () => "x" } } } },
    "records.product.set.id is a function: for a value of new records write onCreate(() => …).",
  ],
  [
    "a maker that was not called",
    { records: { product: { ...product, set: { changed: now } } } },
    "records.product.set.changed is a function: call it, as now().",
  ],
  [
    "a number for a value",
    { records: { product: { ...product, set: { rank: 1 } } } },
    "records.product.set.rank is 1: for the same value in every record write constant(1).",
  ],
  [
    "an object for a value",
    { records: { product: { ...product, set: { rank: { from: "stock" } } } } },
    /^records\.product\.set\.rank is an object: it must be a field's name, ref\("record"\), /,
  ],
  [
    "a value that waits",
    { records: { product: { ...product, set: { id: onCreate((async () => "x") as Anything) } } } },
    "records.product.set.id.make is an async function: it must answer at once: onCreate((run) => run.user.id).",
  ],
  [
    "two for one column",
    { records: { product: { ...product, set: { code: "brand", price: "price", stock: "stock" } } } },
    'records.product: the field "code" and the field "brand" both go to the column "code". Point one of them elsewhere.',
  ],
  [
    "a field in two columns of the main one",
    { records: { product: { ...product, set: { ...product.set, brand_id: "brand" } } } },
    'records.product is the record that a row is about, and the field "brand" goes to two of its columns. Add a field for the other one, with derive: (row) => row.brand.',
  ],
  [
    "a field for nothing",
    { records: { product: { table: "products", key: ["code"], set: { brand: "brand", price: "price" } } } },
    'the field "stock" goes to no record, and no check looks at it. Put it into `set` of a record, or remove it.',
  ],
  // Versions, lists, links, trees.
  [
    "versions of one column",
    { records: child({ versions: { from: "at", to: "at" } }) },
    'records.child.versions has "at" twice: one column is for when a version begins, another for when it ends.',
  ],
  ["versions without an end", { records: child({ versions: { from: "at" } }) }, "records.child.versions lacks `to`."],
  [
    "versions of what is only used",
    { records: child({ versions: { from: "a", to: "b" }, onMatch: "use" }) },
    'records.child has both `versions` and onMatch: "use". With versions a changed record is closed and followed by another: omit `onMatch`.',
  ],
  [
    "a version's column that a field fills",
    { records: child({ versions: { from: "stock", to: "until" }, set: { stock: "stock" } }) },
    'records.child: the field "stock" and versions.from both go to the column "stock". Point one of them elsewhere.',
  ],
  [
    "each of what is no list",
    { records: child({ each: "stock", set: { stock: "stock" } }) },
    'records.child.each names "stock", which is a field.integer() with one value per row. Make it a field.list() or field.columns().',
  ],
  [
    "each of no field",
    { records: child({ each: ["stok"] }) },
    'records.child.each names the field "stok", which is not one of: code, brand, price, stock. Did you mean "stock"?',
  ],
  [
    "a list for a key",
    { fields: { ...fields, tags: field.list(field.text()) }, records: child({ key: ["tags"] }) },
    'records.child: the field "tags" of its key has several values in a row. Say each: "tags" for a record of each of them.',
  ],
  [
    "each of a list that no column gets",
    {
      fields: { ...fields, tags: field.list(field.text()) },
      records: child({ each: "tags", set: { stock: "stock" } }),
    },
    'records.child is made for each of "tags", and no column gets it. Put it into `key` or `set`, as set: { name: "tags" }.',
  ],
  [
    "a reference to one of several",
    {
      fields: { ...fields, tags: field.list(field.text()) },
      records: {
        tag: { table: "tags", each: "tags", key: ["tags"] },
        product: { ...product, set: { ...product.set, tag_id: ref("tag") } },
      },
    },
    'records.product refers to "tag", of which a row makes several: one for each of "tags". Say each: "tags" here too.',
  ],
  [
    "a path of numbers in a list",
    {
      fields: { ...fields, ways: field.list(field.integer()) },
      records: child({ each: "ways", key: ["ways"], path: { separator: ">", parent: "parent_id" } }),
    },
    /^records\.child has a `path`, whose key must be one text field/,
  ],
  [
    "a column's name of what is not gone through",
    { records: child({ key: [ref("product"), nameOf("stock")] }) },
    'records.child.key[1] is nameOf("stock"), and the record is not made for each of them. Say each: "stock".',
  ],
  ["a link from nothing", { records: child({ link: { table: "links" } }) }, "records.child.link lacks `from`."],
  [
    "a link of a context value that there is not",
    {
      context: { tenant: {} },
      records: child({ link: { table: "links", from: ref("product"), context: ["tenent"] } }),
    },
    'records.child.link names the context value "tenent" in its `context`, which is none of its context values. Add it to `context`.',
  ],
  [
    "a link from a text",
    { records: child({ link: { table: "links", from: "product" } }) },
    'records.child.link.from is "product": it must be the record on the other side, as ref("product").',
  ],
  [
    "a link of what has no id",
    { records: child({ id: null, link: { table: "links", from: ref("product") } }) },
    "records.child has a `link`, and no id (id: null) that it could store. Name its id.",
  ],
  [
    "a path whose key is no text",
    { records: child({ key: ["stock"], path: { separator: ">", parent: "parent_id" } }) },
    'records.child has a `path`, whose key must be one text field, as "A > B > C" is: key: ["category"].',
  ],
  [
    "a path with two keys",
    { records: child({ key: ["code", "brand"], path: { separator: ">", parent: "parent_id" } }) },
    /^records\.child has a `path`, whose key must be one text field/,
  ],
  // Context.
  [
    "a parent of no context",
    { ...tenants, records: { product: { ...product, context: [] } } },
    /^records\.product looks into products without its context \(tenant_id\), so that records of others would be found\. Write context: \["tenant_id"\] /,
  ],
  [
    "a context value that there is not",
    { ...tenants, records: { product: { ...product, context: ["tenant"] } } },
    'records.product names the context value "tenant" in its `context`, which is none of its context values. Add it to `context`.',
  ],
  [
    "what is bounded and everybody's",
    { ...tenants, records: { product: { ...product, context: ["tenant_id"], shared: true } } },
    "records.product has both `context` and `shared`: keep the one that is true of its table.",
  ],
  [
    "what is absent of what is everybody's",
    { ...tenants, records: { product: { ...product, shared: true, absent: "delete" } } },
    "records.product has `absent`, but no context that bounds it (tenant_id), so that records of others would go. Say its `context`, or omit `absent`.",
  ],
  [
    "what is absent, and no key",
    { records: { product: { ...product, key: undefined, absent: "delete" } } },
    /^records\.product has `absent`, but no `key`/,
  ],
  [
    "an unknown fate of what is absent",
    { records: { product: { ...product, absent: "remove" } } },
    'records.product.absent is "remove": it must be "leave", "delete" or { deactivate: { active: false } }.',
  ],
  [
    "what is absent of another record than the main one",
    {
      fields: { code: field.text({ required: true }), tag: field.text() },
      records: {
        product: { table: "products", key: ["code"], onMatch: "update" },
        tag: { table: "tags", key: ["tag"], absent: "delete" },
      },
    },
    'records.tag has `absent`, which only the main record can have: that is "product". Remove it.',
  ],
  // What belongs to the record that a row is about.
  [
    "owners, and no record that a row is about",
    {
      records: { product: { ...product, id: null } },
      assign: { column: "owner_id", table: "users", by: ["email"] },
    },
    /^assign is about the record that a row stands for, and there is none: /,
  ],
];

describe("records", () => {
  it.each(wrong)("refuse %s", (_what, definition, sentence) => {
    const define = (): unknown => defineImporter({ name: "shop", fields, ...definition });
    expect(define).toThrow(expect.objectContaining({ code: "invalid" }));
    const said = /^Importer "shop": (.*)$/.exec(messageOf(define))?.[1];
    if (typeof sentence === "string") expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });
});

function messageOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
