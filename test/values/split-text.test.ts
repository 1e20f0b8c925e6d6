/** What full names and postal addresses are taken apart into. */
import { describe, expect, it } from "vitest";
import { addressOf, nameOf, partOf } from "../../src/values/split-text.ts";

describe("a full name", () => {
  it.each([
    ["Anna Berg", "Anna", "Berg", ""],
    ["  Anna   Maria  Berg ", "Anna Maria", "Berg", ""],
    ["Berg, Anna", "Anna", "Berg", ""],
    ["de la Tour, Anne-Marie", "Anne-Marie", "de la Tour", ""],
    ["BERG Anna", "Anna", "BERG", ""],
    ["Anna LE GOFF", "Anna", "LE GOFF", ""],
    ["ANNA BERG", "ANNA", "BERG", ""],
    ["J. Berg", "J.", "Berg", ""],
    ["Ludwig van Beethoven", "Ludwig", "van Beethoven", ""],
    ["Charles de Gaulle", "Charles", "de Gaulle", ""],
    ["Mme Anna Berg", "Anna", "Berg", "Mme"],
    ["Prof. Dr. Anna Berg", "Anna", "Berg", "Prof. Dr."],
    ["Åsa Öberg", "Åsa", "Öberg", ""],
    ["Madonna", "", "Madonna", ""],
    ["Dr", "", "Dr", ""],
    ["", "", "", ""],
  ])("%j", (text, first, last, title) => {
    expect(nameOf(text)).toEqual({ first, last, title });
  });
});

describe("a postal address", () => {
  it.each([
    ["12 rue X, 75001 Paris", "12 rue X", "75001", "Paris", ""],
    ["12 rue X 75001 Paris", "12 rue X", "75001", "Paris", ""],
    ["12 rue X\n75001 Paris\nFrance", "12 rue X", "75001", "Paris", "France"],
    ["Bât. B, 12 rue X, 13100 Aix en Provence", "Bât. B, 12 rue X", "13100", "Aix en Provence", ""],
    ["Storgatan 1, 123 45 Stockholm", "Storgatan 1", "123 45", "Stockholm", ""],
    ["Storgatan 1, SE-123 45 Stockholm, Sverige", "Storgatan 1", "SE-123 45", "Stockholm", "Sverige"],
    ["Bahnhofstr. 5, D-10115 Berlin", "Bahnhofstr. 5", "D-10115", "Berlin", ""],
    ["Keizersgracht 1, 1015 CJ Amsterdam", "Keizersgracht 1", "1015 CJ", "Amsterdam", ""],
    ["1 Main St, Springfield, IL 62701", "1 Main St", "62701", "Springfield", ""],
    ["10 Downing Street, London SW1A 2AA", "10 Downing Street", "SW1A 2AA", "London", ""],
    ["1234 Main Street", "1234 Main Street", "", "", ""],
    ["no address at all", "no address at all", "", "", ""],
    ["", "", "", "", ""],
  ])("%j", (text, street, postal_code, city, country) => {
    expect(addressOf(text)).toEqual({ street, postal_code, city, country });
  });
});

describe("pieces between separators", () => {
  const piece = (text: string, separator: string, part: number): string =>
    partOf(text, { kind: "split", column: 0, by: "separator", separator, part });
  it.each([
    ["a; b ;c", ";", 1, "a"],
    ["a; b ;c", ";", 2, "b"],
    ["a; b ;c", ";", -1, "c"],
    ["a; b ;c", ";", 4, ""],
    ["a; b ;c", ";", -4, ""],
    ["a - b", " - ", 2, "b"],
    ["abc", ";", 1, "abc"],
  ])("%j by %j, piece %i", (text, separator, part, expected) => {
    expect(piece(text, separator, part)).toBe(expected);
  });
});
