// Requests: the CSRF token, clean addresses, and what to say when the server cannot be reached.

const banner = document.getElementById("connection");
let lost = false;
let probe = 0;

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  const token = document.querySelector("meta[name=csrf-token]").content;
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
  // What a page asks for by itself is no sign that somebody is there: the session may still end.
  if (detail.elt.matches("[data-poll]")) detail.headers["X-Poll"] = "1";
  if (detail.elt.matches("[data-strip-empty]")) {
    // Order, columns and page size were perhaps changed since the form was drawn: the address knows.
    const address = new URLSearchParams(window.location.search);
    for (const name of ["sort", "cols", "per_page"]) detail.formData.set(name, address.get(name) ?? "");
    for (const [name, value] of [...detail.formData.entries()]) {
      if (value === "") detail.formData.delete(name);
    }
  }
});

// What is told depends on what was asked: a question changes nothing; an entry without an answer is unknown.
function say(kind) {
  lost = true;
  banner.hidden = false;
  for (const text of banner.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== kind;
  window.clearTimeout(probe);
  probe = window.setTimeout(look, 5000);
}

async function look() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok) {
      lost = false;
      banner.hidden = true;
      return;
    }
  } catch {
    // still away: look again below
  }
  probe = window.setTimeout(look, 5000);
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    say(event.detail.requestConfig?.verb === "get" ? "read" : "write");
  });
}
window.addEventListener("offline", () => say("read"));
window.addEventListener("online", look);
banner.querySelector("[data-retry]").addEventListener("click", look);

// A form is not sent into nowhere: the browser would throw its page, and what was typed, away.
document.addEventListener("submit", (event) => {
  if (lost && !event.target.closest("dialog")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    say("unsent");
  }
}, true);

// An error page of the server, met by a fragment: show it instead of leaving the old rows as if they were new.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, target } = event.detail;
  const list = target?.closest?.(".ms-list");
  const face = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".ms-face");
  if (!face) return;
  if (list) list.replaceChildren(document.importNode(face, true));
  else document.getElementById("notices")?.replaceChildren(document.importNode(face, true));
});
