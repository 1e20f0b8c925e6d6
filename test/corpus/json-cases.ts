/** JSON as programs lay it out: by columns, with the names apart, keyed by ids, one list after the other. */
import type { CorpusCase } from "./corpus-case.ts";

const json = (text: string) => (): Uint8Array => Buffer.from(text);
const people = ["name", "city"];
const rows = [
  [1, "Anna", "Paris"],
  [2, "Bo", "Lyon"],
  [3, "Cia", "Lille"],
];

export const jsonCases: CorpusCase[] = [
  {
    file: "columns.json",
    about: "columns as lists",
    make: json(
      '{"name": ["Anna", "Bo", "Cia"], "city": ["Paris", "Lyon", "Lille"], "zip": ["75001", "69001", "59000"]}\n',
    ),
    columns: ["name", "city", "zip"],
    rows: [
      [1, "Anna", "Paris", "75001"],
      [2, "Bo", "Lyon", "69001"],
      [3, "Cia", "Lille", "59000"],
    ],
  },
  {
    file: "columns-labelled.json",
    about: "columns by the rows' labels, as pandas writes them",
    make: json('{"name":{"a1":"Anna","b2":null},"born":{"a1":1990,"b2":2001}}'),
    columns: ["index", "name", "born"],
    rows: [
      [1, "a1", "Anna", "=1990"],
      [2, "b2", "", "=2001"],
    ],
  },
  {
    file: "split.json",
    about: "names apart from the rows",
    make: json('{"columns": ["name", "city"], "data": [["Anna", "Paris"], ["Bo", "Lyon"], ["Cia", "Lille"]]}\n'),
    columns: people,
    rows,
  },
  {
    file: "split-index.json",
    about: "names apart from the rows, and a label for each",
    make: json('{"columns":["name","city"],"index":["x","y"],"data":[["Anna","Paris"],[]]}'),
    columns: ["index", "name", "city"],
    rows: [
      [1, "x", "Anna", "Paris"],
      [2, "y"],
    ],
  },
  {
    file: "open-data.json",
    about: "rows below a description of their columns, as open data portals give them",
    make: json(
      '{"meta":{"view":{"id":"x","columns":[{"id":1,"name":"name"},{"id":2,"name":"city"}]}},"data":[["Anna","Paris"],["Bo","Lyon"],["Cia","Lille"]]}',
    ),
    columns: people,
    rows,
  },
  {
    file: "table-schema.json",
    about: "records below their schema",
    make: json(
      '{"schema":{"fields":[{"name":"name","type":"string"},{"name":"city","type":"string"}],"pandas_version":"1.4.0"},"data":[{"name":"Anna","city":"Paris"},{"name":"Bo","city":"Lyon"},{"name":"Cia","city":"Lille"}]}',
    ),
    columns: people,
    rows,
  },
  {
    file: "keyed.json",
    about: "records keyed by their ids",
    make: json(
      '{"-K000": {"name": "Anna", "city": "Paris"}, "-K001": {"name": "Bo"}, "-K002": null, "-K\\u00e9": {"city": "Lille"}}',
    ),
    columns: ["id", "name", "city"],
    rows: [
      [1, "-K000", "Anna", "Paris"],
      [2, "-K001", "Bo"],
      [4, "-Ké", "", "Lille"],
    ],
    findings: { keys_as_column: 1 },
  },
  {
    file: "keyed-wrapped.json",
    about: "records keyed by their ids in an object, which have an id of their own as well",
    make: json('{"version":2,"people":{"17":{"id":5,"name":"Anna"},"18":{"id":6,"name":"Bo"}},"more":[]}'),
    columns: ["key", "id", "name"],
    rows: [
      [1, "17", "=5", "Anna"],
      [2, "18", "=6", "Bo"],
    ],
    findings: { keys_as_column: 1 },
  },
  {
    file: "lists.json",
    about: "one list of records after the other",
    make: json('[{"name":"Anna","city":"Paris"},{"name":"Bo","city":"Lyon"}]\n[{"name":"Cia","city":"Lille"}]\n'),
    columns: people,
    rows,
  },
];
