/* The checklist, one section a page. Every tap is saved before anything else. */

import { addDays, button, h, icon, isoDay, named, t, tell } from "../../../web/phone/modules/base.js";
import { finishVisit } from "../finish.js";
import { pictures } from "../pictures.js";
import { faultsOfAnswers, isSerious, resultsOf, thousandths } from "../rules.js";
import * as store from "../store.js";

const RESULTS = [["pass", "check"], ["fail", "x"], ["na", "ban"]];

/** What every page of a visit needs; null when the draft is gone. */
export function visitOf(id) {
  const draft = store.state.drafts.get(id);
  const work = draft && store.assignment(draft.assignment);
  if (!work) return null;
  const campaign = store.campaignOf(work);
  const on = isoDay(new Date(draft.arrived_at));
  return { draft, work, campaign, sections: store.sectionsOf(campaign), items: store.itemsOf(campaign), on };
}

export const gone = () => ({ title: t("my_targets"), back: "", body: [h("p", { class: "card" }, t("no_such_draft"))] });

export function photosByItem(draft) {
  const found = {};
  for (const one of draft.photos) found[one.item] = (found[one.item] || 0) + 1;
  return found;
}

/** Codes of a section's items that still lack something, by what the server will ask for. */
export function lacking(visit, section) {
  const codes = new Set(section.items.map(item => item.code));
  const faults = faultsOfAnswers(visit.items, visit.draft.answers, photosByItem(visit.draft), visit.on);
  return faults.filter(([, code]) => codes.has(code));
}

export const deadlineOf = (item, on) => addDays(on, item.days ?? store.state.packet.days[item.severity] ?? store.state.packet.days.general);

export async function sectionPage([id, place], { go }) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft, sections } = visit;
  const at = Math.min(Math.max(0, Number(place) || 0), sections.length - 1);
  if (draft.section !== at) {
    draft.section = at;
    void store.save(draft);
  }
  const section = sections[at];
  const head = h("p", { class: "progress" });
  const cards = section.items.map(item => card(visit, item, refresh, go));
  function refresh() {
    const results = resultsOf(visit.items, draft.answers, visit.on);
    cards.forEach(one => one.refresh(results));
    const shown = section.items.filter(item => item.code in results);
    const open = new Set(lacking(visit, section).map(([, code]) => code));
    head.textContent = t("answered_n_of_m", { n: shown.length - open.size, m: shown.length });
  }
  refresh();
  const lastOne = at === sections.length - 1;
  return {
    title: draft.title, back: `target/${draft.assignment}`, progress: Math.round((100 * (at + 1)) / sections.length),
    body: [
      h("a", { class: "section-head", href: `#/sections/${id}` },
        h("span", {}, h("small", {}, t("section_n_of_m", { n: at + 1, m: sections.length })), h("b", {}, named(section))), icon("list")),
      head, ...cards.map(one => one.element),
    ],
    actions: [
      button("", () => go(`visit/${id}/${at - 1}`), { kind: "quiet square", glyph: "chevron-left", disabled: at === 0, "aria-label": t("section_before") }),
      lastOne
        ? button(t("to_signing"), () => go(`sign/${id}`), { kind: "primary", glyph: "signature" })
        : button(t("next_section"), () => go(`visit/${id}/${at + 1}`), { kind: "primary after", glyph: "chevron-right" }),
    ],
    leave: () => cards.forEach(one => one.leave()),
  };
}

