/* The rectification notice on the spot: number from the block lent to this phone, served at once. */

import { addDays, ask, button, h, icon, isoDay, named, t, tell } from "../../../web/phone/modules/base.js";
import { resultsOf } from "../rules.js";
import { signSheet } from "../sign-sheet.js";
import * as store from "../store.js";
import { deadlineOf, gone, noticedBefore, visitOf } from "./visit.js";

/** Failing items that no notice names yet. */
function open(visit) {
  const results = resultsOf(visit.items, visit.draft.answers, visit.on);
  const named_ = new Set(visit.draft.notices.flatMap(one => one.items));
  return visit.items.filter(item => results[item.code] === "fail" && item.severity !== "none" && !named_.has(item.code) && !noticedBefore(visit.work, item));
}

export async function noticePage([id, first], { go }) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft, on } = visit;
  const items = open(visit);
  const chosen = new Set(items.filter(item => item.code === first || item.severity === "major").map(item => item.code));
  const earliest = () => items.filter(item => chosen.has(item.code)).map(item => deadlineOf(item, on)).sort()[0] || addDays(on, 7);
  const facts = { received_by: "", refused: false, witness: "", measures: "", hash: null };
  const day = h("input", { type: "date", min: on, ".value": earliest() });
  const toggle = code => event => {
    if (event.target.checked) chosen.add(code);
    else chosen.delete(code);
    day.value = earliest();
  };
  const served = h("div", { class: "served" });
  const drawServed = () => served.replaceChildren(...serving(facts, visit.work.target, drawServed));
  drawServed();
  const left = store.numbersLeft();
  const issue = async () => {
    const fault = faultOf(facts, chosen, day.value, on);
    if (fault) return tell(t(fault), "bad");
    const number = await store.takeNumber();
    if (!number) return tell(t("no_number_left"), "bad");
    const photos = facts.hash ? [await store.photoRow(draft.id, facts.hash, facts.bytes, facts.type)] : [];
    if (facts.hash) draft.photos.push({ hash: facts.hash, item: "", name: `notice-${number}`, taken_at: new Date().toISOString(), lat_e6: null, lng_e6: null });
    draft.notices.push({ number, items: [...chosen], deadline_on: day.value, served: "hand", received_by: facts.received_by,
      refused: facts.refused, witness: facts.witness, measures: facts.measures });
    await store.save(draft, photos);
    return go(`paper/${id}/${number}`, { instead: true });
  };
  return {
    title: t("notice"), back: `visit/${id}/${draft.section}`,
    body: [
      left ? "" : h("p", { class: "hint bad" }, icon("alert-circle"), t("no_number_left")),
      h("section", { class: "card" }, h("h2", {}, t("notice_about")), items.map(item => h("label", { class: "tick" },
        h("input", { type: "checkbox", ".checked": chosen.has(item.code), onchange: toggle(item.code) }),
        h("span", {}, h("b", {}, item.code), ` ${named(item)}`, item.severity === "major" ? h("em", { class: "tag serious" }, t("serious")) : "")))),
      h("section", { class: "card" },
        h("label", { class: "field" }, h("span", {}, t("put_right_by")), day),
        h("label", { class: "field" }, h("span", {}, t("measures")), h("textarea", { rows: 3, maxlength: 500, oninput: event => { facts.measures = event.target.value; } }))),
      h("section", { class: "card" }, h("h2", {}, t("service")), served),
    ],
    actions: [button(t("issue_now"), issue, { kind: "primary", glyph: "file-certificate", disabled: !left })],
  };
}

function faultOf(facts, chosen, day, on) {
  if (!chosen.size) return "no_item_chosen";
  if (!day || day < on) return "bad_deadline";
  if (facts.refused && !facts.witness.trim()) return "witness_missing";
  if (!facts.refused && !facts.hash) return "receiver_missing";
  return "";
}

/** Who received it signs on glass; or the refusal, with a witness. */
function serving(facts, target, draw) {
  const receive = async () => {
    const given = await signSheet({ title: t("receipt"), suggest: target.contact, text: target.name });
    if (!given) return;
    Object.assign(facts, { received_by: given.name, hash: given.hash, bytes: given.bytes, type: given.type });
    draw();
  };
  if (facts.refused) {
    return [h("p", { class: "refusal" }, icon("ban"), t("refuses_notice")),
      h("label", { class: "field" }, h("span", {}, t("witness_name")), h("input", { type: "text", maxlength: 60, ".value": facts.witness, oninput: event => { facts.witness = event.target.value; } })),
      button(t("receives_after_all"), () => { facts.refused = false; draw(); }, { kind: "quiet", glyph: "arrow-back-up" })];
  }
  if (facts.hash) return [h("p", { class: "good" }, icon("circle-check"), t("received_by_name", { name: facts.received_by })), button(t("again"), receive, { kind: "quiet", glyph: "refresh" })];
  return [h("div", { class: "pair" }, button(t("receiver_signs"), receive, { glyph: "signature" }), button(t("refuses_notice"), () => { facts.refused = true; draw(); }, { kind: "quiet", glyph: "ban" }))];
}

/** The notice as it was issued, to be shown and read out. */
export async function paperPage([id, number], { go }) {
  const visit = visitOf(id);
  const notice = visit?.draft.notices.find(one => one.number === number);
  if (!notice) return gone();
  const { draft, work, campaign, items } = visit;
  const chosen = items.filter(item => notice.items.includes(item.code));
  const withdraw = async () => {
    if (!(await ask(t("withdraw"), t("withdraw_help", { number }), [{ text: t("withdraw"), value: true, kind: "danger" }]))) return;
    draft.notices = draft.notices.filter(one => one !== notice);
    draft.photos = draft.photos.filter(one => one.name !== `notice-${number}`);
    await store.save(draft);
    go(`visit/${id}/${draft.section}`, { instead: true });
  };
  const service = notice.refused ? t("refused_witness", { name: notice.witness }) : t("received_by_name", { name: notice.received_by });
  return {
    title: t("notice"), back: `visit/${id}/${draft.section}`,
    body: [h("article", { class: "paper" },
      h("p", { class: "issuer" }, campaign.organisers.map(name => h("span", {}, name))), h("h2", {}, t("notice")), h("p", { class: "number" }, t("number_n", { number })),
      h("p", {}, h("b", {}, `${work.target.unit}：`)), h("p", {}, t("notice_text", { day: isoDay(new Date(draft.arrived_at)), target: work.target.name })),
      h("ol", {}, chosen.map(item => h("li", {}, h("b", {}, `${item.code} ${named(item)}`), item.severity === "major" ? h("em", { class: "tag serious" }, t("serious")) : "",
        h("small", {}, (draft.answers[item.code] || {}).note || ""), h("small", {}, [named(item, "requirement"), item.basis].filter(Boolean).join(" · "))))),
      notice.measures ? h("p", {}, `${t("measures")}：${notice.measures}`) : "",
      h("p", { class: "deadline" }, t("put_right_until", { day: notice.deadline_on })),
      h("p", { class: "muted" }, service))],
    actions: [button(t("withdraw"), withdraw, { kind: "quiet", glyph: "trash" }), h("a", { class: "button primary", href: `#/visit/${id}/${draft.section}` }, icon("check"), h("span", {}, t("go_on")))],
  };
}
