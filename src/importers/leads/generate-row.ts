/**
 * One generated lead: its cells as a plain row, as the duplicate of an earlier one, or broken in a known way.
 * Everything follows from (seed, row), so an earlier row is made again rather than remembered.
 */
import {
  BRANDS,
  FIRST_NAMES,
  FOREIGN_COUNTRIES,
  FRENCH_CITIES,
  LAST_NAMES,
  LEGAL_FORMS,
  MAIL_PROVIDERS,
  SOURCES,
  STATUSES,
  STREETS,
  TRADES,
  UNKNOWN_STATUSES,
} from "./generate-names.ts";
import { type PhoneNumber, phoneOfRow, writePhone } from "./generate-phone.ts";
import { SeededDraw } from "./seeded-draw.ts";

/** The keys that leads are matched on. */
export type LeadKey = "email" | "phone" | "external_id";

/** What is wrong with an invalid row; `keys` means that it has none of the three. */
export type LeadDefect = "email" | "phone" | "keys" | "status" | "cells";

/** The cells of a row in the file's order, unquoted; `number` is the phone before it was written down. */
export interface LeadCells {
  reference: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  company: string;
  address: string;
  postalCode: string;
  city: string;
  country: string;
  source: string;
  status: string;
  number: PhoneNumber;
}

/** Salts that keep a row's own values apart from those it takes on as a duplicate or a broken row. */
const PLAIN = 1;
const ALTERED = 2;