/** One item with its answer. `refresh(results)` shows what follows from all answers. */
function card(visit, item, changed, go) {
  const { draft, on } = visit;
  const answer = () => (draft.answers[item.code] ??= {});
  const set = (field, value) => {
    answer()[field] = value;
    if (!Object.values(answer()).some(Boolean)) delete draft.answers[item.code];
    store.save(draft).catch(() => tell(t("not_saved"), "bad"));
    changed();
  };
  const given = field => (draft.answers[item.code] || {})[field] || "";
  const shots = pictures(draft, item.code, { needed: item.photo, changed });
  const verdict = h("span", { class: "verdict" });
  const results = item.needs_result || item.severity !== "none" ? h("div", { class: "results" }, RESULTS.filter(([name]) => item.needs_result || name !== "pass").map(([name, glyph]) => h("button", {
    type: "button", class: `result ${name}`, "data-result": name, onclick: () => set("result", given("result") === name ? "" : name) }, icon(glyph), h("span", {}, t(`result_${name}`))))) : "";
  const note = h("textarea", { rows: 2, maxlength: 500, placeholder: t("what_was_found"), "aria-label": t("what_was_found"), ".value": given("note"), oninput: event => set("note", event.target.value) });
  const opener = button(t("note"), () => { noteBox.hidden = false; note.focus(); }, { glyph: "message" });
  const noteBox = h("div", { class: "note", hidden: !given("note") }, note);
  const hazard = h("div", { class: "hazard", hidden: true });
  const element = h("section", { class: "card item", id: `item-${item.code}` },
    h("div", { class: "item-head" }, h("b", { class: "code" }, item.code), item.severity === "major" ? h("em", { class: "tag late" }, t("major_item")) : "", verdict),
    h("p", { class: "words" }, named(item)),
    about(item), inputs(item, given, set), results,
    hazard, noteBox, shots.strip, h("div", { class: "extras" }, shots.label, opener));

  function refresh(found) {
    const result = found[item.code];
    element.hidden = result === undefined;
    element.className = `card item is-${result || "open"}`;
    element.querySelectorAll("[data-result]").forEach(one => one.setAttribute("aria-pressed", String(one.dataset.result === given("result"))));
    element.querySelectorAll("[data-choice]").forEach(one => one.setAttribute("aria-pressed", String(one.dataset.choice === given("choice"))));
    verdict.replaceChildren(...(result && !(item.needs_result && result === given("result")) ? [icon(result === "fail" ? "x" : "check"), t(`result_${result}`)] : []));
    verdict.className = `verdict ${result || ""}`;
    const fails = result === "fail" && item.severity !== "none";
    hazard.hidden = !fails;
    if (fails) {
      noteBox.hidden = false;
      hazard.replaceChildren(...hazardWords(visit, item, result, on, go));
    }
  }
  return { element, refresh, leave: shots.leave };
}

/** A hazard of this item that is open and noticed already: it is seen again, not noticed again. */
export const noticedBefore = (work, item) => work.hazards.find(one => one.item === item.code && one.state !== "found");

function hazardWords({ draft, work }, item, result, on, go) {
  const known = noticedBefore(work, item);
  if (known) return [h("p", {}, icon("history"), h("b", {}, t("open_already")), t("until_day", { day: known.deadline_on }))];
  const serious = isSerious(item, result);
  const notice = draft.notices.find(one => one.items.includes(item.code));
  const words = [h("p", {}, icon("alert-triangle"), h("b", {}, serious ? t("serious") : t("general")), t("put_right_until", { day: deadlineOf(item, on) }))];
  if (notice) words.push(h("a", { class: "button", href: `#/paper/${draft.id}/${notice.number}` }, icon("file-certificate"), h("span", {}, t("notice_n", { number: notice.number }))));
  else if (serious && store.state.packet.mayIssue) words.push(button(t("issue_notice"), () => go(`notice/${draft.id}/${item.code}`), { kind: "danger", glyph: "file-certificate" }));
  return words;
}

function about(item) {
  const requirement = named({ zh: item.requirement_zh, en: item.requirement_en });
  if (!requirement && !item.basis) return "";
  return h("details", {}, h("summary", {}, t("basis")), requirement ? h("p", {}, requirement) : "", item.basis ? h("p", { class: "basis" }, item.basis) : "");
}

function limits(item) {
  const text = item.min && item.max ? (item.min === item.max ? `= ${item.min}` : `${item.min}–${item.max}`) : item.min ? `≥ ${item.min}` : item.max ? `≤ ${item.max}` : "";
  return text ? `${text} ${item.unit}`.trim() : "";
}

