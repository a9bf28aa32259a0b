/* What waits to be sent, part by part; what the server asks a person about. */

import { ask, button, clock, h, icon, named, setting, t, tell } from "../../../web/phone/modules/base.js";
import * as files from "../files.js";
import * as net from "../net.js";
import * as queue from "../queue.js";
import * as store from "../store.js";

export async function queuePage(_words, { go, show }) {
  const entries = [...store.state.queue.values()].sort((a, b) => (a.state === "done") - (b.state === "done") || b.since.localeCompare(a.since));
  return {
    title: t("to_send"), back: "",
    body: [problem(), ...await Promise.all(entries.map(one => card(one, go, show))),
      entries.length ? "" : h("div", { class: "card empty" }, icon("circle-check"), h("h2", {}, t("nothing_to_send")), h("p", {}, t("nothing_to_send_help"))),
      h("div", { class: "pair" }, button(t("export_queue"), exportAll, { kind: "quiet", glyph: "file-export" }),
        h("label", { class: "button quiet" }, h("input", { type: "file", class: "hidden-input", accept: "application/json,.json", onchange: event => importAll(event, show) }), icon("file-import"), h("span", {}, t("import_queue"))))],
    actions: [button(queue.status.running ? t("sending") : t("send_now"), () => void queue.flush({ now: true }), { kind: "primary", glyph: queue.status.running ? "loader" : "upload", disabled: queue.status.running })],
  };
}

function problem() {
  const { problem: code } = queue.status;
  if (!navigator.onLine || code === "offline") return h("p", { class: "hint" }, icon("cloud-off"), t("offline_help"));
  if (code === "signed_out") return h("div", { class: "card warn" }, h("p", {}, t("signed_out_help")), h("a", { class: "button primary", href: net.loginAddress() }, icon("login"), h("span", {}, t("sign_in"))));
  if (code === "other_person") return h("div", { class: "card warn" }, h("p", {}, t("other_person", { name: store.state.session?.user.name || "" })), h("a", { class: "button", href: net.loginAddress() }, icon("login"), h("span", {}, t("sign_in"))));
  return "";
}

const GLYPHS = { waiting: "clock", sending: "upload", conflict: "alert-triangle", refused: "alert-circle", done: "circle-check" };

async function card(entry, go, show) {
  const head = h("div", { class: "entry-head" }, icon(GLYPHS[entry.state]), h("span", { class: "what" }, h("b", {}, entry.title), h("small", {}, `${entry.code} · ${clock(entry.done_at || entry.since)}`)), h("em", { class: `tag ${entry.state}` }, t(`queue_${entry.state}`)));
  if (entry.state === "done") return h("section", { class: "card entry done" }, head, told(entry));
  const parts = (await store.photosOf(entry.key)).length;
  const left = entry.arrived ? entry.missing.length : parts;
  return h("section", { class: `card entry ${entry.state}`, "data-entry": entry.key }, head,
    h("ul", { class: "parts" }, h("li", { class: entry.arrived ? "good" : "" }, icon(entry.arrived ? "check" : "clock"), t("part_record")),
      parts ? h("li", { class: left ? "" : "good" }, icon(left ? "clock" : "check"), t("part_photos", { n: parts - left, m: parts })) : ""),
    entry.error ? h("p", { class: "error", role: "alert" }, entry.error.message) : "",
    entry.tries && ["waiting", "sending"].includes(entry.state) ? h("p", { class: "muted" }, t("next_try", { n: entry.tries, time: clock(entry.next_at) })) : "",
    ...decisions(entry, go, show));
}

function told(entry) {
  const made = (entry.hazards || []).length;
  const papers = (entry.numbers || []).map(number => h("a", { class: "button quiet", href: `${setting.addresses.notices}${number}.pdf`, target: "_blank", rel: "noopener" },
    icon("file-certificate"), h("span", {}, t("notice_n", { number }))));
  return [made ? h("p", { class: "muted" }, t("hazards_made", { n: made })) : "", ...papers];
}

