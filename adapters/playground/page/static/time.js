// Times and days in the reader's language, by the clock of those who are in the rooms.

import { language } from "./make.js";

const ZONE = "Europe/Oslo"; // where everybody here lives, wherever the reader is
const LOCALES = { nb: "nb-NO", nn: "nn-NO", da: "da-DK", en: "en-GB" };
const MINUTES = { hour: "2-digit", minute: "2-digit" };

/** The time of day, to the minute or with more of it. */
export const clock = (at, more = {}) =>
  at.toLocaleTimeString(LOCALES[language()], { ...MINUTES, ...more, timeZone: ZONE });

/** The day, in few letters. */
export const day = (at) =>
  at.toLocaleDateString(LOCALES[language()], {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: ZONE,
  });