/** Fields of the item's types: number with its limits, date, choice, text. */
function inputs(item, given, set) {
  const fields = [];
  if (item.types.includes("number")) {
    const check = event => {
      const clean = event.target.value.replace(/[，,\s]/g, "").replace("。", ".");
      const bad = clean !== "" && thousandths(clean) === null;
      event.target.closest(".number").classList.toggle("bad", bad);
      set("number", bad ? "" : clean);
    };
    fields.push(h("label", { class: "number" }, h("input", { type: "text", inputmode: "decimal", autocomplete: "off", ".value": given("number"), oninput: check, "aria-label": named(item) }),
      h("span", { class: "unit" }, item.unit), h("small", {}, limits(item))));
  }
  if (item.types.includes("date")) {
    const rule = item.date_rule === "until" ? t("valid_until") : item.date_rule === "within" ? t("within_days", { n: item.date_days }) : t("day");
    fields.push(h("label", { class: "field" }, h("span", {}, rule), h("input", { type: "date", ".value": given("date"), oninput: event => set("date", event.target.value) })));
  }
  if (item.types.includes("choice")) {
    fields.push(h("div", { class: "options" }, item.options.map(option => h("button", { type: "button", class: "option", "data-choice": option.code,
      onclick: () => set("choice", given("choice") === option.code ? "" : option.code) }, named(option)))));
  }
  if (item.types.includes("text")) {
    fields.push(h("textarea", { rows: 2, maxlength: 500, "aria-label": named(item), ".value": given("text"), oninput: event => set("text", event.target.value) }));
  }
  return fields;
}

/** All sections at a glance, with what is missing in each and who takes it. */
export async function sectionsPage([id]) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft, sections, work } = visit;
  const who = code => store.groupOf(work).members.filter(one => (one.sections || []).includes(code)).map(one => one.name).join("、");
  return {
    title: t("sections"), back: `visit/${id}/${draft.section}`,
    body: [h("div", { class: "list" }, sections.map((section, at) => {
      const open = new Set(lacking(visit, section).map(([, code]) => code)).size;
      return h("a", { class: `row ${open ? "" : "state-done"}`, href: `#/visit/${id}/${at}` },
        h("span", { class: "mark" }, open ? h("b", {}, String(open)) : icon("circle-check")),
        h("span", { class: "what" }, h("b", {}, named(section)), h("small", {}, [section.code, who(section.code)].filter(Boolean).join(" · "))), icon("chevron-right"));
    }))],
    actions: [h("a", { class: "button", href: `#/sign/${id}` }, icon("signature"), h("span", {}, t("to_signing"))),
      h("a", { class: "button primary", href: `#/check/${id}` }, icon("clipboard-check"), h("span", {}, t("check_all")))],
  };
}

/** Nobody there, entry refused, an exemption asked for: a word and perhaps a picture. */
export async function shortPage([id], { go }) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft } = visit;
  const needs = draft.outcome !== "nobody_home";
  const shots = pictures(draft, "");
  const finish = async () => {
    if (needs && !draft.note.trim()) {
      tell(t("say_why"), "bad");
      return;
    }
    await finishVisit(draft, go);
  };
  return {
    title: draft.title, back: `target/${draft.assignment}`,
    body: [h("section", { class: "card" }, h("h2", {}, t(`outcome_${draft.outcome}`)), h("p", { class: "muted" }, t(`help_${draft.outcome}`)),
      h("label", { class: "field" }, h("span", {}, needs ? t("why") : t("remark")), h("textarea", { rows: 4, maxlength: 500, ".value": draft.note, oninput: event => { draft.note = event.target.value; void store.save(draft); } })),
      shots.strip, h("div", { class: "extras" }, shots.label))],
    actions: [button(t("finish"), finish, { kind: "primary", glyph: "check" })],
    leave: shots.leave,
  };
}