/** Lower case without accents, letters only: what a person's name becomes in an address. */
function slug(name: string): string {
  return name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

const FIRST_SLUGS = FIRST_NAMES.map(slug);
const LAST_SLUGS = LAST_NAMES.map(slug);

/** The row as it is when nothing is wrong with it. Its e-mail, phone and reference belong to no other plain row. */
export function plainLead(seed: number, row: number): LeadCells {
  const draw = new SeededDraw(seed, row, PLAIN);
  const first = draw.below(FIRST_NAMES.length);
  const last = draw.below(LAST_NAMES.length);
  const abroad = draw.chance(0.03) ? draw.pick(FOREIGN_COUNTRIES) : undefined;
  const place = draw.pick(abroad?.cities ?? FRENCH_CITIES);
  const number = phoneOfRow(seed, row, abroad?.callingCode ?? "33");
  const hasReference = draw.chance(0.92);
  const hasPhone = draw.chance(0.88);
  const hasEmail = draw.chance(0.94) || !(hasReference || hasPhone);
  const space = place.lastIndexOf(" ", abroad?.callingCode === "44" ? place.length : 6);
  const isPerson = draw.chance(0.45);
  return {
    reference: hasReference ? `CRM-${String(row).padStart(7, "0")}` : "",
    firstName: draw.chance(0.97) ? FIRST_NAMES[first] : "",
    lastName: draw.chance(0.08) ? LAST_NAMES[last].toUpperCase() : LAST_NAMES[last],
    email: hasEmail ? emailOfRow(FIRST_SLUGS[first], LAST_SLUGS[last], row, draw) : "",
    phone: hasPhone ? writePhone(number, draw) : "",
    company: isPerson ? "" : companyOf(LAST_NAMES[last], draw),
    address: draw.chance(0.8) ? addressOf(draw) : "",
    postalCode: place.slice(0, space),
    city: place.slice(space + 1),
    country: abroad ? abroad.name : draw.chance(0.7) ? "France" : "",
    source: draw.chance(0.9) ? draw.pick(SOURCES) : "",
    status: draw.chance(0.95) ? draw.pick(STATUSES) : "",
    number,
  };
}

/**
 * The row as somebody's second entry: an earlier plain row's person, with one of that row's keys written in another
 * way and its own (or no) other keys.
 */
export function duplicateLead(seed: number, row: number, original: LeadCells, key: LeadKey): LeadCells {
  const lead = plainLead(seed, row);
  const draw = new SeededDraw(seed, row, ALTERED);
  const { firstName, lastName, company } = original;
  const same = { ...lead, firstName, lastName, company };
  if (key === "external_id") return { ...same, reference: original.reference };
  if (key === "email") return { ...same, reference: "", email: rewriteEmail(original.email, draw) };
  return { ...same, reference: "", email: "", phone: rewritePhone(original, draw), number: original.number };
}

/** The key by which `duplicateLead` repeats `original`: any that it has. */
export function duplicatedKey(seed: number, row: number, original: LeadCells): LeadKey {
  const keys: LeadKey[] = [];
  if (original.email) keys.push("email");
  if (original.phone) keys.push("phone");
  if (original.reference) keys.push("external_id");
  return new SeededDraw(seed, row, ALTERED + 1).pick(keys);
}

/**
 * The row with `defect`. A `cells` row is well but for the number of its cells, which the writer of the line gets
 * wrong.
 */
export function invalidLead(seed: number, row: number, defect: LeadDefect): LeadCells {
  const lead = plainLead(seed, row);
  const draw = new SeededDraw(seed, row, ALTERED);
  if (defect === "email") return { ...lead, email: brokenEmail(row, draw) };
  if (defect === "phone") return { ...lead, phone: brokenPhone(lead, draw) };
  if (defect === "keys") return { ...lead, reference: "", email: "", phone: "" };
  if (defect === "status") return { ...lead, status: draw.pick(UNKNOWN_STATUSES) };
  return lead;
}

/** Unique by construction: the only digits in an address are its row's number, before the @ or just after it. */
function emailOfRow(first: string, last: string, row: number, draw: SeededDraw): string {
  const style = draw.below(20);
  const provider = draw.pick(MAIL_PROVIDERS);
  if (style < 9) return `${first}.${last}${row}@${provider}`;
  if (style < 12) return `${first[0]}.${last}${row}@${provider}`;
  if (style < 14) return `${first}_${last}${row}@${provider}`;
  if (style < 16) return `${last}${row}@${provider}`;
  if (style < 19) return `${first[0]}${last}@${last}${row}.example`;
  return `${first}.${last}+salon${row}@${provider}`;
}

function companyOf(lastName: string, draw: SeededDraw): string {
  const style = draw.below(1000);
  if (style < 6) return `Le "${draw.pick(BRANDS)}"`;
  if (style < 10) return `${draw.pick(TRADES)} ${lastName}; ${draw.pick(TRADES)}`;
  if (style < 350) return `${draw.pick(BRANDS)} ${draw.pick(LEGAL_FORMS)}`;
  if (style < 800) return `${draw.pick(TRADES)} ${lastName}`;
  return `${lastName} ${draw.pick(LEGAL_FORMS)}`;
}

function addressOf(draw: SeededDraw): string {
  const style = draw.below(1000);
  const number = 1 + draw.below(style < 900 ? 60 : 400);
  const street = draw.pick(STREETS);
  if (style === 0) return `${number} ${street}\nBât. ${"ABCD"[draw.below(4)]}`;
  if (style < 4) return `${number} ${street}; ${1 + draw.below(5)}e étage`;
  if (style < 40) return `${number} bis ${street}`;
  if (style < 60) return `${number}, ${street}`;
  return `${number} ${street}`;
}

/** The same mailbox in another case, with a space before or after it, or both. */
function rewriteEmail(email: string, draw: SeededDraw): string {
  const style = draw.below(10);
  if (style < 3) return email.toUpperCase();
  if (style < 6) return email[0].toUpperCase() + email.slice(1);
  if (style < 7) return `${email} `;
  if (style < 8) return ` ${email}`;
  if (style < 9) return `${email.toUpperCase()} `;
  return email;
}

/** The same number in another form, where the draw finds one in a few tries. */
function rewritePhone(original: LeadCells, draw: SeededDraw): string {
  let written = original.phone;
  for (let attempt = 0; attempt < 8 && written === original.phone; attempt++)
    written = writePhone(original.number, draw);
  return written;
}

function brokenEmail(row: number, draw: SeededDraw): string {
  const first = draw.pick(FIRST_SLUGS);
  const last = draw.pick(LAST_SLUGS) + row;
  const provider = draw.pick(MAIL_PROVIDERS);
  const writings = [
    `${first}.${last}${provider}`,
    `${first} ${last}@${provider}`,
    `${first}@${last}@${provider}`,
    `${first}..${last}@${provider}`,
    `${first}.${last}.@${provider}`,
    `${first}.${last}@${provider}.`,
    `${first}.${last}@`,
    `@${last}${provider}`,
    `${first}.${last}@${provider.replace(".", ",")}`,
    `${first}.${last}@${provider.slice(0, provider.indexOf("."))}`,
  ];
  return draw.pick(writings);
}

/** `3,36E+10` is what Excel leaves of a number that it took for one. */
function brokenPhone(lead: LeadCells, draw: SeededDraw): string {
  const national = lead.number.national.slice(0, 9);
  const writings = [
    "3,36E+10",
    "3,36E+10",
    "12345",
    "voir e-mail",
    "à rappeler",
    `0${national.slice(0, 6)}`,
    `0${national}00`,
  ];
  return draw.pick(writings);
}
