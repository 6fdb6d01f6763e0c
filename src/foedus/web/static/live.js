// Follows the record: when an entry arrives, the parts of the page marked data-live are fetched again by htmx.
// A part in which the reader's focus stands is left until the focus has moved on; what the reader opened stays open.

import { correct } from "./clock.js";

const body = document.body;
const stale = new Set();
let size = Number(body.dataset.size);
let shown = size;
let waiting = 0;

function fetchParts(ids) {
  if (ids.length && window.htmx) {
    const selectOOB = ids.map((id) => `#${id}`).join(",");
    window.htmx.ajax("GET", location.href, { source: body, swap: "none", selectOOB });
  }
}

function reload() {
  waiting = 0;
  const ids = [];
  for (const part of document.querySelectorAll("[data-live][id]")) {
    if (part.contains(document.activeElement)) stale.add(part.id);
    else ids.push(part.id);
  }
  fetchParts(ids);
}

function left() {
  const free = [...stale].filter((id) => !document.getElementById(id)?.contains(document.activeElement));
  free.forEach((id) => stale.delete(id));
  fetchParts(free);
}

function arrived(event) {
  const said = JSON.parse(event.data);
  correct(said.now);
  if (said.size <= size) return;
  size = said.size;
  document.getElementById("news").textContent = document
    .getElementById("clock-words")
    .dataset.entry.replace("%n", String(size - 1));
  // Hundreds of open pages do not all ask in the same instant: the console says over how long.
  if (!waiting) waiting = setTimeout(reload, 50 + Math.random() * said.spread);
}

// What also changes without an entry: how a desk stands, and where its acts are.
function lookAgain() {
  const always = [...document.querySelectorAll("[data-live=always][id]")];
  fetchParts(always.filter((part) => !part.contains(document.activeElement)).map((part) => part.id));
}

body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const were = target.querySelectorAll("details");
  fragment.querySelectorAll("details").forEach((details, place) => {
    if (were[place]?.open) details.open = true;
  });
  fragment.querySelectorAll("[data-entry]").forEach((row) => {
    row.classList.toggle("fresh", Number(row.dataset.entry) >= shown);
  });
});
body.addEventListener("htmx:afterRequest", () => {
  shown = size;
});
body.addEventListener("htmx:oobAfterSwap", sinceLooked);
document.addEventListener("focusout", () => setTimeout(left, 0));

// What this browser had seen when its reader last left a page: kept here, never sent.
const lookedAt = Number(localStorage.getItem("foedus-looked"));

function sinceLooked() {
  const mark = document.querySelector("[data-since]");
  if (!mark || !lookedAt || lookedAt >= size) return;
  mark.textContent = mark.dataset.since.replace("%n", String(size - lookedAt));
  mark.hidden = false;
  document.querySelectorAll("#changes [data-entry]").forEach((row) => {
    row.classList.toggle("since", Number(row.dataset.entry) >= lookedAt);
  });
}

sinceLooked();
addEventListener("pagehide", () => localStorage.setItem("foedus-looked", String(size)));

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      document.getElementById("news").textContent = document.getElementById("clock-words").dataset.copied;
    });
  });
});

if (!("past" in body.dataset) && window.EventSource) {
  const source = new EventSource("/events");
  source.addEventListener("time", arrived);
  source.addEventListener("entry", arrived);
  source.addEventListener("time", lookAgain);
  addEventListener("pagehide", () => source.close());
}
