// The frame: menu, colours, row height, pop-ups, search hits, copy, print, notices.

const root = document.documentElement;
const wide = window.matchMedia("(min-width: 992px)");

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

function toggleMenu() {
  if (!wide.matches) {
    root.toggleAttribute("data-drawer");
    if (root.hasAttribute("data-drawer")) root.dataset.drawer = "open";
    return;
  }
  const closed = root.dataset.menu === "closed";
  if (closed) delete root.dataset.menu;
  else root.dataset.menu = "closed";
  remember("menu", closed ? "open" : "closed");
}

function choose(button) {
  const group = button.closest("[data-choice]");
  const name = group.dataset.choice;
  remember(name, button.value);
  root.setAttribute(name === "theme" ? "data-bs-theme" : `data-${name}`, button.value);
  for (const one of group.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
}

async function copy(button) {
  await navigator.clipboard?.writeText(button.dataset.copy);
  button.classList.add("ms-green");
  window.setTimeout(() => button.classList.remove("ms-green"), 1200);
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-menu-toggle]")) toggleMenu();
  else if (at("[data-choice] button")) choose(at("[data-choice] button"));
  else if (at("[data-copy]")) copy(at("[data-copy]"));
  else if (at("[data-print]")) window.print();
  else if (at("[data-dismiss]")) at(".ms-alert").remove();
  for (const pop of document.querySelectorAll("details[data-pop][open]")) {
    if (!pop.contains(event.target)) pop.open = false;
  }
  if (!at(".ms-search")) closeHits();
});

const search = document.querySelector("[data-search]");
const hits = document.getElementById("search-hits");

function closeHits() {
  if (!hits) return;
  hits.replaceChildren();
  search.setAttribute("aria-expanded", "false");
}

function moveHit(step) {
  const links = [...hits.querySelectorAll("a")];
  if (!links.length) return;
  const now = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
  links[now]?.removeAttribute("aria-selected");
  const next = links[(now + step + links.length) % links.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
}

// Enter opens the chosen hit, or the only one; with several and none chosen it shows the page of results.
search?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    moveHit(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const links = hits.querySelectorAll("a");
    const chosen = hits.querySelector("a[aria-selected=true]") ?? (links.length === 1 ? links[0] : null);
    if (chosen) {
      event.preventDefault();
      chosen.click();
    }
  } else if (event.key === "Escape" && hits.childElementCount) {
    event.stopPropagation();
    closeHits();
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === hits) search.setAttribute("aria-expanded", String(hits.childElementCount > 0));
});

// Of a row of tabs that is wider than the screen, the open one is in sight.
for (const tab of document.querySelectorAll(".ms-tabs [aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
