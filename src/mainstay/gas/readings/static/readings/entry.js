// Entry of readings: one line a meter; Enter takes the line and goes on, arrows walk.
const round = document.getElementById("rd-round");
const day = document.getElementById("rd-day");
const done = document.getElementById("rd-done");

const fields = () => [...round.querySelectorAll(".rd-index")];
const token = () => document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";

function go(field) {
  field.focus({ preventScroll: true });
  field.select();
  const place = field.closest("tr").getBoundingClientRect();
  const middle = window.innerHeight / 2;
  if (place.bottom > window.innerHeight - 80 || place.top < 120) window.scrollBy(0, place.top - middle);
}

function walk(from, step) {
  const all = fields();
  const next = all[all.indexOf(from) + step];
  if (next) {
    go(next);
  }
}

function count() {
  done.textContent = String(round.querySelectorAll("tr[data-done]").length);
}

async function take(field) {
  const line = field.closest("[data-line]");
  if (!field.value.trim() || line.dataset.busy) return;
  line.dataset.busy = "1";
  const body = new URLSearchParams({ index: field.value, taken_on: day.value, period: line.dataset.period });
  try {
    const answer = await fetch(line.dataset.url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    });
    const html = await answer.text();
    if (!html.includes("data-line")) throw new Error(String(answer.status));
    const holder = document.createElement("tbody");
    holder.innerHTML = html;
    const fresh = holder.querySelector("[data-line]");
    const here = line.contains(document.activeElement);
    line.replaceWith(fresh);
    count();
    if (answer.status === 422) {
      go(fresh.querySelector(".rd-index"));
    } else if (here) {
      walk(fresh.querySelector(".rd-index"), 1);
    }
  } catch {
    delete line.dataset.busy;
    const note = document.createElement("span");
    note.className = "text-danger";
    note.textContent = round.dataset.offline;
    line.querySelector(".rd-result").replaceChildren(note);
    field.focus();
  }
}

round?.addEventListener("keydown", (event) => {
  if (!event.target.classList.contains("rd-index")) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.target.value === event.target.defaultValue) walk(event.target, 1);
    else take(event.target);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(event.target, event.key === "ArrowDown" ? 1 : -1);
  }
});

const first = round?.querySelector("tr:not([data-done]) .rd-index");
if (first) go(first);
