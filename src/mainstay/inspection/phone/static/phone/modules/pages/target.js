/* One target: where it is, what was found last time, what is still open; then the outcome, before any item. */

import { ask, button, h, icon, isoDay, named, t, tell } from "../../../web/phone/modules/base.js";
import * as camera from "../../../web/phone/modules/camera.js";
import * as store from "../store.js";

const OUTCOMES = [["done", "clipboard-check", "primary"], ["nobody_home", "home", ""], ["refused", "ban", ""], ["exempt", "help-circle", ""]];

/** Nobody lives in a machine room: it is walked, or it cannot be. */
const outcomesOf = one => OUTCOMES.filter(([outcome]) => one.target.kind !== "room" || ["done", "exempt"].includes(outcome));

export async function targetPage([id, how], { go, show }) {
  const one = store.assignment(Number(id));
  if (!one) return { title: t("my_targets"), back: "", body: [h("p", { class: "card" }, t("no_such_target"))] };
  const { target } = one;
  const campaign = store.campaignOf(one);
  const scanned = how === "label";
  const begun = store.draftOf(one.id);
  if (scanned && begun && !begun.scanned) await store.save(Object.assign(begun, { scanned }));
  return {
    title: target.name, back: "",
    body: [
      facts(one, campaign),
      one.hazards.length ? hazards(one, campaign) : "",
      last(one, campaign),
      ...choices(one, { go, show, scanned }),
    ],
  };
}

function line(glyph, content) {
  return content ? h("li", {}, icon(glyph), h("span", {}, content)) : "";
}

function facts(one, campaign) {
  const { target } = one;
  const phone = target.phone ? h("a", { href: `tel:${target.phone}` }, target.phone) : "";
  return h("section", { class: "card" },
    h("ul", { class: "facts" },
      line("id", target.code), line("building", target.unit),
      line("map-pin", [target.address, target.block, target.stair, target.room].filter(Boolean).join(" ")),
      line("user", target.contact), line("phone", phone),
      line("calendar", one.due_on ? t("due_day", { day: one.due_on }) : ""), line("clipboard-list", campaign.name)));
}

const itemName = (campaign, code) => {
  const found = store.itemsOf(campaign).find(item => item.code === code);
  return found ? `${code} ${named(found)}` : code;
};

function hazards(one, campaign) {
  return h("section", { class: "card" }, h("h2", {}, t("open_hazards")),
    h("ul", { class: "hazards" }, one.hazards.map(hazard => h("li", { class: hazard.level },
      h("b", {}, hazard.level === "major" ? t("serious") : t("general")), h("span", {}, itemName(campaign, hazard.item)),
      h("small", {}, hazard.finding),
      h("small", { class: hazard.deadline_on < isoDay() ? "late" : "" }, t("until_day", { day: hazard.deadline_on }))))));
}

function last(one, campaign) {
  const visit = one.last_visit;
  if (!visit) return h("p", { class: "hint" }, icon("history"), t("never_visited"));
  return h("section", { class: "card" }, h("h2", {}, t("last_visit")),
    h("p", {}, t("visit_by", { day: visit.on, name: visit.by })),
    visit.failed.length ? h("ul", { class: "failed" }, visit.failed.map(code => h("li", {}, itemName(campaign, code)))) : h("p", { class: "good" }, t("nothing_failed")),
    visit.note ? h("p", { class: "quote" }, visit.note) : "");
}

export const firstPage = draft => (["done", "partial"].includes(draft.outcome) ? `visit/${draft.id}/${draft.section}` : `short/${draft.id}`);

function choices(one, { go, show, scanned }) {
  const draft = store.draftOf(one.id);
  if (draft) return [continued(draft, go, show)];
  const entry = store.entryOf(one.id);
  if (entry && entry.state !== "done") {
    return [h("section", { class: "card" }, h("p", {}, t("waits_to_be_sent")), h("a", { class: "button", href: "#/queue" }, icon("upload"), h("span", {}, t("to_send"))))];
  }
  if (one.state === "exempt") return [h("p", { class: "hint" }, icon("circle-check"), t("state_exempt"))];
  const begin = async (outcome, change) => {
    const made = await store.begin(one, outcome, change);
    Object.assign(made, { position: camera.position(), scanned });
    await store.save(made);
    go(firstPage(made));
  };
  if (one.record) {
    const text = one.state === "visited" ? t("go_on_with") : t("change_record");
    return [h("div", { class: "choices" }, button(text, () => begin("done", one.record), { kind: "primary big", glyph: "edit" }),
      one.state === "done" ? h("p", { class: "hint" }, icon("info-circle"), t("change_help")) : "")];
  }
  return [h("h2", { class: "group" }, t("what_is_it")),
    h("div", { class: "choices" }, outcomesOf(one).map(([outcome, glyph, kind]) => button(t(`outcome_${outcome}`), () => begin(outcome), { kind: `${kind} big`, glyph })))];
}

function continued(draft, go, show) {
  return h("div", { class: "choices" },
    button(t("go_on"), () => go(firstPage(draft)), { kind: "primary big", glyph: "player-play" }),
    button(t("drop_draft"), async () => {
      if (!(await ask(t("drop_draft"), t("drop_help"), [{ text: t("drop_yes"), value: true, kind: "danger" }]))) return;
      await store.drop(draft);
      tell(t("dropped"));
      await show();
    }, { kind: "quiet", glyph: "trash" }));
}
