/* Pictures of an item or a target: taken, shown small, seen large, removed. */

import { ask, h, icon, t, tell } from "../../web/phone/modules/base.js";
import * as camera from "../../web/phone/modules/camera.js";
import * as store from "./store.js";

/** A row of pictures with the button that takes more. `changed` is called after each. */
export function pictures(draft, item, { needed = false, changed = () => {} } = {}) {
  const strip = h("div", { class: "strip" });
  const mine = () => draft.photos.filter(one => one.item === item && !one.name.startsWith("notice-"));
  const addresses = [];

  async function thumb(one) {
    const kept = await store.photoBytes(draft.id, one.hash);
    if (!kept) return h("span", { class: "thumb away" }, icon("server"));
    const address = URL.createObjectURL(new Blob([kept.bytes], { type: kept.type }));
    addresses.push(address);
    return h("button", { type: "button", class: "thumb", "aria-label": t("look_at_photo"), onclick: () => look(one, address) }, h("img", { src: address, alt: "" }));
  }

  async function draw() {
    const thumbs = await Promise.all(mine().map(thumb));
    strip.replaceChildren(...thumbs);
    strip.hidden = !thumbs.length;
    count.textContent = mine().length ? String(mine().length) : "";
    label.classList.toggle("needed", needed && !mine().length);
  }

  async function look(one, address) {
    const sheet = h("dialog", { class: "viewer" }, h("img", { src: address, alt: "" }));
    const close = () => { sheet.close(); sheet.remove(); };
    const remove = async () => {
      if (!(await ask(t("remove_photo"), "", [{ text: t("remove_photo"), value: true, kind: "danger" }]))) return;
      draft.photos = draft.photos.filter(other => other !== one);
      await store.save(draft);
      close();
      await draw();
      changed();
    };
    sheet.append(h("div", { class: "viewer-actions" },
      h("button", { type: "button", class: "button quiet", onclick: remove }, icon("trash"), h("span", {}, t("remove_photo"))),
      h("button", { type: "button", class: "button", onclick: close }, icon("x"), h("span", {}, t("close")))));
    document.body.append(sheet);
    sheet.showModal();
  }

  async function take(event) {
    const files = [...event.target.files];
    label.classList.add("working");
    for (const file of files) {
      try {
        const { bytes, type, facts } = await camera.prepare(file, item);
        if (draft.photos.some(one => one.hash === facts.hash && one.item === item)) continue;
        draft.photos.push(facts);
        await store.save(draft, [await store.photoRow(draft.id, facts.hash, bytes, type)]);
      } catch (error) {
        tell(error.name === "QuotaExceededError" ? t("phone_full") : t("bad_photo"), "bad");
      }
    }
    event.target.value = "";
    label.classList.remove("working");
    await draw();
    changed();
  }

  const count = h("b", { class: "count" });
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, onchange: take, class: "hidden-input" });
  const label = h("label", { class: "button photo" }, input, icon("photo"), h("span", {}, needed ? t("photo_needed") : t("photo")), count);
  void draw();
  return { label, strip, leave: () => addresses.forEach(address => URL.revokeObjectURL(address)) };
}
