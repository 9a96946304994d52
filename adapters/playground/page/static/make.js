// Elements, and the page's own words on them. Nothing here or elsewhere takes text for markup.

let spoken = { language: "en", languages: [], words: {}, first: "" };

/** Learn the page's words in a language; none takes the browser's. */
export async function learn(language) {
  const query = language ? `?language=${encodeURIComponent(language)}` : "";
  spoken = await (await fetch(`/api/words${query}`)).json();
  document.documentElement.lang = spoken.language;
  document.title = say("title");
  relabel(document);
  document.dispatchEvent(new Event("spoken"));
}

/** The language that is spoken, and all there are: pairs of code and name. */
export const language = () => spoken.language;
export const languages = () => spoken.languages;

/** The name of the room where whoever reads this language begins. */
export const beginning = () => spoken.first;

/** All that are named in this list, in its order: pairs of its own name and that of its words. */
export const named = (list) =>
  Object.keys(spoken.words)
    .filter((name) => name.startsWith(`${list}.`))
    .map((name) => [name.slice(list.length + 1), name]);

/** The words of this name, with values in their places. What a list has no words for is said as it
 * is named. */
export function say(name, values = {}) {
  const words = spoken.words[name] ?? name.split(".")[1] ?? "";
  return words.replace(/\{([a-z_]+)\}/g, (found, key) => values[key] ?? found);
}

/** Say again what is said on these elements, in the language of now. */
export function relabel(root) {
  for (const element of root.querySelectorAll("[data-say]")) {
    element.replaceChildren(...whole(say(element.dataset.say, valuesOf(element))));
  }
  for (const element of root.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel, valuesOf(element)));
  }
}

const valuesOf = (element) => JSON.parse(element.dataset.sayValues ?? "{}");

/** Let this element say other words of the page. */
export function reword(element, words, values = {}) {
  element.dataset.say = words;
  element.dataset.sayValues = JSON.stringify(values);
  element.replaceChildren(...whole(say(words, values)));
}

const NUMBER = /(\bQ-\d+)/;

/** The words, of which a question's number is never broken in two. They stay one inline run. */
function whole(words) {
  const parts = words.split(NUMBER);
  if (parts.length === 1) return parts;
  const run = document.createElement("span");
  run.append(
    ...parts.map((part, at) => {
      if (at % 2 === 0) return part;
      const span = document.createElement("span");
      span.className = "whole";
      span.textContent = part;
      return span;
    }),
  );
  return [run];
}

/**
 * An element. `say` and `label` name words of the page for its text and its aria-label, `values`
 * what stands in them; `onclick` and the like are listened for; everything else is an attribute.
 */
export function make(tag, looks = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(looks)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "say") element.dataset.say = value;
    else if (name === "label") element.dataset.sayLabel = value;
    else if (name === "values") element.dataset.sayValues = JSON.stringify(value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  if (looks.say) element.append(...whole(say(looks.say, looks.values)));
  if (looks.label) element.setAttribute("aria-label", say(looks.label, looks.values));
  const parts = inside.flat(Infinity).filter((part) => part || part === 0);
  element.append(...parts.flatMap((part) => (part instanceof Node ? part : whole(String(part)))));
  return element;
}

/** A link that leaves the page, where its address may be followed; else only its words. */
export function link(address, words) {
  const inside = words === undefined ? [address] : [words].flat(Infinity);
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return make("span", {}, inside);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, inside);
}

/** What stands where something cannot be drawn. */
export function cannot(kind) {
  return make("p", { class: "cannot", say: "cannot_draw", values: { kind: String(kind) } });
}

/** A picture of Mellom's own; the page fetches none from elsewhere, and says what it would be. */
export function picture(words, address) {
  const said = () => make("p", { class: "cannot", say: "picture", values: { words: words || "…" } });
  const own = /^http:\/\/127\.0\.0\.1(?::\d+)?(\/pictures\/[\w.-]+)$/.exec(address ?? "");
  if (!own) return said();
  const instead = ({ currentTarget }) => currentTarget.replaceWith(said());
  return make("img", { class: "picture", src: own[1], alt: words ?? "", onerror: instead });
}
