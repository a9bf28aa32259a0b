// Lists: choosing rows, the batch bar, the columns shown, the loading face.

const boxes = () => [...document.querySelectorAll("[data-choose]")];

function refresh() {
  const bar = document.getElementById("batch");
  if (!bar) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const whole = chosen > 0 && chosen === all.length;
  const offer = bar.querySelector("[data-choose-filter]");
  const everything = bar.elements.all.value === "1";
  bar.hidden = chosen === 0;
  bar.querySelector("[data-chosen]").textContent = everything ? offer.dataset.count : String(chosen);
  offer.hidden = everything || !whole || offer.dataset.count === String(all.length);
  const head = document.querySelector("[data-choose-all]");
  head.checked = whole;
  head.indeterminate = chosen > 0 && !whole;
}

function tick(on) {
  for (const box of boxes()) box.checked = on;
}

let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-choose]");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const bar = document.getElementById("batch");
  if (!bar || !event.target.matches("[data-choose], [data-choose-all]")) return;
  bar.elements.all.value = "";
  if (event.target.matches("[data-choose-all]")) tick(event.target.checked);
  refresh();
});

document.addEventListener("click", (event) => {
  const bar = document.getElementById("batch");
  if (event.target.closest("[data-choose-filter]")) bar.elements.all.value = "1";
  else if (event.target.closest("[data-choose-none]")) {
    tick(false);
    bar.elements.all.value = "";
  } else return;
  refresh();
});

// The chosen columns travel in the address, so that a link shows the same list to the next person.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-columns]");
  if (!form) return;
  event.preventDefault();
  const address = new URL(window.location.href);
  const shown = [...form.querySelectorAll("input:checked")].map((box) => box.value);
  address.searchParams.set("cols", shown.join(".") || "-");
  window.location.assign(address);
});

// The loading face appears only when the answer takes longer than a moment: no flicker on a fast network.
let waiting = 0;
document.addEventListener("htmx:beforeRequest", (event) => {
  const list = event.detail.target?.closest?.(".ms-list");
  if (list) waiting = window.setTimeout(() => list.classList.add("is-loading"), 200);
});
document.addEventListener("htmx:afterRequest", () => {
  window.clearTimeout(waiting);
  document.querySelector(".ms-list.is-loading")?.classList.remove("is-loading");
});
document.addEventListener("htmx:afterSettle", refresh);
window.addEventListener("pageshow", refresh);

// On a phone a table that is wider than the glass becomes cards, as lists do: each value beside its title.
const narrow = window.matchMedia("(max-width: 639px)");
function fold() {
  if (!narrow.matches) return;
  for (const wrap of document.querySelectorAll(".ms-section .ms-table-wrap:not(.ms-folded)")) {
    if (wrap.scrollWidth <= wrap.clientWidth || wrap.querySelector("thead tr + tr, [rowspan], thead [colspan]")) continue;
    const titles = [...wrap.querySelectorAll("thead th")].map((title) => title.textContent.trim());
    for (const row of wrap.querySelectorAll("tbody tr, tfoot tr")) {
      if (row.cells.length !== titles.length) continue;
      titles.forEach((title, place) => { row.cells[place].dataset.label ??= title; });
    }
    wrap.classList.add("ms-folded");
  }
}
narrow.addEventListener("change", fold);
document.addEventListener("htmx:load", fold);
fold();
