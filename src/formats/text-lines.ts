/**
 * The beginning of a text as lines, and what their shares tell: whether delimiters cut them alike, as a table's are cut, or
 * most of them are written as another program writes its own. One line is never evidence enough.
 */

/** Lines that are examined. */
const maxLines = 400;

/** The first lines with something on them, without one that is cut where `text` ends. */
export function filledLines(text: string, whole: boolean): string[] {
  const lines = text.split(/\r\n|[\r\n]/, maxLines + 1);
  if (!whole && lines.length > 1 && lines.length <= maxLines) lines.pop();
  return lines.slice(0, maxLines).filter((line) => /\S/.test(line));
}

/** How many of the lines a pattern fits, from 0 to 1. */
export function shareOf(lines: readonly string[], pattern: RegExp): number {
  return lines.length === 0 ? 0 : lines.filter((line) => pattern.test(line)).length / lines.length;
}

/** Whether some delimiter cuts nearly every line into as many cells, as those of a table are. */
export function cutAlike(lines: readonly string[], delimiters: readonly string[] = [";", "\t", "|", ","]): boolean {
  return delimiters.some((delimiter) => {
    const counts = new Map<number, number>();
    for (const line of lines) {
      const count = line.split(delimiter).length - 1;
      counts.set(count, (counts.get(count) ?? 0) + 1);
    }
    counts.delete(0);
    return Math.max(0, ...counts.values()) >= 0.8 * lines.length;
  });
}

