/* What waits to be sent, what was refused, and meters that somebody else has read with another index. */

import { ask, button, clock, h, icon, t, tell } from "../../../../web/phone/modules/base.js";
import * as net from "../../../../web/phone/modules/net.js";
import * as files from "../files.js";
import * as queue from "../queue.js";
import { cubic } from "../rules.js";
import * as store from "../store.js";

const SHOWN = 50;
const ORDER = { refused: 0, differs: 1, sending: 2, waiting: 3 };

export async function queuePage() {
  const entries = queue.unsent().sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.since.localeCompare(a.since));
  return {
    title: t("to_send"), back: "",
    body: [problem(), entries.length ? h("p", { class: "hint" }, icon("upload"), t("waiting_n", { n: entries.length })) : "", ...entries.slice(0, SHOWN).map(card),
      entries.length > SHOWN ? h("p", { class: "hint" }, t("and_more", { n: entries.length - SHOWN })) : "",
      entries.length ? h("p", { class: "hint" }, icon("file-export"), t("export_help")) : "",
      entries.length ? button(t("export_queue"), exportAll, { kind: "quiet", glyph: "file-export" }) : "",
      entries.length ? "" : h("div", { class: "card empty" }, icon("circle-check"), h("h2", {}, t("nothing_to_send")), h("p", {}, t("nothing_to_send_help")))],
    actions: [button(queue.status.running ? t("sending") : t("send_now"), () => void queue.flush({ now: true }), { kind: "primary", glyph: queue.status.running ? "loader" : "upload", disabled: queue.status.running })],
  };
}

async function exportAll() {
  const made = await files.exported();
  for (const file of made) {
    const link = h("a", { href: URL.createObjectURL(file), download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  tell(t("exported_n", { n: queue.unsent().length, m: made.length }), "good");
}

function problem() {
  const { problem: code } = queue.status;
  if (!navigator.onLine || code === "offline") return h("p", { class: "hint" }, icon("cloud-off"), t("offline_help"));
  const login = () => h("a", { class: "button primary", href: net.loginAddress() }, icon("login"), h("span", {}, t("sign_in")));
  if (code === "signed_out") return h("div", { class: "card warn" }, h("p", {}, t("signed_out_help")), login());
  if (code === "other_person") return h("div", { class: "card warn" }, h("p", {}, t("other_person", { name: store.state.session?.user.name || "" })), login());
  return code === "busy" ? h("p", { class: "hint bad" }, icon("alert-circle"), t("server_busy")) : "";
}

const GLYPHS = { waiting: "clock", sending: "upload", refused: "alert-circle", differs: "files" };

function card(entry) {
  const what = entry.kind === "reading" ? `${entry.body.index_m3} m³` : t(`reason_${entry.body.reason}`);
  return h("section", { class: `card entry ${entry.state === "differs" ? "conflict" : entry.state}`, "data-entry": entry.key },
    h("div", { class: "entry-head" }, icon(GLYPHS[entry.state]), h("span", { class: "what" }, h("b", {}, what), h("small", {}, `${entry.title} · ${clock(entry.since)}`)), h("em", { class: `tag ${entry.state === "differs" ? "conflict" : entry.state}` }, t(`queue_${entry.state}`))),
    entry.error ? h("p", { class: "error", role: "alert" }, entry.error.message) : "",
    entry.photos.length ? h("p", { class: "muted" }, t("photos_left", { n: entry.photos.length })) : "",
    ...decisions(entry));
}

/** Both readings are with the server; a clerk decides which one counts. Here they are only shown. */
function decisions(entry) {
  if (entry.state === "differs") {
    return [h("table", { class: "differences" }, h("thead", {}, h("tr", {}, h("th", {}, t("index")), h("th", {}, t("mine")), h("th", {}, entry.others[0].by || t("other_phone")))),
      h("tbody", {}, h("tr", {}, h("th", {}, "m³"), h("td", {}, entry.body.index_m3), h("td", {}, entry.others.map(one => h("span", {}, `${cubic(one.index_l)} (${one.on.slice(5)})`)))))),
    h("p", { class: "muted" }, t("differs_help")), button(t("seen"), () => queue.seen(entry), { glyph: "check" })];
  }
  if (entry.state !== "refused") return [];
  const again = async () => {
    Object.assign(entry, { state: "waiting", next_at: 0, error: null });
    await queue.flush({ now: true });
  };
  const discard = async () => {
    if (await ask(t("discard"), t("discard_help"), [{ text: t("discard"), value: true, kind: "danger" }])) await queue.seen(entry);
  };
  return [h("div", { class: "pair" }, button(t("try_again"), again, { glyph: "refresh" }), button(t("discard"), discard, { kind: "quiet", glyph: "trash" }))];
}
