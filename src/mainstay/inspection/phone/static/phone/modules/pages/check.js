/* The last look: what is missing, what was found, the opinion; then done. */

import { ask, button, h, icon, named, t } from "../../../web/phone/modules/base.js";
import { finishVisit } from "../finish.js";
import { faultsOfAnswers, faultsOfSignatures, isSerious, resultsOf } from "../rules.js";
import * as store from "../store.js";
import { gone, noticedBefore, photosByItem, visitOf } from "./visit.js";

export async function checkPage([id], { go }) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft, items, on, campaign } = visit;
  const results = resultsOf(items, draft.answers, on);
  const faults = faultsOfAnswers(items, draft.answers, photosByItem(draft), on);
  const signing = faultsOfSignatures(draft.signatures, campaign);
  const ready = !faults.length && !signing.length;
  const unnoticed = items.filter(item => store.state.packet.mayIssue && isSerious(item, results[item.code]) && !noticedBefore(visit.work, item) && !draft.notices.some(one => one.items.includes(item.code)));
  const finish = async () => {
    if (unnoticed.length && !(await ask(t("no_notice_yet"), unnoticed.map(item => item.code).join("、"), [
      { text: t("finish_without"), value: true, kind: "danger" }]))) return;
    await finishVisit(draft, go, "done");
  };
  const part = async () => {
    if (await ask(t("send_part"), t("send_part_help"), [{ text: t("send_part"), value: true, kind: "primary" }])) await finishVisit(draft, go, "partial");
  };
  return {
    title: t("check_all"), back: `sign/${id}`,
    body: [
      h("section", { class: "numbers" }, [["pass", "result_pass"], ["fail", "result_fail"], ["na", "result_na"]].map(([name, word]) =>
        h("div", { class: name }, h("b", {}, String(Object.values(results).filter(one => one === name).length)), h("small", {}, t(word)))),
      h("div", {}, h("b", {}, String(draft.photos.filter(one => !one.name.startsWith("notice-")).length)), h("small", {}, t("photos")))),
      ready ? h("p", { class: "card good ready" }, icon("circle-check"), t("complete")) : missing(visit, faults, signing),
      found(visit, results),
      h("section", { class: "card" }, h("label", { class: "field" }, h("span", {}, t("opinion")),
        h("textarea", { rows: 3, maxlength: 500, ".value": draft.note, oninput: event => { draft.note = event.target.value; void store.save(draft); } }))),
    ],
    actions: [ready ? "" : button(t("send_part"), part, { kind: "quiet", glyph: "upload" }), button(t("finish"), finish, { kind: "primary", glyph: "check", disabled: !ready })],
  };
}

function missing({ draft, sections, items }, faults, signing) {
  const where = code => sections.findIndex(section => section.items.some(item => item.code === code));
  const words = code => named(items.find(item => item.code === code));
  return h("section", { class: "card" }, h("h2", {}, t("still_missing")), h("div", { class: "list" },
    faults.map(([word, code]) => h("a", { class: "row slim", href: `#/visit/${draft.id}/${where(code)}` },
      h("b", { class: "code" }, code), h("span", { class: "what" }, h("b", {}, words(code)), h("small", {}, t(`fault_${word}`))), icon("chevron-right"))),
    signing.map(word => h("a", { class: "row slim", href: `#/sign/${draft.id}` }, icon("signature"), h("span", { class: "what" }, h("b", {}, t(`fault_${word}`))), icon("chevron-right")))));
}

function found({ draft, items }, results) {
  const failing = items.filter(item => results[item.code] === "fail" && item.severity !== "none");
  if (!failing.length) return "";
  return h("section", { class: "card" }, h("h2", {}, t("hazards_found")), h("ul", { class: "hazards" }, failing.map(item => {
    const notice = draft.notices.find(one => one.items.includes(item.code));
    return h("li", { class: item.severity }, h("b", {}, item.severity === "major" ? t("serious") : t("general")), h("span", {}, `${item.code} ${named(item)}`),
      notice ? h("a", { href: `#/paper/${draft.id}/${notice.number}` }, t("notice_n", { number: notice.number })) : "");
  })));
}
