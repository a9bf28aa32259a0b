/* My books of the month: how far each is, the ones planned first on top. */

import { button, h, icon, isoDay, t, tell } from "../../../../web/phone/modules/base.js";
import * as queue from "../queue.js";
import * as store from "../store.js";

export async function booksPage(_words, { show }) {
  const { packet } = store.state;
  if (!packet) return { title: t("my_books"), body: [nothing(show)], actions: bar() };
  return { title: t("my_books"), body: [stale(packet), ...packet.books.map(card),
    packet.books.length ? "" : h("div", { class: "card empty" }, icon("book"), h("h2", {}, t("no_books")), h("p", {}, t("no_books_help")))], actions: bar() };
}

function bar() {
  const waiting = queue.unsent().length;
  return [
    h("a", { class: "button quiet square", href: "#/settings", "aria-label": t("settings") }, icon("settings")),
    h("a", { class: "button primary", href: "#/queue" }, icon("upload"), h("span", {}, waiting ? t("to_send_n", { n: waiting }) : t("to_send"))),
  ];
}

function nothing(show) {
  const load = async event => {
    event.currentTarget.disabled = true;
    await store.refresh().catch(fault => tell(faultText(fault), "bad"));
    await show();
  };
  return h("div", { class: "card empty" }, icon("cloud-off"), h("h2", {}, t(store.state.expired ? "packet_expired" : "no_packet")),
    h("p", {}, t(store.state.expired ? "packet_expired_help" : "no_packet_help")),
    button(t("load_books"), load, { kind: "primary", glyph: "download" }));
}

export function faultText(fault) {
  if (fault.code === "offline") return t("no_network");
  if (fault.code === "signed_out") return t("signed_out");
  if (fault.code === "other_person") return t("other_person", { name: fault.message });
  return fault.message || t("server_busy");
}

function stale(packet) {
  const hours = Math.floor((Date.parse(packet.expires_at) - Date.now()) / 3_600_000);
  return hours < 24 ? h("p", { class: "hint" }, icon("clock"), t("expires_n", { n: hours })) : "";
}

/** How many meters of a book are in which state. */
export function counts(book) {
  const found = { left: 0, read: 0, waiting: 0, questioned: 0, estimated: 0, no_access: 0 };
  for (const row of book.meters) found[store.stateOf(row)] += 1;
  return found;
}

function card(book) {
  const now = counts(book);
  const done = book.meters.length - now.left - now.no_access;
  const late = book.planned_on && book.planned_on < isoDay() && now.left;
  return h("a", { class: "card book", href: `#/book/${book.id}` },
    h("span", { class: "book-head" }, h("span", { class: "what" }, h("b", {}, book.name), h("small", {}, book.code)),
      book.planned_on ? h("em", { class: late ? "tag late" : "tag plain" }, t("planned_day", { day: book.planned_on.slice(5) })) : ""),
    h("progress", { class: "how-far", max: Math.max(1, book.meters.length), value: done, "aria-label": t("read") }),
    h("span", { class: "book-foot" }, h("b", {}, `${done} / ${book.meters.length}`),
      ...["left", "questioned", "no_access", "waiting"].filter(name => now[name]).map(name => h("em", { class: `tag is-${name}` }, `${t(`is_${name}`)} ${now[name]}`))));
}
