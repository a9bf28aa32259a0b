/* Opening a target by its label: the camera where the phone can read codes, typing everywhere. */

import { button, h, icon, t, tell } from "../../../web/phone/modules/base.js";
import * as store from "../store.js";

const PREFIX = "mainstay:target:";

/** The assignment a label or a typed code means: UUID of the label, the target's code, or the end of it. */
export function targetOf(text) {
  const wanted = text.trim().toLowerCase().replace(PREFIX, "").replace(/^.*#\/code\//, "");
  if (!wanted || !store.state.packet) return null;
  const finished = one => ["done", "exempt"].includes(one.state);
  const shown = store.state.packet.assignments.filter(store.inItsDays);
  const assignments = [...shown.filter(one => !finished(one)), ...shown.filter(finished)]; // rounds of a patrol share a label
  const ends = assignments.filter(one => one.target.code.toLowerCase().endsWith(wanted));
  const single = new Set(ends.map(end => end.target.id)).size === 1 ? ends[0] : null;
  return assignments.find(one => one.target.qr === wanted) || assignments.find(one => one.target.code.toLowerCase() === wanted) || single;
}

export async function codePage([text], { go }) {
  const found = targetOf(text || "");
  if (found) go(`target/${found.id}/label`, { instead: true });
  return { title: t("scan"), back: "scan", body: [h("p", { class: "card" }, t("not_in_packet"))] };
}

export async function scanPage(_words, { go }) {
  const open = (text, read = false) => {
    const found = targetOf(text);
    if (found) go(`target/${found.id}${read ? "/label" : ""}`, { instead: true });
    else tell(t("not_in_packet"), "bad");
    return Boolean(found);
  };
  const field = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", "aria-label": t("code_of_target"), placeholder: t("code_of_target") });
  const form = h("form", { class: "typed", onsubmit: event => { event.preventDefault(); open(field.value); } }, field, button(t("open"), () => open(field.value), { kind: "primary", glyph: "arrow-right" }));
  const box = h("div", { class: "camera" });
  const stop = "BarcodeDetector" in window && navigator.mediaDevices ? await look(box, open) : null;
  if (!stop) {
    box.classList.add("blind");
    box.replaceChildren(icon("qrcode"), h("p", {}, t("no_reader")));
  }
  return { title: t("scan"), back: "", body: [box, h("section", { class: "card" }, h("p", { class: "muted" }, t("type_code")), form)], leave: () => stop?.() };
}

/** Show the camera and read until something is found; returns how to stop, or null without a camera. */
async function look(box, open) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return null;
  }
  const reader = new BarcodeDetector({ formats: ["qr_code"] });
  const video = h("video", { autoplay: true, playsinline: true, ".muted": true, ".srcObject": stream });
  box.replaceChildren(video, h("p", {}, t("hold_over_label")));
  const timer = setInterval(async () => {
    const codes = await reader.detect(video).catch(() => []);
    if (codes.length && open(codes[0].rawValue, true)) clearInterval(timer);
  }, 300);
  return () => {
    clearInterval(timer);
    stream.getTracks().forEach(track => track.stop());
  };
}
