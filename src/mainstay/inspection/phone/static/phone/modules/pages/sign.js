/* Signatures: the inspectors, and the accompanying person or the refusal with a witness. */

import { button, h, icon, t } from "../../../web/phone/modules/base.js";
import { faultsOfSignatures } from "../rules.js";
import { signSheet } from "../sign-sheet.js";
import * as store from "../store.js";
import { gone, visitOf } from "./visit.js";

export async function signPage([id], { go, show }) {
  const visit = visitOf(id);
  if (!visit) return gone();
  const { draft, work, campaign } = visit;
  const addresses = [];
  const add = async (facts, given) => {
    const { bytes, type, hash, name } = given;
    draft.signatures = draft.signatures.filter(one => !(one.role === facts.role && one.name === name));
    draft.signatures.push({ person: null, refused: false, reason: "", ...facts, name, hash });
    await store.save(draft, [await store.photoRow(draft.id, hash, bytes, type)]);
    await show({ still: true });
  };
  const sign = (role, { name = "", person = null } = {}) => async () => {
    const given = await signSheet({ title: t(`sign_${role}`), name, suggest: role === "companion" ? work.target.contact : "", text: `${draft.title} · ${draft.code}` });
    if (given) await add({ role, person }, given);
  };
  const shown = async one => {
    const kept = one.hash ? await store.photoBytes(draft.id, one.hash) : null;
    if (!kept) return "";
    addresses.push(URL.createObjectURL(new Blob([kept.bytes], { type: kept.type })));
    return h("img", { class: "signature", src: addresses.at(-1), alt: t("signature_of", { name: one.name }) });
  };
  const row = async (role, name, person, small) => {
    const one = draft.signatures.find(other => other.role === role && other.name === name && !other.refused);
    return h("button", { type: "button", class: `row signer-row ${one ? "state-done" : ""}`, onclick: sign(role, { name, person }) },
      h("span", { class: "mark" }, icon(one ? "circle-check" : "signature")),
      h("span", { class: "what" }, h("b", {}, name), h("small", {}, small || "")), one ? await shown(one) : h("span", { class: "todo-word" }, t("sign")));
  };
  const members = store.groupOf(work).members;
  const others = draft.signatures.filter(one => one.role === "inspector" && !members.some(member => member.name === one.name));
  const count = draft.signatures.filter(one => one.role === "inspector").length;
  const faults = faultsOfSignatures(draft.signatures, campaign);
  return {
    title: t("signatures"), back: `visit/${id}/${draft.section}`,
    body: [
      h("section", { class: "card" }, h("h2", {}, t("inspectors")), h("p", { class: "muted" }, t("signed_n_of_m", { n: count, m: campaign.min_inspectors })),
        await Promise.all([...members.map(one => row("inspector", one.name, one.person, one.unit)), ...others.map(one => row("inspector", one.name, null, ""))]),
        button(t("another_inspector"), sign("inspector"), { kind: "quiet", glyph: "user-plus" })),
      await companion(draft, work.target.contact, { sign, row, show }),
    ],
    actions: [button(t("check_all"), () => go(`check/${id}`), { kind: faults.length ? "" : "primary", glyph: "clipboard-check" })],
    leave: () => addresses.forEach(address => URL.revokeObjectURL(address)),
  };
}

async function companion(draft, contact, { sign, row, show }) {
  const refusal = draft.signatures.find(one => one.role === "companion" && one.refused);
  const signed = draft.signatures.filter(one => one.role === "companion" && !one.refused);
  const witnesses = draft.signatures.filter(one => one.role === "witness");
  const drop = async () => {
    draft.signatures = draft.signatures.filter(one => !["companion", "witness"].includes(one.role));
    await store.save(draft);
    await show({ still: true });
  };
  const refuse = async () => {
    draft.signatures = draft.signatures.filter(one => one.role !== "companion");
    draft.signatures.push({ role: "companion", name: contact || t("companion"), person: null, hash: null, refused: true, reason: "" });
    await store.save(draft);
    await show({ still: true });
  };
  const keep = field => event => {
    refusal[field] = event.target.value;
    void store.save(draft);
  };
  const content = refusal
    ? [h("p", { class: "refusal" }, icon("ban"), t("refuses_to_sign")),
      h("label", { class: "field" }, h("span", {}, t("name_of_companion")), h("input", { type: "text", maxlength: 60, ".value": refusal.name, oninput: keep("name") })),
      h("label", { class: "field" }, h("span", {}, t("reason_of_refusal")), h("textarea", { rows: 2, maxlength: 200, ".value": refusal.reason, oninput: keep("reason") })),
      await Promise.all(witnesses.map(one => row("witness", one.name, null, t("sign_witness")))),
      button(witnesses.length ? t("another_witness") : t("witness_signs"), sign("witness"), { kind: witnesses.length ? "quiet" : "", glyph: "signature" }),
      button(t("signs_after_all"), drop, { kind: "quiet", glyph: "arrow-back-up" })]
    : [await Promise.all(signed.map(one => row("companion", one.name, null, t("companion")))),
      signed.length ? button(t("another_companion"), sign("companion"), { kind: "quiet", glyph: "user-plus" })
        : h("div", { class: "pair" }, button(t("companion_signs"), sign("companion"), { glyph: "signature" }), button(t("companion_refuses"), refuse, { kind: "quiet", glyph: "ban" }))];
  return h("section", { class: "card" }, h("h2", {}, t("companion")), content);
}
