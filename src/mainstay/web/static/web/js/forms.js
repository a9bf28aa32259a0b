// Forms: sent once; the first field has the focus, errors take it.

function busy(form, on) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
  if (on) form.dataset.sent = "1";
  else delete form.dataset.sent;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  else busy(form, true);
});
// Coming back with the browser's button shows the page as it was left: make its forms usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) busy(form, false);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) busy(form, false);
});

function settle(part) {
  const errors = part.querySelector("[data-errors]") ?? part.querySelector("[data-focus]");
  const first = errors ?? part.querySelector(".ms-form [autofocus]");
  first?.focus();
  first?.select?.(); // what stands there already is replaced by typing
}
settle(document);
document.addEventListener("htmx:afterSwap", (event) => settle(event.detail.target));

// A link of the error summary leads into its field, not only to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".ms-errors a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  const input = field?.matches("input, select, textarea") ? field : field?.querySelector("input, select, textarea");
  if (input) {
    event.preventDefault();
    input.focus();
    input.scrollIntoView({ block: "center" });
  }
});
