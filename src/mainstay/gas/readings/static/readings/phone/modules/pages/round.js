/* One book in walking order: what is left first, everything on demand. */

import { h, icon, t } from "../../../../web/phone/modules/base.js";
import { cubic } from "../rules.js";
import * as store from "../store.js";

const TABS = ["left", "done", "all"];
let tab = "left";
let wanted = "";

export async function roundPage([id], { show }) {
  const book = store.book(Number(id));
  if (!book) return { title: t("my_books"), back: "", body: [h("p", { class: "card" }, t("no_such_book"))] };
  const list = h("div", { class: "list meters" });
  const draw = () => list.replaceChildren(...rows(book));
  const search = h("input", { class: "search", type: "search", placeholder: t("search_meters"), "aria-label": t("search_meters"), ".value": wanted,
    oninput: event => { wanted = event.target.value; draw(); } });
  const count = name => book.meters.filter(row => fits(row, name)).length;
  const tabs = h("div", { class: "tabs", role: "tablist" }, TABS.map(name => h("button", {
    type: "button", role: "tab", "aria-selected": String(name === tab), onclick: () => { tab = name; void show(); } }, t(`tab_${name}`), h("b", {}, String(count(name))))));
  draw();
  const next = nextOf(book);
  return { title: book.name, back: "", body: [tabs, search, list], progress: (count("done") * 100) / Math.max(1, book.meters.length),
    actions: next ? [h("a", { class: "button primary", href: `#/meter/${next.id}` }, icon("gauge"), h("span", {}, t("read_next", { n: next.sequence })))] : [] };
}

const isLeft = row => ["left", "no_access"].includes(store.stateOf(row));
const fits = (row, name) => name === "all" || (name === "left") === isLeft(row);

/** The next meter in walking order that is not read, after the one of `after`; those visited in vain come last. */
export function nextOf(book, after = 0) {
  const left = book.meters.filter(row => store.stateOf(row) === "left");
  const place = book.meters.findIndex(row => row.id === after);
  return left.find(row => book.meters.indexOf(row) > place) || left[0] || null;
}

function rows(book) {
  const words = wanted.trim().toLowerCase();
  const chosen = book.meters.filter(row => fits(row, words ? "all" : tab) && (!words || text(row).includes(words)));
  if (!chosen.length) return [h("div", { class: "card empty" }, icon(words ? "search" : "circle-check"), h("h2", {}, words ? t("nothing_found") : t("none_left")))];
  return chosen.map(line);
}

const text = row => [row.address, row.name, row.account_no, row.meter_no].join(" ").toLowerCase();
const GLYPHS = { left: "circle-dashed", read: "circle-check", estimated: "calculator", questioned: "alert-triangle", no_access: "home", waiting: "upload" };

function line(row) {
  const now = store.stateOf(row);
  const mine = store.waitingOf(row.id).find(one => one.kind === "reading");
  const index = mine ? mine.body.index_m3 : row.reading ? cubic(row.reading.index_l) : "";
  return h("a", { class: `row slim is-${now}`, href: `#/meter/${row.id}` },
    h("span", { class: "place" }, String(row.sequence)),
    h("span", { class: "what" }, h("b", {}, row.address), h("small", {}, `${row.name} · ${row.meter_no}`)),
    h("span", { class: "value" }, index ? h("b", {}, index) : "", h("em", { class: `tag is-${now}` }, icon(GLYPHS[now]), t(`is_${now}`))));
}
