// Moments and countdowns, in the reader's time zone and by the server's clock.

let skew = 0; // the server's clock less this one, ms

/** Takes the server's clock: ms since the epoch, now. */
export function setClock(now) {
  skew = now - Date.now();
}

/** The server's clock now, ms since the epoch. */
export const now = () => Date.now() + skew;

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });

const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });

/** The day with hour and minute: in French `14 h 05`, which Intl writes `14:05`. */
function dated(at) {
  const told = day.format(at);
  return document.documentElement.lang === "fr" ? told.replace(/(\d\d):(\d\d)$/, "$1\u00a0h\u00a0$2") : told;
}

/** Writes moments in the reader's own time zone: `data-at` is when, in ms since the epoch, by the server's clock; with
    `data-day` the day is told too. */
export function tell(root) {
  for (const time of root.querySelectorAll("time[data-at]:empty")) {
    const at = new Date(Number(time.dataset.at));
    time.dateTime = at.toISOString();
    time.textContent = time.dataset.day === undefined ? clock.format(at) : dated(at);
  }
}

/** Seconds that are left until `data-ends`, ms since the epoch, by the server's clock; as of `data-then` where a page shows the
    past. */
export function left(timer) {
  const then = timer.closest("[data-then]")?.dataset.then;
  return Math.max(0, Math.ceil((Number(timer.dataset.ends) - Number(then ?? now())) / 1000));
}

/** Counts down to each `data-ends`. */
export function count() {
  for (const timer of document.querySelectorAll("[data-ends]")) {
    const seconds = left(timer);
    const told = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (timer.textContent !== told) timer.textContent = told;
  }
}
