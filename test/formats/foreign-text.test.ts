/** Texts of other programs: each is refused by its name, and a table that merely begins like one is read. */
import { describe, expect, it } from "vitest";
import { kindOf } from "../../src/formats/signature.ts";

const lines = (...all: string[]): string => `${all.join("\n")}\n`;
const windows = (...all: string[]): string => `${all.join("\r\n")}\r\n`;

describe("a text that is another program's", () => {
  it.each<[string, string, RegExp]>([
    ["QIF", windows("!Type:Bank", "D03/05/2024", "T-12.50", "PBoulangerie", "^"), /bank's file \(QIF\)/],
    ["QIF with accounts first", windows("!Option:AutoSwitch", "!Account", "NCompte", "TBank", "^"), /\(QIF\)/],
    ["OFX 1", windows("OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "", "<OFX><SIGNONMSGSRSV1>"), /\(OFX\)/],
    ["OFX 1 without its header", lines("<OFX>", "<BANKMSGSRSV1>", "<STMTTRN>", "<TRNAMT>-12.50"), /\(OFX\)/],
    ["OFX 2", lines('<?xml version="1.0"?>', '<?OFX OFXHEADER="200" VERSION="211"?>', "<OFX>"), /bank's file \(XML\)/],
    [
      "CAMT",
      '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>',
      /bank's file \(XML\)/,
    ],
    [
      "CAMT without a declaration",
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08">\n <BkToCstmrAcctRpt>\n',
      /XML/,
    ],
    [
      "MT940 of a German bank",
      windows(
        "",
        ":20:STARTUMS",
        ":25:10020030/1234567",
        ":28C:00001/001",
        ":60F:C240501EUR100,00",
        ":61:2405020502D12,50NMSC",
      ),
      /\(MT940\)/,
    ],
    [
      "MT940 in its envelope",
      "{1:F01INGBNL2ABXXX0000000000}{2:I940INGBNL2AXXXN}{4:\n:20:P24\n:25:NL69INGB0123456789EUR\n:28C:1\n",
      /\(MT940\)/,
    ],
    [
      "MT940 with a line before it",
      lines("ABNANL2A", "940", ":20:ABN AMRO BANK NV", ":25:517852257", ":28:19321/1"),
      /\(MT940\)/,
    ],
    [
      "BAI2",
      lines("01,122099999,123456789,150622,0200,1,,,2/", "02,031001234,122099999,1,150620,2359,,2/"),
      /\(BAI2\)/,
    ],
    [
      "BgMax",
      `${"01BGMAX               0120240502173035010331P".padEnd(80)}\n${"05".padEnd(80, "0")}\n`,
      /\(Bankgirot\)/,
    ],
    [
      "CFONB",
      `${"0130004    00001EUR2 00012345678  010524".padEnd(120)}\n${"0430004    00001".padEnd(120)}\n`,
      /\(CFONB\)/,
    ],
    [
      "SIE",
      windows("#FLAGGA 0", '#PROGRAM "Visma" 2024', "#FORMAT PC8", "#GEN 20240502", "#SIETYP 4"),
      /bookkeeping file \(SIE\)/,
    ],
    ["SIE with other lines first", windows('#PROGRAM "Fortnox" 3.0', "#FORMAT PC8", '#FNAMN "Bröderna AB"'), /\(SIE\)/],
    [
      "LDIF",
      lines("version: 1", "", "dn: cn=Anna Berg,ou=People,dc=example,dc=com", "objectClass: person", "cn: Anna Berg"),
      /directory \(LDIF\)/,
    ],
    ["LDIF behind a comment", lines("# extended LDIF", "#", "dn:: Y249w4Vzxbcs", "mail: asa@example.com"), /\(LDIF\)/],
    [
      "a dump of pg_dump",
      lines("--", "-- PostgreSQL database dump", "--", "", "SET statement_timeout = 0;"),
      /\(SQL\)/,
    ],
    [
      "a newer dump of pg_dump",
      lines("\\restrict abc123", "", "COPY public.people (id, name) FROM stdin;", "1\tAnna"),
      /\(SQL\)/,
    ],
    [
      "a dump of mysqldump",
      lines("-- MySQL dump 10.13  Distrib 8.0.36", "--", "/*!40101 SET NAMES utf8mb4 */;"),
      /\(SQL\)/,
    ],
    ["a dump of MariaDB", lines("/*M!999999\\- enable the sandbox mode */ ", "-- MariaDB dump 10.19", ""), /\(SQL\)/],
    ["a dump of phpMyAdmin", lines("-- phpMyAdmin SQL Dump", "-- version 5.2.1"), /\(SQL\)/],
    [
      "a dump of SQLite",
      lines("PRAGMA foreign_keys=OFF;", "BEGIN TRANSACTION;", "CREATE TABLE people(name text);"),
      /\(SQL\)/,
    ],
    [
      "INSERT statements",
      lines(
        "INSERT INTO people (name, city) VALUES ('Anna', 'Paris');",
        "INSERT INTO people (name, city) VALUES ('Bo', 'Lyon');",
      ),
      /\(SQL\)/,
    ],
    ["INSERT with rows below", lines("insert into `people` values", "('Anna','Paris'),", "('Bo','Lyon');"), /\(SQL\)/],
    [
      "Oracle's INSERT",
      lines("REM INSERTING into PEOPLE", "SET DEFINE OFF;", "Insert into PEOPLE (NAME) values ('Anna');"),
      /\(SQL\)/,
    ],
    ["SQL Server's script", windows("USE [crm]", "GO", "SET ANSI_NULLS ON", "GO"), /\(SQL\)/],
    ["CREATE TABLE", lines("CREATE TABLE people (", "  name text", ");"), /\(SQL\)/],
    ["a query", lines("SELECT name, city", "FROM people", "WHERE city = 'Paris';"), /\(SQL\)/],
    ["pg_dump's own format", "PGDMP\x01\x0e\x00\x04\x08", /Postgres database \(pg_dump\).*pg_restore/],
    [
      "EDIFACT",
      "UNA:+.? '\r\nUNB+UNOC:3+4012345678901:14+4098765432109:14+240502:1030+1'\r\n",
      /message between programs \(EDIFACT\)/,
    ],
    ["EDIFACT without its marks", "UNB+UNOA:1+SENDER+RECEIVER+240502:1030+1'UNH+1+ORDERS:D:96A:UN'", /\(EDIFACT\)/],
    [
      "X12",
      "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240502*1030*U*00401*1*0*P*>~",
      /\(X12\)/,
    ],
    ["HL7", "MSH|^~\\&|LAB|HOSP|EHR|HOSP|202405021030||ORU^R01|1|P|2.3\rPID|1||123", /\(HL7\)/],
    [
      "BibTeX",
      lines("@article{berg2024,", "  author = {Berg, Anna},", "  year = {2024}", "}"),
      /bibliography \(BibTeX\)/,
    ],
    ["RIS", windows("TY  - JOUR", "AU  - Berg, Anna", "ER  - "), /bibliography \(RIS\)/],
    ["LaTeX", lines("\\documentclass{article}", "\\begin{document}"), /document \(LaTeX\)/],
    ["a table of Markdown", lines("| Name | City |", "| --- | :--: |", "| Anna | Paris |"), /document \(Markdown\)/],
    [
      "Markdown with a title",
      lines("# People", "", "|Name|City|", "|---|---|", "|Anna|Paris|"),
      /document \(Markdown\)/,
    ],
    [
      "an e-mail",
      windows(
        "Return-Path: <a@example.com>",
        "Received: from mx.example.com",
        "\tby mail.example.org",
        "From: Anna <a@example.com>",
        "Subject: Liste",
        "",
        "Bonjour,",
      ),
      /contains e-mails/,
    ],
    [
      "a mailbox",
      lines(
        "From a@example.com Thu May  2 10:30:00 2024",
        "From: Anna <a@example.com>",
        "To: b@example.com",
        "Subject: x",
        "",
        "Hi",
      ),
      /contains e-mails/,
    ],
    ["a certificate", lines("-----BEGIN CERTIFICATE-----", "MIIB"), /a key or a certificate/],
    ["YAML", lines("---", "- name: Anna", "  city: Paris", "- name: Bo", "  city: Lyon"), /is YAML/],
    [
      "YAML without its mark",
      lines("people:", "  - name: Anna", "    city: Paris", "  - name: Bo", "    city: Lyon"),
      /is YAML/,
    ],
    ["YAML of keys", lines("# ids", "17:", "  name: Anna", "18:", "  name: Bo").replace(/^(\d+)/gm, "id$1"), /is YAML/],
    ["YAML of items", windows("- name: Anna", "  tags: [a, b]", "- name: Bo", "  tags: []"), /is YAML/],
    ["TOML", lines('title = "People"', "", "[[people]]", 'name = "Anna"', 'city = "Paris"'), /contains settings/],
    ["INI", windows("; made by us", "[Anna]", "city=Paris", "zip=75001", "[Bo]", "city=Lyon"), /contains settings/],
    [
      "a web server's log",
      lines(
        '127.0.0.1 - - [10/Oct/2024:13:55:36 -0700] "GET / HTTP/1.0" 200 2326',
        '127.0.0.1 - - [10/Oct/2024:13:55:37 -0700] "GET /a HTTP/1.0" 404 26',
        '10.0.0.1 - anna [10/Oct/2024:13:55:38 -0700] "GET /b HTTP/1.0" 200 6',
      ),
      /is a log/,
    ],
    [
      "a log of syslog",
      lines(...["one", "two", "three"].map((each) => `Dec  1 10:43:16 web1 cron[12]: ${each}, done`)),
      /is a log/,
    ],
    [
      "a log of log4j",
      lines(...["started", "a, b", "stopped"].map((each) => `2024-05-02 10:30:00,123 INFO  [main] ${each}`)),
      /is a log/,
    ],
    [
      "a log of IIS",
      windows("#Software: Microsoft IIS", "#Version: 1.0", "#Fields: date time c-ip", "2024-05-02 10:30:00 ::1"),
      /is a log/,
    ],
    ["a script", lines("#!/usr/bin/env python3", "print(1)"), /source of a program/],
    ["PHP", lines("<?php", "return [];"), /source of a program/],
    [
      "Python",
      lines(
        "import csv",
        "",
        "def main():",
        "    for row in csv.reader(open('a')):",
        "        print(row)",
        "",
        "if __name__ == '__main__':",
        "    main()",
      ),
      /source of a program/,
    ],
    [
      "JavaScript",
      lines(
        "import { readFile } from 'node:fs';",
        "",
        "export async function main() {",
        "  const a = [1, 2, 3];",
        "  return a;",
        "}",
      ),
      /source of a program/,
    ],
    [
      "C",
      lines("#include <stdio.h>", "int main(void) {", '  printf("a,b");', "  return 0;", "}"),
      /source of a program/,
    ],
    [
      "XML without a declaration",
      lines("<people>", "  <person><name>Anna</name></person>", "  <person/>", "</people>"),
      /XML file/,
    ],
    ["SPSS", "$FL2@(#) SPSS DATA FILE", /data set of SPSS/],
    ["Stata", "<stata_dta><header><release>118", /data set of Stata/],
  ])("is refused by its name: %s", (_, text, message) => {
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, "utf16le")]) {
      // What is not made of letters has no marks.
      if (bytes[0] !== text.charCodeAt(0) && /^(?:PGDMP|\$FL2|<stata)/.test(text)) continue;
      expect(() => kindOf("people.csv", bytes)).toThrow(message);
    }
  });
});

describe("a table that begins like something else", () => {
  it.each<[string, string]>([
    ["a column called dn", lines("dn;cn;mail", "cn=Anna;Anna;a@example.com", "cn=Bo;Bo;b@example.com")],
    ["a table of a directory", lines("DN,objectClass,cn", '"CN=Anna,DC=example",user,Anna')],
    [
      "a cell that starts with INSERT",
      lines("statement;count", "INSERT INTO people VALUES (1);3", "DELETE FROM people;4"),
    ],
    ["columns called as statements", lines("INSERT;UPDATE;DELETE", "1;2;3")],
    ["a column called Select", lines("Select,From,To", "x,Paris,Lyon")],
    ["a column called set", lines("set = pieces;name", "4;Forks", "6;Knives")],
    ["a rule in its first line", lines("---", "Name;City", "Anna;Paris", "Bo;Lyon")],
    ["a rule below the names", lines("Name|City", "----|-----", "Anna|Paris", "Bo|Lyon")],
    [
      "a report with rules",
      lines("-------------", "|code |name |", "-------------", "|0001 |Bolt |", "|0002 |Nut  |", "-------------"),
    ],
    ["a page of a report", lines("|code |name |", "|-----|-----|", "|0001 |Bolt |", "|-----|-----|")],
    ["titles with colons", lines("Report: Sales", "Date: 2024-05-02", "", "Name;City", "Anna;Paris", "Bo;Lyon")],
    ["titles alone above few rows", lines("Client: Berg", "Year: 2024", "Account;Balance", "1;2")],
    ["texts with colons", lines("note", "To do: call back", "Urgent: yes, today", "done")],
    ["pairs with colons", lines("name: Anna", "city: Paris", "zip: 75001")],
    ["times", lines("10:30", "11:30", "12:30")],
    ["a list of dashes", lines("- apples", "- pears", "- plums")],
    ["a comment above the names", lines("# exported on 2024-05-02", "Name,City", "Anna,Paris", "Bo,Lyon")],
    ["a comment of SQL above the names", lines("-- exported by us", "Name,City", "Anna,Paris")],
    ["comments that look like SIE's", lines("#PROGRAM;Version", "Visma;3", "Fortnox;4")],
    [
      "French bookkeeping (FEC)",
      lines("JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum", "VE|Ventes|1|20240502|411000"),
    ],
    ["a bank's table", windows(":20:;:25:;:28C:", "a;b;c")],
    ["one line of 120 characters", lines("name".padEnd(120), "Anna".padEnd(120))],
    [
      "a log that is a table",
      lines("2024-05-02 10:30:00;INFO;started", "2024-05-02 10:30:01;WARN;slow", "2024-05-02 10:30:02;INFO;done"),
    ],
    ["a log with commas for cells", lines(...["a", "b", "c"].map((each) => `2024-05-02 10:30:00,INFO,${each}`))],
    [
      "semicolons at the end of each line",
      lines("import date;name;", "2024-05-02;Anna;", "2024-05-02;Bo;", "2024-05-03;Cia;", "2024-05-04;Di;"),
    ],
    ["names of classes", lines("class;teacher", "class 1;Anna", "class 2;Bo", "class 3;Cia", "class 4;Di")],
    [
      "columns called as a mail's",
      lines("From,To,Subject", "a@example.com,b@example.com,x", "b@example.com,c@example.com,y"),
    ],
    ["a handle in its first cell", lines("@anna;Paris", "@bo;Lyon")],
    ["a column called @article", lines("@article;title", "1;a")],
    ["pairs with equals signs", lines("name=Anna", "city=Paris", "zip=75001")],
    ["a section and a table", lines("[People]", "Name;City", "Anna;Paris", "Bo;Lyon")],
    ["cells of HTML", lines("<b>Anna</b>;Paris", "<b>Bo</b>;Lyon")],
    ["addresses in brackets", lines("<a@example.com>;Anna", "<b@example.com>;Bo")],
    ["exclamation marks", lines("!Type;!Name", "x;y")],
    ["numbers as a bank has them", lines("01,02,03", "04,05,06")],
    ["a shell's prompt", lines("# name;city", "Anna;Paris")],
    ["a column called PGDMP", lines("PGDMP;x", "1;2")],
    ["a title called Type", lines("TY;JOUR", "a;b")],
  ])("is read: %s", (_, text) => {
    expect(kindOf("people.csv", Buffer.from(text))).toBe("csv");
    expect(kindOf("people.csv", Buffer.from(`\ufeff${text}`, "utf16le"))).toBe("csv");
  });
});
