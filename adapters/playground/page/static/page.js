// The page: its language, its four rooms, and what is told about them.

import { watch } from "./api.js";
import { buildBoards } from "./board.js";
import { buildClock } from "./clock.js";
import { showForm } from "./form.js";
import { guide } from "./guide.js";
import { lookAgain } from "./inside.js";
import { beginning, language, languages, learn, make, say } from "./make.js";
import { Room } from "./room.js";

const main = document.getElementById("rooms");
const jumps = document.querySelector(".jumps ul");
const news = document.getElementById("news");
const lead = document.querySelector(".lead");
const clock = document.getElementById("clock");
const rooms = new Map();

/** Where what lies over the rooms stays in sight, so that the clock does too. */
const narrow = matchMedia("(max-width: 75rem)");

/** How much of a message is read out: who says it, and how it begins. */
const [LINES, SPOKEN] = [3, 160];

await learn(remembered());
chooseLanguage();
const asked = guide(document.querySelector(".first"), rooms);
seat();
narrow.addEventListener("change", seat);
new ResizeObserver(measure).observe(lead);
watch({
  clock: buildClock(clock),
  room: shown,
  questions: (state) => asked(state.asked),
  board: buildBoards(document.getElementById("boards")),
});

function shown(state) {
  const room = rooms.get(state.name);
  if (room) tell(room, room.update(state));
  else open(state);
  showForm([...rooms.values()]);
  lookAgain();
}

function open(state) {
  main.querySelector(".waiting")?.remove();
  const room = new Room(state, rooms.size, () => showForm([...rooms.values()]));
  rooms.set(state.name, room);
  main.append(room.element);
  room.rest();
  jumps.append(make("li", {}, jump(room)));
  const { id } = room.element;
  const wanted = location.hash ? location.hash === `#${id}` : state.name === beginning();
  if (rooms.size === 1 || wanted) turn(room);
  sight.observe(room.element);
}

function seat() {
  if (narrow.matches) lead.querySelector(".first").after(clock);
  else document.querySelector(".speech").before(clock);
}

/** What lies over the rooms keeps its height clear when something is brought into sight. */
function measure() {
  const { style } = document.documentElement;
  style.setProperty("--over", `${heightOver(lead)}px`);
  style.setProperty("--who", `${heightOver(main.querySelector(".here .who"))}px`);
}

const heightOver = (element) =>
  element && getComputedStyle(element).position === "sticky" ? element.offsetHeight : 0;

// ---- from room to room

/** Messages that came to a room while it was out of sight, or to where nobody looks in it. */
const unseen = new Map();
const beyond = new Map();
const counts = new Map();

function jump(room) {
  const count = make("span", { class: "badge", hidden: true });
  counts.set(room, count);
  room.jump = make(
    "a",
    { href: `#${room.element.id}`, class: room.state.platform, onclick: (event) => go(room, event) },
    room.name.split(" ")[0],
    " ",
    count,
  );
  return room.jump;
}

/** Let this be the room that is shown where there is only place for one. */
function turn(room) {
  for (const one of rooms.values()) {
    one.element.classList.toggle("here", one === room);
    one.jump?.setAttribute("aria-current", String(one === room));
  }
  measure();
}

/** Go to the room, and there to what came last. The browser would go to the room's beginning at a
 * moment of its own, now before this and now after it. */
function go(room, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", event.currentTarget.href);
  turn(room);
  room.element.focus({ preventScroll: true });
  room.reveal(unheeded(room));
  beyond.delete(room);
  count(room);
}

const sight = new IntersectionObserver(look, { rootMargin: "-20% 0px" });

function look(seen) {
  for (const { target, isIntersecting } of seen) {
    const room = [...rooms.values()].find(({ element }) => element === target);
    if (!isIntersecting) unseen.set(room, unseen.get(room) ?? []);
    else unseen.delete(room);
    count(room);
  }
}

const unheeded = (room) => [...(unseen.get(room) ?? []), ...(beyond.get(room) ?? [])];

function count(room) {
  const number = unheeded(room).length;
  const badge = counts.get(room);
  badge.replaceChildren(String(number), make("span", { class: "unseen", say: "count" }));
  badge.hidden = !number;
}

/** Whether the message stands where it can be read now; what is not in the channel counts as read. */
function isRead(room, { id }) {
  const article = room.find(id);
  if (!article?.checkVisibility()) return true;
  const { top, bottom } = article.getBoundingClientRect();
  return bottom > heightOver(lead) && top < innerHeight - 20;
}

// Also what scrolls in a room.
addEventListener("scroll", heed, { capture: true, passive: true });

function heed() {
  for (const [room, messages] of beyond) {
    const left = messages.filter((message) => !isRead(room, message));
    if (left.length === messages.length) continue;
    beyond.set(room, left);
    count(room);
  }
}

// ---- what is new, for those who do not see it arrive

const waiting = new Map();
let speaking = 0;

function tell(room, messages) {
  if (!messages.length) return;
  const where = unseen.has(room) ? unseen : beyond;
  const here = where === beyond ? messages.filter((one) => !isRead(room, one)) : messages;
  const isAgain = ({ id }) => here.some((one) => one.id === id);
  where.set(room, [...(where.get(room) ?? []).filter((one) => !isAgain(one)), ...here]);
  count(room);
  for (const { plain } of messages) {
    const words = plain.split("\n").slice(0, LINES).join(" · ");
    waiting.set(words, [...(waiting.get(words) ?? []), room.name]);
  }
  clearTimeout(speaking);
  speaking = setTimeout(announce, 1200);
}

/** Once for all the rooms that a message came to. */
function announce() {
  const told = [...waiting].map(([words, names]) =>
    say("arrived", { channel: names.join(", "), words: words.slice(0, SPOKEN) }),
  );
  waiting.clear();
  news.textContent = told.join("\n");
}

// ---- language

function chooseLanguage() {
  const select = document.getElementById("language");
  select.append(
    ...languages().map(([code, name]) => make("option", { value: code, lang: code }, name)),
  );
  select.value = language();
  select.addEventListener("change", async () => {
    await learn(select.value);
    remember(select.value);
    // Whoever has not begun yet, begins where their language is spoken.
    if (document.body.dataset.first === "first") turn(rooms.get(beginning()));
  });
}

// A browser may forbid a page to remember anything.
function remembered() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
}

function remember(chosen) {
  try {
    localStorage.setItem("language", chosen);
  } catch {
    // Then it is asked for again next time.
  }
}
