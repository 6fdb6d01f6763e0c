// Running clocks: ticks by the server's time, corrected by the stream of changes. Speaks only at five moments.

const words = document.getElementById("clock-words").dataset;
const started = performance.now();
let base = Date.parse(document.body.dataset.now);
let since = started;
const spoken = new WeakMap();
const MARKS = [
  [24 * 60, words.day],
  [6 * 60, words.six],
  [60, words.one],
  [15, words.quarter],
];

export function serverNow() {
  return base + (performance.now() - since);
}

export function correct(iso) {
  base = Date.parse(iso);
  since = performance.now();
  tick();
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function speak(clock, minutes) {
  const mark = MARKS.findLast(([limit]) => minutes <= limit);
  const now = minutes <= 0 ? 0 : mark ? mark[0] : Infinity;
  if (!spoken.has(clock)) spoken.set(clock, now);
  else if (now < spoken.get(clock)) {
    spoken.set(clock, now);
    const face = clock.querySelector("[role=timer]");
    put(clock.querySelector("[role=status]"), `${face.getAttribute("aria-label")}: ${now ? mark[1] : words.over}`);
  }
}

function show(clock) {
  const due = Date.parse(clock.dataset.due);
  const begun = Date.parse(clock.dataset.started);
  const left = Math.max(0, due - serverNow());
  const minutes = Math.ceil(left / 60000);
  speak(clock, minutes);
  const part = clock.querySelector(".part");
  if (part) part.setAttribute("width", `${Math.min(100, (100 * (serverNow() - begun)) / Math.max(1, due - begun)).toFixed(1)}%`);
  const face = clock.querySelector(".face");
  if (!left) {
    if (!face.querySelector(".over")) {
      const over = document.createElement("span");
      over.className = "over";
      over.textContent = words.over;
      face.replaceChildren(over);
    }
    return;
  }
  const hours = Math.floor(minutes / 60);
  put(face.querySelector(".h"), String(hours));
  put(face.querySelector(".min"), hours ? String(minutes % 60).padStart(2, "0") : String(minutes % 60));
  clock.classList.toggle("urgent", left < 6 * 3600000);
}

function tick() {
  document.querySelectorAll("[data-due]").forEach(show);
  document.querySelectorAll("[data-times] [data-zone]").forEach((time) => {
    const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: time.dataset.zone });
    put(time, format.format(new Date(serverNow())));
  });
}

if (!("past" in document.body.dataset)) {
  tick();
  setInterval(tick, 1000);
}
