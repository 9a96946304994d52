// The page: its language, its four rooms, and what is told about them.

import { watch } from "./api.js";
import { buildClock } from "./clock.js";
import { showForm } from "./form.js";
import { guide } from "./guide.js";
import { lookAgain } from "./inside.js";
import { language, languages, learn, make, say } from "./make.js";
import { Room } from "./room.js";

const main = document.getElementById("rooms");
const jumps = document.querySelector(".jumps ul");
const news = document.getElementById("news");
const rooms = new Map();
const counts = new Map();

/** Words of one announcement that are read out. */
const SPOKEN = 160;

await learn(remembered());
chooseLanguage();
guide(document.querySelector(".first"));
watch({ clock: buildClock(document.getElementById("clock")), room: shown });

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
  const count = make("span", { class: "badge", hidden: true });
  counts.set(room.element, count);
  jumps.append(
    make(
      "li",
      {},
      make(
        "a",
        { href: `#${room.element.id}`, class: state.platform },
        state.name.split(" ")[0],
        " ",
        count,
      ),
    ),
  );
  sight.observe(room.element);
}

// ---- what is new, for those who do not see it arrive

const waiting = new Map();
let speaking = 0;

function tell(room, messages) {
  if (!messages.length) return;
  if (room.element.dataset.unseen) {
    const count = counts.get(room.element);
    const number = Number(count.dataset.number ?? 0) + messages.length;
    count.dataset.number = number;
    count.replaceChildren(String(number), make("span", { class: "unseen", say: "count" }));
    count.hidden = false;
  }
  for (const { plain } of messages) waiting.set(plain, [...(waiting.get(plain) ?? []), room.name]);
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

const sight = new IntersectionObserver(look, { rootMargin: "-20% 0px" });

function look(seen) {
  for (const { target, isIntersecting } of seen) {
    if (isIntersecting) {
      delete target.dataset.unseen;
      const count = counts.get(target);
      count.hidden = true;
      count.dataset.number = 0;
    } else target.dataset.unseen = "true";
  }
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
