// Adaptive Cards and the words around them, drawn from the activity as it was sent.

import { cannot, link, make, picture } from "./make.js";
import { inline, markdown, teamsWords } from "./text.js";

const CARD = "application/vnd.microsoft.card.adaptive";

/**
 * A message's words and cards. `press` is called with the JSON of an action, `field` draws an input
 * (in forms only); `plain` stands for words in a form that is not drawn.
 */
export function drawTeams({ text, textFormat, attachments }, on) {
  const drawn = text ? [saidWords(text, textFormat, on)] : [];
  for (const hung of attachments ?? []) {
    const card = hung.contentType === CARD;
    drawn.push(card ? drawCard(hung.content, on) : cannot(hung.contentType));
  }
  return drawn;
}

function saidWords(text, format = "markdown", on) {
  if (format === "plain") return make("p", {}, teamsWords(text));
  return format === "markdown" ? markdown(text) : make("p", {}, on.plain);
}

/** One card. */
export function drawCard(card, on) {
  return make(
    "div",
    { class: "card", lang: card.lang },
    (card.body ?? []).map((element) => drawElement(element, on)),
    actions(card.actions, on),
  );
}

function drawElement(element, on) {
  if (element.isVisible === false) return [];
  if (element.type?.startsWith("Input.")) {
    return on.field?.(element) ?? cannot(element.type);
  }
  return (ELEMENTS[element.type] ?? unknown)(element, on);
}

function unknown(element, on) {
  const { fallback } = element;
  if (fallback === "drop") return [];
  return fallback?.type ? drawElement(fallback, on) : cannot(element.type);
}

const all = (elements, on) => (elements ?? []).map((element) => drawElement(element, on));

const ELEMENTS = {
  TextBlock: (block, on) =>
    block.style === "heading"
      ? make("h3", { class: looksOf(block) }, inline(block.text))
      : make("div", { class: looksOf(block), role: alerting(block, on) }, markdown(block.text)),
  RichTextBlock: (block) => make("p", {}, block.inlines.map(run)),
  FactSet: (set) =>
    make(
      "dl",
      {},
      set.facts.map((fact) => [
        make("dt", {}, inline(fact.title)),
        make("dd", {}, inline(fact.value)),
      ]),
    ),
  Container: (box, on) => make("div", { class: "container" }, all(box.items, on)),
  ColumnSet: (set, on) =>
    make(
      "div",
      { class: "columns" },
      (set.columns ?? []).map((column) =>
        make(
          "div",
          { class: column.width === "auto" ? "narrow" : undefined },
          all(column.items, on),
        ),
      ),
    ),
  Table: drawTable,
  ActionSet: (set, on) => actions(set.actions, on),
  Image: (image) => picture(image.altText, image.url),
  ImageSet: (set) => set.images.map((image) => picture(image.altText)),
};

/** What a form says in the colour of problems is read out when it appears. */
const alerting = ({ color }, on) => (on.field && color === "Attention" ? "alert" : undefined);

/** The looks that the page's style knows, each a class. */
function looksOf({ size, weight, isSubtle, color, fontType }) {
  const looks = [
    size && `size-${size.toLowerCase()}`,
    weight && `weight-${weight.toLowerCase()}`,
    color && `color-${color.toLowerCase()}`,
    isSubtle && "subtle",
    fontType?.toLowerCase() === "monospace" && "mono",
  ];
  return looks.filter(Boolean).join(" ") || undefined;
}

function run(part) {
  if (typeof part === "string") return part;
  let drawn = make("span", { class: looksOf(part) }, part.text);
  if (part.selectAction?.url) drawn = link(part.selectAction.url, drawn);
  if (part.strikethrough) drawn = make("s", {}, drawn);
  if (part.italic) drawn = make("em", {}, drawn);
  return drawn;
}

function drawTable(table, on) {
  const headed = table.firstRowAsHeader !== false;
  const rows = (table.rows ?? []).map((row, number) =>
    make(
      "tr",
      {},
      (row.cells ?? []).map((cell) =>
        headed && number === 0
          ? make("th", { scope: "col" }, all(cell.items, on))
          : make("td", {}, all(cell.items, on)),
      ),
    ),
  );
  return make("table", {}, rows);
}

const STYLES = { positive: "primary", destructive: "danger" };

function actions(list, on) {
  if (!list?.length) return [];
  return make(
    "div",
    { class: "buttons" },
    list.map((action) => drawAction(action, on)),
  );
}

function drawAction(action, on) {
  if (action.type === "Action.OpenUrl") return link(action.url, action.title);
  if (action.type !== "Action.Execute" && action.type !== "Action.Submit") {
    return cannot(action.type);
  }
  const press = ({ currentTarget }) => on.press(action, currentTarget);
  const looks = { type: on.field ? "submit" : "button", class: STYLES[action.style] };
  return make("button", { ...looks, onclick: on.field ? undefined : press }, action.title);
}
