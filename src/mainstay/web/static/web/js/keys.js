// Keys: F2 or / searches, Esc goes back, ? shows the keys, and what is printed on a button presses it.

const dialog = document.getElementById("keys");
const list = dialog.querySelector("[data-keys-list]");
const builtIn = list.childElementCount;

function fill() {
  while (list.childElementCount > builtIn) list.lastElementChild.remove();
  for (const one of document.querySelectorAll("[data-key]")) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    const words = document.createElement("dd");
    const label = one.cloneNode(true);
    for (const printed of label.querySelectorAll("kbd")) printed.remove();
    key.textContent = one.dataset.key;
    words.textContent = one.dataset.keyLabel ?? label.textContent.trim();
    term.append(key);
    row.append(term, words);
    list.append(row);
  }
}

function show() {
  fill();
  dialog.showModal();
}

function pressed(event) {
  const parts = [];
  if (event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  parts.push(event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return parts.join("+");
}

function escape(event, typing) {
  const open = document.querySelector("details[data-pop][open]");
  if (document.documentElement.dataset.drawer) {
    document.documentElement.removeAttribute("data-drawer");
  } else if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (typing) {
    event.target.blur();
  } else {
    document.querySelector("[data-back]")?.click();
  }
}

document.addEventListener("keydown", (event) => {
  // During the choice of Chinese characters every key belongs to the input method.
  if (event.isComposing || event.keyCode === 229 || dialog.open || event.defaultPrevented) return;
  const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const printable = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.key === "Escape") {
    escape(event, typing);
    return;
  }
  if (printable && typing) return;
  if (event.key === "F2" || event.key === "/") {
    const field = document.querySelector("[data-search-first]") ?? document.querySelector("[data-search]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    show();
    return;
  }
  const name = pressed(event);
  const keyed = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key.toUpperCase() === name.toUpperCase());
  const target = keyed.find((one) => one.getClientRects().length); // what is hidden has no key
  if (target) {
    event.preventDefault();
    if (target.matches("input, select, textarea")) target.focus();
    else target.click();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) show();
  if (event.target === dialog) dialog.close();
});