const yamlKey = /^\s*(?:- +)*(?:"[^"]*"|'[^']*'|[A-Za-z_$][\w .()/$-]{0,60}):(?:\s|$)/;
const yamlItem = /^\s*-(?:\s|$)/;
/** A key whose value is below it, and what such a value begins with. */
const opensBlock = /^\s*(?:- +)*[^\s#][^#]*:\s*(?:[|>][+-]?\s*)?$/;
const keyInItem = /^\s*- +(?:"[^"]*"|'[^']*'|[A-Za-z_$][\w .()/$-]{0,60}):(?:\s|$)/;

/** YAML 1.2: nothing but keys, items and what is indented below them, and something of it nests. */
export function isYaml(lines: readonly string[]): boolean {
  const marked = /^(?:%YAML|---(?:\s|$))/.test(lines[0] ?? "");
  const content = lines.filter((line) => !/^(?:---(?:\s|$)|\.\.\.\s*$|%|\s*#)/.test(line));
  if (content.length < 2 || !(yamlKey.test(content[0]) || yamlItem.test(content[0]))) return false;
  if (!content.every((line) => yamlKey.test(line) || yamlItem.test(line) || /^\s/.test(line))) return false;
  const nests = content.some((line, k) => {
    const next = content[k + 1] ?? "";
    const isBelow = yamlItem.test(next) || (/^\s/.test(next) && yamlKey.test(next));
    return keyInItem.test(line) || (opensBlock.test(line) && isBelow);
  });
  return marked ? shareOf(content, yamlKey) >= 0.3 || nests : nests && !cutAlike(content);
}

const section = /^\s*\[{1,2}[^[\]]+\]{1,2}\s*(?:[#;].*)?$/;
const setting = /^\s*[\w."'@\\/ -]+?\s*=/;

/** Settings (INI, TOML): sections in square brackets with `key = value` below them. */
export function isSettings(lines: readonly string[]): boolean {
  const content = lines.filter((line) => !/^\s*[#;]/.test(line));
  if (content.length < 3 || !(section.test(content[0]) || setting.test(content[0]))) return false;
  if (!content.some((line) => section.test(line))) return false;
  const settings = shareOf(content, setting);
  return settings >= 0.4 && settings + shareOf(content, section) >= 0.8;
}

const logLines: readonly RegExp[] = [
  // The common and combined formats of web servers.
  /^\S+ \S+ \S+ \[\d{2}\/\w{3}\/\d{4}:[^\]]+\] "/,
  // RFC 3164 and RFC 5424.
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w/.()-]+(?:\[\d+\])?: /,
  /^<\d{1,3}>1 \d{4}-\d\d-\d\dT/,
  // A time and a level, as log4j, Python and Rails write them.
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?[ :-]*\[?(?:[^\s;,|]{1,60} +){0,2}\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\b/i,
];

/** How each of them begins. Of another text the last one, which takes two milliseconds to compile, is not asked. */
const mayBeLogged = /^(?:<\d|[A-Z][a-z]{2} [ \d]\d |\[?\d{4}[-/]|\S+ \S+ \S+ \[\d)/;

/** A log: most lines begin as one kind of logger begins them, with no delimiter on the way. */
export function isLog(lines: readonly string[]): boolean {
  if (lines.slice(0, 6).some((line) => /^#Fields: \S+ \S/.test(line))) return true;
  if (!mayBeLogged.test(lines[0] ?? "")) return false;
  const kind = logLines.find((pattern) => pattern.test(lines[0] ?? ""));
  return kind !== undefined && lines.length >= 3 && shareOf(lines, kind) >= 0.5;
}

const codeStart =
  /^\s*(?:import\s+[\w{*"'(.]|from\s+[\w.]+\s+import\s|export\s+(?:default|const|function|class|type|interface)\b|(?:const|let|var)\s+[\w{[]|(?:async\s+)?function\s*\w*\s*\(|def\s+\w+\s*[(:]|class\s+\w+|(?:public|private|protected|internal|static|final|abstract)\s+\w|#\s*include\s*[<"]|#\s*define\s|using\s+(?:namespace\s+)?[\w.]+;|package\s+[\w.]+;?\s*$|namespace\s+[\w.]+|func\s+\w+\(|fn\s+\w+|library\(\w+\)|["']use strict["']|module\.exports|require\s*\(?["'])/;
const codeLine =
  /^\s*(?:\/\/|\/\*|\*|#|[)}\]]+[;,)]*\s*$|return\b|if\b|else\b|elif\b|for\b|while\b|switch\b|case\b|try\b|catch\b|except\b|finally\b|end\b|@\w+)|[{;:(]\s*$/;

/** The source of a program: it begins as one, and most of its lines are code's. */
export function isCode(lines: readonly string[]): boolean {
  const content = lines.filter((line) => !/^\s*(?:\/\/|\/\*|\*|#(?!\s*(?:include|define))|""")/.test(line));
  if (content.length < 4 || !codeStart.test(content[0])) return false;
  const code = content.filter((line) => codeStart.test(line) || codeLine.test(line)).length;
  return code >= 4 && code >= 0.5 * content.length && !cutAlike(content);
}

const mailHeader = /^[A-Za-z][A-Za-z0-9-]*:(?:\s|$)/;
const mailNames =
  /^(?:return-path|received|delivered-to|from|to|cc|bcc|subject|date|message-id|mime-version|content-type|content-transfer-encoding|reply-to|dkim-signature|x-[a-z-]+|authentication-results|arc-[a-z-]+|in-reply-to|references|thread-[a-z]+|list-[a-z-]+):/i;

/** E-mails (RFC 5322, section 2.2; RFC 4155): a block of header fields of which several are a mail's. */
export function isMail(text: string): boolean {
  const mailbox = /^From \S+ .*\d{4}[^\r\n]*\r?\n(?=[A-Za-z-]+:)/.exec(text);
  const mail = text.slice(mailbox?.[0].length ?? 0);
  // Most texts are told by their first line.
  if (!mailHeader.test(mail)) return false;
  const block = mail.split(/\r?\n[\t ]*\r?\n|\r[\t ]*\r/, 1)[0];
  const lines = block.split(/\r\n|[\r\n]/).filter((line) => line !== "");
  if (lines.length < 3 || !lines.every((line, k) => mailHeader.test(line) || (k > 0 && /^[\t ]/.test(line)))) {
    return false;
  }
  const known = new Set(lines.flatMap((line) => mailNames.exec(line)?.[0].toLowerCase() ?? []));
  return known.size >= 3 && (known.has("from:") || known.has("received:"));
}

const tableRule = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;

/** A table of GitHub Flavored Markdown (section 4.10): one rule, below the names, with as many cells. */
export function isMarkdownTable(lines: readonly string[]): boolean {
  const rules = lines.flatMap((line, k) => (tableRule.test(line) ? [k] : []));
  if (rules.length === 0 || rules[0] === 0) return false;
  const cellsOf = (line: string): number => line.trim().split(/(?<!\\)\|/).length;
  const isBelowNames = (k: number): boolean =>
    /^\s*\|.*\|\s*$/.test(lines[k - 1]) && cellsOf(lines[k - 1]) === cellsOf(lines[k]);
  // A report has a rule above its names or below its rows as well.
  const isReport = lines.some((line) => /^\s*[-+]+\s*$/.test(line));
  return !isReport && rules.every((k) => isBelowNames(k) && /^\s*\|.*\w/.test(lines[k + 1] ?? ""));
}
