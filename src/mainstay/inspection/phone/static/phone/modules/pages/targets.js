/* My targets: what is to be done first, with what was begun on top. */

import { button, h, icon, isoDay, t, tell } from "../../../web/phone/modules/base.js";
import * as queue from "../queue.js";
import * as store from "../store.js";

const TABS = ["todo", "done", "all"];
let tab = "todo";
let wanted = "";

export async function targetsPage(_words, { show }) {
  const { packet } = store.state;
  if (!packet) return { title: t("my_targets"), body: [noPacket(show)], actions: bar() };
  const list = h("div", { class: "list" });
  const draw = () => list.replaceChildren(...rows(packet));
  const search = h("input", { class: "search", type: "search", placeholder: t("search_targets"), "aria-label": t("search_targets"), ".value": wanted,
    oninput: event => { wanted = event.target.value; draw(); } });
  const count = name => packet.assignments.filter(one => fits(one, name)).length;
  const tabs = h("div", { class: "tabs", role: "tablist" }, TABS.map(name => h("button", {
    type: "button", role: "tab", "aria-selected": String(name === tab), onclick: () => { tab = name; void show(); } }, t(`tab_${name}`), h("b", {}, String(count(name))))));
  draw();
  return { title: t("my_targets"), body: [stale(packet), tabs, packet.assignments.length > 6 ? search : "", list], actions: bar() };
}

function bar() {
  const waiting = queue.unsent().length;
  return [
    h("a", { class: "button quiet square", href: "#/settings", "aria-label": t("settings") }, icon("settings")),
    h("a", { class: "button", href: "#/queue" }, icon("upload"), h("span", {}, waiting ? t("to_send_n", { n: waiting }) : t("to_send"))),
    h("a", { class: "button primary", href: "#/scan" }, icon("qrcode"), h("span", {}, t("scan"))),
  ];
}

function noPacket(show) {
  const load = async event => {
    event.currentTarget.disabled = true;
    await store.refresh().catch(fault => tell(faultText(fault), "bad"));
    await show();
  };
  return h("div", { class: "card empty" }, icon("cloud-off"), h("h2", {}, t(store.state.expired ? "packet_expired" : "no_packet")),
    h("p", {}, t(store.state.expired ? "packet_expired_help" : "no_packet_help")),
    button(t("load_targets"), load, { kind: "primary", glyph: "download" }));
}

export function faultText(fault) {
  if (fault.code === "offline") return t("no_network");
  if (fault.code === "signed_out") return t("signed_out");
  if (fault.code === "other_person") return t("other_person", { name: fault.message });
  return fault.message || t("server_busy");
}

/** How long the packet still lasts, said from a day before its end. */
function stale(packet) {
  const hours = Math.floor((Date.parse(packet.expires_at) - Date.now()) / 3_600_000);
  const text = packet.more ? t("more_targets") : hours < 24 ? t("expires_n", { n: hours }) : "";
  return text ? h("p", { class: "hint" }, icon("clock"), text) : "";
}

function fits(one, name) {
  if (!store.inItsDays(one)) return false;
  const finished = ["done", "exempt"].includes(stateOf(one)) || store.entryOf(one.id)?.state === "waiting";
  return name === "all" || (name === "done") === finished;
}

function rows(packet) {
  const words = wanted.trim().toLowerCase();
  const chosen = packet.assignments.filter(one => fits(one, tab) && (!words || text(one).includes(words)));
  if (!chosen.length) return [h("div", { class: "card empty" }, icon(words ? "search" : "circle-check"), h("h2", {}, words ? t("nothing_found") : t(`none_${tab}`)))];
  const found = [];
  for (const campaign of packet.campaigns) {
    const mine = chosen.filter(one => one.campaign === campaign.id);
    if (!mine.length) continue;
    mine.sort((a, b) => Boolean(store.draftOf(b.id)) - Boolean(store.draftOf(a.id)));
    found.push(h("h2", { class: "group" }, campaign.name), ...mine.map(row));
  }
  return found;
}

const text = one => [one.target.name, one.target.code, one.target.unit, one.target.address].join(" ").toLowerCase();

/** open, visited, unreachable, refused, done, exempt; or draft, sending for what this phone holds. */
export function stateOf(one) {
  if (store.draftOf(one.id)) return "draft";
  const entry = store.entryOf(one.id);
  if (entry && entry.state !== "done") return "sending";
  return one.state;
}

const GLYPHS = { open: "circle-dashed", visited: "progress", draft: "edit", sending: "upload", unreachable: "home", refused: "ban", done: "circle-check", exempt: "circle-check" };

function row(one) {
  const state = stateOf(one);
  const late = one.due_on && one.due_on < isoDay() && !["done", "exempt"].includes(state);
  const serious = one.hazards.filter(hazard => hazard.level === "major").length;
  return h("a", { class: `row state-${state}`, href: `#/target/${one.id}` },
    h("span", { class: "mark" }, icon(GLYPHS[state])),
    h("span", { class: "what" }, h("b", {}, one.target.name), h("small", {}, `${one.target.code} · ${one.target.unit}`),
      h("span", { class: "tags" }, h("em", { class: `tag ${state}` }, t(`state_${state}`)),
        one.due_on ? h("em", { class: late ? "tag late" : "tag plain" }, t("due_day", { day: one.due_on.slice(5) })) : "",
        one.hazards.length ? h("em", { class: serious ? "tag serious" : "tag hazard" }, t("hazards_n", { n: one.hazards.length })) : "")),
    icon("chevron-right"));
}