function decisions(entry, go, show) {
  if (entry.state === "conflict") return [h("a", { class: "button primary", href: `#/conflict/${entry.key}` }, icon("files"), h("span", {}, t("look_and_decide")))];
  if (entry.state !== "refused") return [];
  const again = async () => {
    Object.assign(entry, { state: "waiting", next_at: 0 });
    await queue.flush({ now: true });
  };
  const mend = async () => {
    const draft = await store.reopen(entry);
    go(["done", "partial"].includes(draft.outcome) ? `check/${draft.id}` : `short/${draft.id}`);
  };
  const discard = async () => {
    if (!(await ask(t("discard"), t("discard_help"), [{ text: t("discard_yes"), value: true, kind: "danger" }]))) return;
    await store.forget(entry);
    await show();
  };
  return [h("div", { class: "pair" }, button(t("try_again"), again, { glyph: "refresh" }), entry.draft && store.assignment(entry.assignment) ? button(t("open_again"), mend, { glyph: "edit" }) : ""),
    button(t("discard"), discard, { kind: "quiet", glyph: "trash" })];
}

async function exportAll() {
  const file = await files.exported();
  const link = h("a", { href: URL.createObjectURL(file), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function importAll(event, show) {
  try {
    tell(t("imported_n", { n: await files.imported(event.target.files[0]) }), "good");
    void queue.flush({ now: true });
  } catch (error) {
    tell(["bad_file", "other_person"].includes(error.message) ? t(`import_${error.message}`) : error.message, "bad");
  }
  await show();
}

/** Two phones at one target: both records side by side; the person decides. */
export async function conflictPage([key], { go }) {
  const entry = store.state.queue.get(key);
  if (!entry?.error?.current) return { title: t("to_send"), back: "queue", body: [h("p", { class: "card" }, t("no_such_draft"))] };
  const { by, differences } = entry.error;
  const work = store.assignment(entry.assignment);
  const items = work ? store.itemsOf(store.campaignOf(work)) : [];
  const mine = async () => {
    await queue.insist(entry);
    go("queue", { instead: true });
  };
  const theirs = async () => {
    if (!(await ask(t("keep_theirs"), t("keep_theirs_help", { name: by }), [{ text: t("keep_theirs"), value: true, kind: "danger" }]))) return;
    await store.forget(entry);
    await store.refresh().catch(() => {});
    go("queue", { instead: true });
  };
  return {
    title: entry.title, back: "queue",
    body: [h("p", { class: "card warn" }, t("changed_by", { name: by })),
      h("table", { class: "differences" }, h("thead", {}, h("tr", {}, h("th", {}, ""), h("th", {}, t("mine")), h("th", {}, by))),
        h("tbody", {}, differences.map(one => h("tr", {}, h("th", {}, label(one.item, items)), h("td", {}, value(one.item, one.mine, items)), h("td", {}, value(one.item, one.theirs, items)))))),
      differences.length ? "" : h("p", { class: "hint" }, icon("info-circle"), t("no_difference"))],
    actions: [button(t("keep_theirs"), theirs, { kind: "quiet" }), button(t("send_mine"), mine, { kind: "primary", glyph: "upload" })],
  };
}

function label(code, items) {
  if (code === "outcome") return t("outcome");
  if (code === "note") return t("opinion");
  const item = items.find(one => one.code === code);
  return [h("b", {}, code), item ? h("small", {}, named(item)) : ""];
}

function value(code, given, items) {
  if (given === null || given === undefined || given === "") return "—";
  if (code === "outcome") return t(`outcome_${given}`);
  if (typeof given === "string") return given;
  const option = items.find(one => one.code === code)?.options.find(one => one.code === given.choice);
  const words = [given.result ? t(`result_${given.result}`) : "", given.number, given.date, option ? named(option) : given.choice, given.text, given.note];
  return words.filter(Boolean).join(" · ") || "—";
}
