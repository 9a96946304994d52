// Slack's mrkdwn and the Markdown of Adaptive Cards, as elements.

import { link, make } from "./make.js";

const MRKDWN = new RegExp(
  [
    "```\\n?(?<pre>[\\s\\S]+?)\\n?```",
    "`(?<code>[^`\\n]+)`",
    "<(?<control>[^<>\\n]+)>",
    "(?<!\\w)\\*(?<bold>\\S(?:[^*\\n]*?\\S)?)\\*(?!\\w)",
    "(?<!\\w)_(?<italic>\\S(?:[^_\\n]*?\\S)?)_(?!\\w)",
    "(?<!\\w)~(?<strike>\\S(?:[^~\\n]*?\\S)?)~(?!\\w)",
  ].join("|"),
  "g",
);
const STYLES = { bold: "strong", italic: "em", strike: "s" };

/** mrkdwn; `names` are people and channels by their ids. */
export function mrkdwn(text, names) {
  return scan(text, MRKDWN, plainMrkdwn, (found) => {
    const { pre, code, control } = found;
    if (pre) return make("pre", {}, plainMrkdwn(pre));
    if (code) return make("code", {}, plainMrkdwn(code));
    if (control) return controlled(control, names);
    const style = Object.keys(STYLES).find((name) => found[name]);
    return make(STYLES[style], {}, mrkdwn(found[style], names));
  });
}

const plainMrkdwn = (text) =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function controlled(inside, names) {
  const [target, label] = inside.split("|", 2).map(plainMrkdwn);
  if (target.startsWith("@")) return mention(names[target.slice(1)] ?? target.slice(1));
  if (target.startsWith("#")) return mention(label || names[target.slice(1)], "#");
  if (target.startsWith("!")) return mention(label || target.slice(1).split("^")[0]);
  return link(target, label);
}

/** Somebody's or something's name, standing out. */
export function mention(name, mark = "@") {
  return make("span", { class: "mention" }, `${mark}${name}`);
}

const MARKDOWN = new RegExp(
  [
    "\\\\(?<escaped>[!-/:-@\\[-`{-~])",
    "!?\\[(?<label>(?:\\\\.|[^\\]\\\\\\n])*)\\]\\((?<address>[^)\\s]*)\\)",
    "\\*\\*(?=\\S)(?<bold>(?:\\\\.|[^\\\\\\n])+?)(?<=\\S)\\*\\*",
    "(?<![\\w_])_(?=[^\\s_])(?<italic>(?:\\\\.|[^_\\\\\\n])+?)(?<=\\S)_(?![\\w_])",
    "(?<![\\w*])\\*(?=[^\\s*])(?<slanted>(?:\\\\.|[^*\\\\\\n])+?)(?<=\\S)\\*(?![\\w*])",
  ].join("|"),
  "g",
);

/** The Markdown that a TextBlock draws: paragraphs, lists, bold, italic and links. */
export function markdown(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n/)
    .flatMap(passages);
}

/** Markdown on one line, without paragraphs. */
export function inline(text) {
  return scan(text, MARKDOWN, named, (found) => {
    if (found.escaped) return found.escaped;
    if (found.address !== undefined) return link(unescaped(found.address), inline(found.label));
    if (found.bold) return make("strong", {}, inline(found.bold));
    return make("em", {}, inline(found.italic ?? found.slanted));
  });
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** A paragraph's lines: runs of list items, and everything else flowing together. */
function passages(paragraph) {
  const drawn = [];
  for (const line of paragraph.split("\n")) {
    const item = ITEM.exec(line);
    const last = drawn.at(-1);
    if (item) addItem(drawn, item);
    else if (!line.trim()) continue;
    else if (last?.tagName === "P") last.append(" ", ...inline(line));
    else drawn.push(make("p", {}, inline(line)));
  }
  return drawn;
}

function addItem(drawn, [, indent, mark, words]) {
  const tag = /\d/.test(mark) ? "OL" : "UL";
  if (drawn.at(-1)?.tagName !== tag) drawn.push(make(tag));
  const depth = Math.min(Math.floor(indent.replace(/\t/g, "  ").length / 2), 4);
  drawn.at(-1).append(make("li", { class: `depth-${depth}` }, inline(words)));
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** HTML's names for characters, as the characters. */
export function named(text) {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (found, hex, number, name) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? found;
      const code = hex ? parseInt(hex, 16) : Number(number);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : found;
    },
  );
}

const unescaped = (text) => named(text.replace(/\\([!-/:-@[-`{-~])/g, "$1"));

/** What a person wrote on Teams: words as they stand, and mentions. */
export function teamsWords(text) {
  const parts = text.split(/<at>(.*?)<\/at>/);
  return parts.map((part, number) => (number % 2 ? mention(named(part)) : named(part)));
}

/** Draw what the pattern finds, and say plainly what stands between. */
function scan(text, pattern, plain, draw) {
  const drawn = [];
  let done = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > done) drawn.push(plain(text.slice(done, found.index)));
    drawn.push(draw(found.groups));
    done = found.index + found[0].length;
  }
  if (done < text.length) drawn.push(plain(text.slice(done)));
  return drawn;
}
