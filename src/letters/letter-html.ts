/**
 * A letter as a mail's two parts. HTML is what mail programs agree on: one table, styles on each element, no image and nothing that is
 * fetched. What comes from files and people is text in it.
 */
import type { Language } from "../core/fields/language.ts";
import { letterTexts } from "../locale/letters.ts";

export interface Letter {
  language: Language;
  subject: string;
  title: string;
  lead: string;
  /** Why it failed or is paused, in a sentence. */
  reason: string | null;
  /** Names of numbers, each with the number as the language writes it. */
  facts: readonly (readonly [string, string])[];
  /** A heading, and what stands below it: how many rows, and why. */
  reasons: { title: string; items: readonly (readonly [string, string])[]; more: string | null } | null;
  /** The button. */
  open: Link | null;
  /** Beside it. */
  also: Link | null;
  /** Why the person gets it, and where that is changed. */
  why: string | null;
  settings: Link | null;
}

export interface Link {
  text: string;
  href: string;
}

/** Of the page, in light and in dark. */
const colors = {
  light: { back: "#f4f5f7", sheet: "#ffffff", text: "#1b1f24", quiet: "#5c6670", line: "#e3e6ea", accent: "#1f5fbf" },
  dark: { back: "#15181c", sheet: "#1e2227", text: "#eceff2", quiet: "#a3adb8", line: "#343a42", accent: "#8ab4f8" },
};

export function letterHtml(letter: Letter): string {
  const { language, title, lead, reason, facts, reasons, open, also, why, settings } = letter;
  const { light, dark } = colors;
  const cell = `padding:7px 0;border-bottom:1px solid ${light.line};font-size:15px`;
  const known = "text-align:right;font-variant-numeric:tabular-nums;padding-left:16px;font-weight:600";
  // Numbers stay on their line; who somebody is, or a column's name, may be longer than a phone is wide.
  const breaks = "overflow-wrap:anywhere";
  const row = ([name, value]: readonly [string, string]): string =>
    `<tr><td class="line" style="${cell};${breaks}">${escapeHtml(name)}</td><td class="line" style="${cell};${known};${isNumber.test(value) ? "white-space:nowrap" : breaks}">${escapeHtml(value)}</td></tr>`;
  const table = (rows: readonly (readonly [string, string])[]): string =>
    rows.length === 0
      ? ""
      : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 20px">${rows.map(row).join("")}</table>`;
  const link = ({ text, href }: Link, style: string, kind: string): string =>
    `<a class="${kind}" href="${escapeHtml(href)}" style="${style}">${escapeHtml(text)}</a>`;
  const button = `display:inline-block;background:${light.accent};color:#ffffff;text-decoration:none;padding:11px 20px;border-radius:6px;font-weight:600;font-size:15px;margin:0 16px 12px 0`;
  const links = [
    ...(open === null ? [] : [link(open, button, "button")]),
    ...(also === null
      ? []
      : [link(also, `color:${light.accent};font-size:15px;display:inline-block;padding:11px 0`, "link")]),
  ];
  const foot = [
    ...(why === null ? [] : [escapeHtml(why)]),
    ...(settings === null ? [] : [link(settings, `color:${light.quiet}`, "quiet")]),
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
<style>
@media (prefers-color-scheme: dark) {
  .back { background: ${dark.back} !important; }
  .sheet { background: ${dark.sheet} !important; color: ${dark.text} !important; }
  .line { border-color: ${dark.line} !important; }
  .quiet { color: ${dark.quiet} !important; }
  .link { color: ${dark.accent} !important; }
  .reason { background: ${dark.back} !important; }
}
</style>
</head>
<body class="back" style="margin:0;padding:0;background:${light.back}">
<table class="back" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:${light.back}">
<tr><td align="center" style="padding:28px 12px">
<table class="sheet" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:${light.sheet};color:${light.text};border-radius:10px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;text-align:left">
<tr><td style="padding:28px 32px 24px;line-height:1.45">
<h1 style="margin:0 0 10px;font-size:21px;line-height:1.25;overflow-wrap:anywhere">${escapeHtml(title)}</h1>
<p style="margin:0 0 20px;font-size:15px;overflow-wrap:anywhere">${escapeHtml(lead)}</p>
${reason === null ? "" : `<p class="reason" style="margin:0 0 20px;padding:12px 14px;background:${light.back};border-left:3px solid #c4443a;border-radius:4px;font-size:15px;overflow-wrap:anywhere">${escapeHtml(reason)}</p>`}
${table(facts)}
${reasons === null ? "" : `<h2 style="margin:0 0 4px;font-size:15px">${escapeHtml(reasons.title)}</h2>${table(reasons.items)}${reasons.more === null ? "" : `<p class="quiet" style="margin:-12px 0 20px;font-size:14px;color:${light.quiet}">${escapeHtml(reasons.more)}</p>`}`}
${links.join("\n")}
${foot.length === 0 ? "" : `<p class="quiet" style="margin:14px 0 0;font-size:13px;color:${light.quiet}">${foot.join(" ")}</p>`}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

export function letterText(letter: Letter): string {
  const { title, lead, reason, facts, reasons, open, also, why, settings } = letter;
  const { colon } = letterTexts[letter.language];
  const line = ([name, value]: readonly [string, string]): string => `  ${name}${colon}${value}`;
  const linked = (link: Link | null): string[] =>
    link === null ? [] : [`${link.text}${colon.replace(/ $/, "")}`, link.href];
  const parts = [
    [title],
    [lead],
    reason === null ? [] : [reason],
    facts.map(line),
    reasons === null
      ? []
      : [reasons.title, ...reasons.items.map(line), ...(reasons.more === null ? [] : [`  ${reasons.more}`])],
    linked(open),
    linked(also),
    why === null && settings === null ? [] : ["-- ", ...(why === null ? [] : [why]), ...linked(settings)],
  ];
  const written = parts.filter((part) => part.length > 0).map((part) => part.map(oneLine).join("\n"));
  return `${written.join("\n\n")}\n`;
}

/** A file's name may hold a line break. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}

/** As `Intl.NumberFormat` writes them in the languages that there are. */
const isNumber = /^[\d,.\s]+$/;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign]);
}
