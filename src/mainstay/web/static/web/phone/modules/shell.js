/* The frame of an application on the phone: opens with the PIN, shows one page at a time by the address after #, keeps the
   service worker fresh. */

import { button, h, icon, languageNow, setLanguage, setting, t, tell } from "./base.js";
import * as camera from "./camera.js";
import * as vault from "./vault.js";

const LOCK_AFTER = 15 * 60_000;
let application = null;
const root = document.getElementById("app");
let leave = null;
let turn = 0;

/** Draw the page of the address. Drawn again in place (`still`), it keeps where it was scrolled to. */
export async function show({ still = false } = {}) {
  const mine = ++turn;
  const address = location.hash;
  const [name, ...words] = decodeURIComponent(address.replace(/^#\/?/, "")).split("/");
  const page = vault.isOpen() ? application.pages[name] || application.pages[""] : application.unlock;
  const where = scrollY;
  let made;
  try {
    made = await page(words, { show, go });
  } catch (error) {
    console.error(error);
    made = { title: t("broken"), back: "", body: [h("p", { class: "card" }, String(error.message))], actions: [] };
  }
  if (mine !== turn || !made) return;
  leave?.();
  leave = made.leave || null;
  root.replaceChildren(...frame(made));
  root.dataset.page = address; // what is drawn, which is not yet what the address says
  scrollTo(0, still ? where : 0);
}

/** Go to another page; `instead` leaves no step back to this one. */
export function go(address, { instead = false } = {}) {
  if (`#/${address}` === location.hash) void show();
  else if (instead) location.replace(`#/${address}`);
  else location.hash = `/${address}`;
}

function frame({ title, back, body, actions = [], bare = false, progress = null }) {
  if (bare) return [h("main", { class: "bare" }, body)];
  return [
    h("header", { class: "top" },
      back === undefined ? h("span", { class: "brand" }, icon(application.glyph)) : h("a", {
        class: "back", href: `#/${back}`, "aria-label": t("back") }, icon("chevron-left")),
      h("h1", {}, title), chip(),
      progress === null ? "" : h("progress", { class: "bar", max: 100, value: progress })),
    h("main", {}, body),
    actions.length ? h("footer", { class: "actions" }, actions) : "",
  ];
}

/** What is waiting and whether there is network: always in the same corner. */
function chip() {
  const waiting = application.queue.unsent().length;
  const stuck = application.queue.unsent().some(one => ["conflict", "refused"].includes(one.state));
  const kind = stuck ? "bad" : !navigator.onLine ? "off" : waiting ? "busy" : "good";
  const text = waiting ? String(waiting) : "";
  const label = [navigator.onLine ? t("online") : t("offline"), waiting ? t("waiting_n", { n: waiting }) : ""].join(" ");
  const glyph = { bad: "alert-triangle", off: "cloud-off", busy: "upload", good: "circle-check" }[kind];
  return h("a", { class: `chip ${kind}`, href: "#/queue", "aria-label": label }, icon(glyph), text);
}

function refreshChip() {
  document.querySelector(".top .chip")?.replaceWith(chip());
  if (location.hash.startsWith("#/queue")) void show({ still: true });
}

/** Lock the phone after a quarter of an hour out of sight. */
function watchAway() {
  let since = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") since = Date.now();
    else if (vault.isOpen() && since && Date.now() - since > LOCK_AFTER) {
      vault.close();
      void show();
    }
  });
}

async function register() {
  if (!("serviceWorker" in navigator)) return;
  const found = await navigator.serviceWorker.register(setting.addresses.worker, { scope: setting.addresses.app });
  const offer = worker => {
    if (!worker || !navigator.serviceWorker.controller) return;
    tell(t("new_release"));
    document.body.append(button(t("reload_now"), () => worker.postMessage("take-over"), { kind: "update primary" }));
  };
  offer(found.waiting);
  found.addEventListener("updatefound", () => {
    const coming = found.installing;
    coming.addEventListener("statechange", () => coming.state === "installed" && offer(coming));
  });
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
    controlled = true;
  });
}

/** Begin. `made`: its `pages` by name ("" is the first), the page that unlocks, its `queue`, the `glyph` of its head. */
export async function start(made) {
  application = made;
  setLanguage(languageNow());
  if (!isSecureContext || !crypto.subtle) {
    root.replaceChildren(h("main", { class: "bare" }, h("div", { class: "card bad" }, h("h1", {}, t("insecure")), h("p", {}, t("insecure_help")))));
    return;
  }
  addEventListener("hashchange", () => void show());
  addEventListener("online", refreshChip);
  addEventListener("offline", refreshChip);
  made.queue.onChange(refreshChip);
  made.queue.watch();
  watchAway();
  await show();
  await register().catch(() => tell(t("no_worker"), "bad"));
  camera.follow();
}
