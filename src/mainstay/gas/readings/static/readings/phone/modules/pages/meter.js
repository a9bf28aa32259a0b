/* One meter: big keys for gloves, the last index and what is expected, a question where the index is strange. */

import { ask, button, h, icon, isoDay, t, tell } from "../../../../web/phone/modules/base.js";
import * as camera from "../../../../web/phone/modules/camera.js";
import * as queue from "../queue.js";
import * as rules from "../rules.js";
import * as store from "../store.js";
import { nextOf } from "./round.js";

const WHY = {
  [rules.LOWER]: ["why_checked", "why_exchanged", "why_before_wrong"],
  [rules.JUMP]: ["why_checked", "why_heating", "why_people", "why_leak"],
  [rules.ZERO]: ["why_checked", "why_empty", "why_stands"],
  [rules.ROLLOVER]: ["why_checked"],
};
const REASONS = ["nobody", "refused", "blocked", "unreadable", "danger", "no_meter"];
/* Pictures of meters that are not taken yet: a look at the meter before loses none. */
const held = new Map();
const WHOLE = 9, DECIMALS = 3; // what rules.litres takes

export async function meterPage([id], { go }) {
  const found = store.meter(Number(id));
  if (!found) return { title: t("my_books"), back: "", body: [h("p", { class: "card" }, t("no_such_book"))] };
  const { book, row } = found;
  const before = rules.beforeOf(row);
  if (!held.has(row.id)) held.set(row.id, []);
  const pictures = held.get(row.id);
  let typed = "";
  let busy = false;
  const shown = h("output", { class: "typed-index", "aria-label": t("index") });
  const hint = h("p", { class: "verdict", role: "status" });
  const draw = () => {
    shown.replaceChildren(typed || "0", h("small", {}, "m³"));
    shown.classList.toggle("empty", !typed);
    shown.classList.toggle("long", typed.length > WHOLE - 1);
    const litres = rules.litres(typed.replace(/\.$/, ""));
    const verdict = litres === null ? null : rules.judge(litres, isoDay(), before);
    const wrong = litres === null ? "" : rules.refusal(litres, isoDay(), before);
    hint.className = `verdict ${wrong ? "bad" : verdict?.doubts ? "warn" : ""}`;
    hint.textContent = wrong ? t(`refusal_${wrong}`) : verdict ? said(verdict) : already(row);
  };
  const press = key => {
    const [whole, decimals] = typed.split(".");
    const room = decimals === undefined ? whole.length < WHOLE : decimals.length < DECIMALS;
    if (key === "back") typed = typed.slice(0, -1);
    else if (key === "." ? typed && decimals === undefined : room) typed = typed === "0" && key !== "." ? key : typed + key;
    draw();
  };
  const onward = async () => {
    const next = nextOf(book, row.id);
    void queue.flush();
    if (next) go(`meter/${next.id}`, { instead: true });
    else {
      tell(t("book_done"), "good");
      go(`book/${book.id}`, { instead: true });
    }
  };
  /** A glove taps twice: the second tap does nothing while the first is being kept. */
  const once = work => async () => {
    if (busy) return;
    busy = true;
    try {
      if (!(await work())) return;
      held.delete(row.id);
      await onward();
    } catch (error) {
      console.error(error);
      tell(t("not_saved"), "bad");
    } finally {
      busy = false;
    }
  };
  const take = once(async () => {
    const litres = rules.litres(typed.replace(/\.$/, ""));
    if (litres === null) {
      hint.className = "verdict bad";
      hint.textContent = t("type_index");
    }
    if (litres === null || rules.refusal(litres, isoDay(), before)) return false; // the line above the keys says why
    const note = await reason(rules.judge(litres, isoDay(), before), pictures);
    if (note === null) return false;
    await store.take(row, litres, note, pictures);
    return true;
  });
  const shut = once(async () => {
    const why = await ask(t("no_access"), row.address, REASONS.map(value => ({ text: t(`reason_${value}`), value, kind: "big quiet" })));
    if (!why) return false;
    await store.report(row, why, "", pictures);
    return true;
  });
  const keyboard = event => {
    if (event.target.closest("input, dialog")) return;
    if (/^[\d.]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("back");
    else if (event.key === "Enter") void take();
  };
  addEventListener("keydown", keyboard);
  draw();
  const place = book.meters.indexOf(row);
  return {
    title: `${place + 1} / ${book.meters.length}`, back: `book/${book.id}`, leave: () => removeEventListener("keydown", keyboard),
    progress: (place * 100) / Math.max(1, book.meters.length),
    body: [head(row), facts(before), shown, hint, keypad(press), tools(pictures, shut)],
    actions: [step(book, place - 1, "chevron-left", "previous"), button(t("take_next"), take, { kind: "primary take", glyph: "check" }), step(book, place + 1, "chevron-right", "next")],
  };
}

function said({ volumeL, doubts }) {
  const flag = [rules.LOWER, rules.JUMP, rules.ZERO, rules.SAME_DAY, rules.ROLLOVER, rules.OVER_ESTIMATE].find(one => doubts & one);
  const used = t("used_n", { n: rules.cubic(volumeL) });
  return flag ? `${t(`doubt_${flag}`)} ${used}` : used;
}

/** Ask why where the index is strange; null when the reader goes back to look again. */
async function reason({ doubts }, pictures) {
  const flag = [rules.LOWER, rules.JUMP, rules.ZERO, rules.ROLLOVER].find(one => doubts & one);
  if (!flag) return "";
  const words = WHY[flag].map(key => ({ text: t(key), value: t(key), kind: "big quiet" }));
  const chosen = await ask(t(`doubt_${flag}`), pictures.length ? t("ask_why") : t("ask_why_photo"), words);
  return chosen;
}

function head(row) {
  return h("section", { class: "card meter-head" }, h("div", { class: "where" }, h("b", { class: row.address.length > 40 ? "long" : null }, row.address), h("small", {}, `${row.name} · ${row.account_no}`)),
    h("span", { class: "meter-no" }, icon("gauge"), row.meter_no));
}

/** What is in for this meter already, here or on the server. */
function already(row) {
  const mine = store.waitingOf(row.id)[0];
  if (mine) return mine.kind === "reading" ? t("kept_here", { n: mine.body.index_m3 }) : t(`reason_${mine.body.reason}`);
  if (row.reading) return t("read_already", { n: rules.cubic(row.reading.index_l), day: row.reading.on.slice(5) });
  return row.visit ? `${row.visit.on.slice(5)} ${t(`reason_${row.visit.reason}`)}` : "";
}

function facts(before) {
  const range = rules.expectedRange(isoDay(), before);
  return h("dl", { class: "index-facts" },
    h("div", {}, h("dt", {}, t("last_index")), h("dd", {}, rules.cubic(before.indexL)), h("small", {}, before.estimated ? `${before.on.slice(5)} · ${t("is_estimated")}` : before.on.slice(5))),
    h("div", {}, h("dt", {}, t("expected")), h("dd", {}, range ? `${range[0]} – ${range[1]}` : "—"), h("small", {}, "m³")));
}

function keypad(press) {
  const key = name => h("button", { type: "button", class: "key", onclick: () => press(name), "aria-label": name === "back" ? t("delete_one") : null }, name === "back" ? icon("arrow-back-up") : name);
  return h("div", { class: "keys index-keys" }, "123456789".split("").map(key), key("."), key("0"), key("back"));
}

function tools(pictures, shut) {
  const count = h("b", { class: "count" });
  const draw = () => { count.textContent = pictures.length ? String(pictures.length) : ""; };
  const choose = async event => {
    for (const file of [...event.target.files]) {
      try {
        pictures.push(await camera.prepare(file, "meter"));
      } catch {
        tell(t("bad_photo"), "bad");
      }
    }
    event.target.value = "";
    draw();
  };
  draw();
  return h("div", { class: "pair" },
    h("label", { class: "button photo" }, h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden-input", onchange: choose }), icon("photo"), h("span", {}, t("photo")), count),
    button(t("no_access"), shut, { kind: "quiet", glyph: "home" }));
}

function step(book, place, glyph, label) {
  const other = book.meters[place];
  return h("a", { class: `button quiet square${other ? "" : " off"}`, href: other ? `#/meter/${other.id}` : `#/book/${book.id}`, "aria-label": t(label) }, icon(glyph));
}
