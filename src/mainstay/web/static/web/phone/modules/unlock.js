/* Opening the phone: a PIN on big keys. A new phone chooses one; a forgotten one is replaced with the server's help. */

import { button, h, icon, languageNow, setLanguage, t } from "./base.js";
import * as net from "./net.js";
import * as vault from "./vault.js";

const LENGTH = 6;
const bytes = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0)).buffer;
let recovering = false;
let work = null;

/** The page that opens a phone. `application`: `load()` reads what the phone holds, `refresh()` fetches what there is to do,
    `flush()` sends what waits, `ready()` tells whether there is anything to work with. */
export function unlockPage(application) {
  work = application;
  return opened;
}

async function opened(_words, { show }) {
  const known = await vault.known();
  if (known && !recovering) return unlock(known, show);
  return chooseFor(known, show);
}

/** A forgotten PIN or a new phone: the server has to know who is there. */
async function chooseFor(known, show) {
  let facts;
  try {
    facts = (await net.session()).user;
  } catch (fault) {
    return welcome(fault, show);
  }
  if (known && facts.id !== known.user.id) return welcome(new net.Fault("other_person", t("phone_of", { name: known.user.name })), show);
  return choose(facts, known, show);
}

function frame(title, text, ...content) {
  const other = languageNow() === "zh" ? "en" : "zh";
  const language = h("button", { type: "button", class: "language", onclick: () => { setLanguage(other); dispatchEvent(new HashChangeEvent("hashchange")); } },
    other === "zh" ? "中文" : "English");
  return { bare: true, body: [language, h("div", { class: "opening" }, icon("shield-lock"), h("h1", {}, title), text ? h("p", { class: "lead" }, text) : "", content)] };
}

function welcome(fault, show) {
  const away = fault.code === "offline";
  const text = away ? t(recovering ? "pin_needs_network" : "first_needs_network") : fault.code === "signed_out" ? t("first_needs_login") : fault.message;
  return frame(recovering ? t("forgot_pin") : t("welcome"), text,
    away ? "" : h("a", { class: "button primary", href: net.loginAddress() }, icon("login"), h("span", {}, t("sign_in"))),
    button(t("try_again"), () => show(), { glyph: "refresh" }),
    recovering ? button(t("back"), () => { recovering = false; void show(); }, { kind: "quiet" }) : "");
}

/** Keys 0 to 9 and back; calls `full` with six digits. */
function keypad(full) {
  let typed = "";
  const dots = h("div", { class: "dots", role: "status", "aria-label": t("pin") });
  const draw = () => dots.replaceChildren(...Array.from({ length: LENGTH }, (_none, place) => h("i", { class: place < typed.length ? "on" : "" })));
  const press = key => {
    if (key === "back") typed = typed.slice(0, -1);
    else if (typed.length < LENGTH) typed += key;
    draw();
    if (typed.length === LENGTH) {
      const pin = typed;
      typed = "";
      setTimeout(() => full(pin, draw), 60);
    }
  };
  draw();
  const key = name => h("button", { type: "button", class: "key", onclick: () => press(name), "aria-label": name === "back" ? t("delete_one") : null },
    name === "back" ? icon("arrow-back-up") : name);
  const blank = h("span", {});
  return [dots, h("div", { class: "keys" }, "123456789".split("").map(key), blank, key("0"), key("back"))];
}

function unlock(known, show) {
  const message = h("p", { class: "wrong", role: "alert" });
  const pad = keypad(async (pin, draw) => {
    message.textContent = t("opening");
    const answer = await vault.open(pin);
    if (answer === "") {
      await work.load();
      await show();
      void work.flush();
      return;
    }
    message.textContent = answer === "wrong" ? t("wrong_pin") : t("wait_n", { n: answer });
    draw();
  });
  return frame(known.user.name, t("enter_pin"), pad, message,
    button(t("forgot_pin"), () => { recovering = true; void show(); }, { kind: "quiet" }));
}

function choose(user, known, show) {
  let first = "";
  const head = h("p", { class: "lead" }, t("choose_pin"));
  const message = h("p", { class: "wrong", role: "alert" });
  const pad = keypad(async (pin, draw) => {
    message.textContent = "";
    if (!first) {
      if (/^(\d)\1+$/.test(pin) || "0123456789012345".includes(pin)) message.textContent = t("weak_pin");
      else {
        first = pin;
        head.textContent = t("again_pin");
      }
      draw();
      return;
    }
    if (pin !== first) {
      first = "";
      head.textContent = t("choose_pin");
      message.textContent = t("pins_differ");
      draw();
      return;
    }
    head.textContent = t("preparing");
    try {
      await finish(user, known, pin);
      await show();
    } catch (fault) {
      first = "";
      head.textContent = t("choose_pin");
      message.textContent = fault.code === "offline" ? t("first_needs_network") : fault.message || t("recovery_failed");
      draw();
    }
  });
  return frame(t("hello_name", { name: user.name }), "", head, pad, message);
}

async function finish(user, known, pin) {
  const device = known?.device || `p-${crypto.randomUUID().slice(0, 8)}`;
  const { key } = await net.recovery(device);
  if (known) await vault.recover(bytes(key), pin);
  else await vault.create(pin, bytes(key), user, device);
  recovering = false;
  await navigator.storage?.persist?.();
  await work.load();
  await work.refresh().catch(fault => { if (!work.ready() && fault.code !== "offline") throw fault; });
  void work.flush();
}
