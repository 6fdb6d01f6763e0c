// Follows the record: when an entry arrives, the parts of the page marked data-live are fetched again by htmx.
// A part in which the reader's focus stands is left until the focus has moved on.

import { correct } from "./clock.js";

const body = document.body;
let size = Number(body.dataset.size);
let waiting = 0;

function parts() {
  return [...document.querySelectorAll("[data-live][id]")];
}

function reload() {
  waiting = 0;
  const ids = parts().filter((part) => !part.contains(document.activeElement)).map((part) => `#${part.id}`);
  if (!ids.length || !window.htmx) return;
  window.htmx.ajax("GET", location.href, { source: body, swap: "none", selectOOB: ids.join(",") });
}

function arrived(event) {
  const said = JSON.parse(event.data);
  correct(said.now);
  if (said.size <= size) return;
  size = said.size;
  const news = document.getElementById("news");
  news.textContent = document.getElementById("clock-words").dataset.entry.replace("%n", size - 1);
  if (!waiting) waiting = setTimeout(reload, 50 + Math.random() * 400);
}

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.addEventListener("focusout", () => {
  if (parts().some((part) => part.dataset.stale)) setTimeout(reload, 0);
});

if (!("past" in body.dataset) && window.EventSource) {
  const source = new EventSource("/events");
  source.addEventListener("time", arrived);
  source.addEventListener("entry", arrived);
  addEventListener("pagehide", () => source.close());
}
