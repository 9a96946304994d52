// Block Kit, drawn from the blocks as they were sent.

import { cannot, link, make, picture } from "./make.js";
import { inline, markdown, mention, mrkdwn } from "./text.js";

/**
 * A message's words and blocks. `names` are people and channels by id, `press` is called with the
 * JSON of a button, `field` draws an input block (in forms only).
 */
export function drawSlack({ text, blocks }, on) {
  if (!blocks?.length) return [make("p", {}, mrkdwn(text ?? "", on.names))];
  return blocks.flatMap((block) => (BLOCKS[block.type] ?? unknown)(block, on));
}

const unknown = (thing) => cannot(thing.type);

const BLOCKS = {
  header: (block, on) => make("h3", {}, words(block.text, on)),
  section: drawSection,
  context: (block, on) =>
    make("p", { class: "small" }, separated(block.elements.map((part) => small(part, on)))),
  actions: (block, on) =>
    make(
      "div",
      { class: "buttons" },
      block.elements.map((element) => control(element, on)),
    ),
  divider: () => make("hr"),
  image: (block, on) => picture(block.alt_text || words(block.title, on), block.image_url),
  rich_text: (block, on) => block.elements.map((element) => rich(element, on)),
  markdown: (block) => markdown(block.text),
  input: (block, on) => on.field?.(block) ?? cannot(block.element?.type ?? block.type),
};

function drawSection(block, on) {
  const fields = (block.fields ?? []).map((part) => make("p", {}, words(part, on)));
  return make(
    "div",
    { class: "section" },
    make(
      "div",
      {},
      block.text && make("p", {}, words(block.text, on)),
      fields.length > 0 && make("div", { class: "fields" }, fields),
    ),
    block.accessory && control(block.accessory, on),
  );
}

/** A text object: plain_text is shown as it stands. */
function words(part, on) {
  if (!part) return [];
  return part.type === "mrkdwn" ? mrkdwn(part.text, on.names) : [part.text];
}

const small = (part, on) => (part.type === "image" ? picture(part.alt_text) : words(part, on));
const separated = (parts) => parts.flatMap((part, n) => (n ? [" ", ...[part].flat()] : part));

function control(element, on) {
  if (element.type === "image") return picture(element.alt_text);
  if (element.type !== "button") return cannot(element.type);
  const label = words(element.text, on);
  if (element.url) return link(element.url, label);
  const press = ({ currentTarget }) => on.press(element, currentTarget);
  return make("button", { type: "button", class: element.style, onclick: press }, label);
}

function rich(element, on) {
  const inside = () => element.elements.map((part) => leaf(part, on));
  if (element.type === "rich_text_section") return make("p", {}, inside());
  if (element.type === "rich_text_quote") return make("blockquote", {}, inside());
  if (element.type === "rich_text_preformatted") return make("pre", {}, inside());
  if (element.type === "rich_text_list") return list(element, on);
  return unknown(element);
}

function list(element, on) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const looks = { class: `depth-${Math.min(element.indent ?? 0, 4)}` };
  if (tag === "ol" && element.offset) looks.start = element.offset + 1;
  const items = element.elements.map((item) =>
    make(
      "li",
      {},
      item.elements.map((part) => leaf(part, on)),
    ),
  );
  return make(tag, looks, items);
}

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => link(leaf.url, leaf.text),
  user: (leaf, on) => mention(on.names[leaf.user_id] ?? leaf.user_id),
  usergroup: (leaf) => mention(leaf.usergroup_id),
  channel: (leaf, on) => mention(on.names[leaf.channel_id] ?? leaf.channel_id, "#"),
  broadcast: (leaf) => mention(leaf.range),
  emoji: (leaf) => (leaf.unicode ? character(leaf.unicode) : `:${leaf.name}:`),
  date: (leaf) => leaf.fallback ?? inline(leaf.format),
};
const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong" };

function leaf(part, on) {
  if (!LEAVES[part.type]) return cannot(part.type);
  const styles = Object.keys(STYLES).filter((name) => part.style?.[name]);
  return styles.reduce(
    (inside, name) => make(STYLES[name], {}, inside),
    LEAVES[part.type](part, on),
  );
}

const character = (codes) =>
  String.fromCodePoint(...codes.split("-").map((code) => parseInt(code, 16)));
