/* A sheet to sign on: the name, the glass, again, done. Resolves to {name, hash, bytes, type}, or null. */

import { button, h, icon, t, tell } from "../../web/phone/modules/base.js";
import { glass } from "./glass.js";

/** `name` is settled; `suggest` is only proposed. */
export function signSheet({ title, name = "", suggest = "", text = "" }) {
  return new Promise(resolve => {
    const field = h("input", { type: "text", maxlength: 60, autocomplete: "off", ".value": name || suggest, placeholder: t("name"), "aria-label": t("name") });
    const hint = h("span", { class: "glass-hint" }, t("sign_here"));
    const pad = glass(() => { hint.hidden = true; });
    const sheet = h("dialog", { class: "signing" });
    const end = value => { sheet.close(); sheet.remove(); resolve(value); };
    const accept = async () => {
      if (!field.value.trim()) return tell(t("name_missing"), "bad");
      if (pad.empty()) return tell(t("not_signed"), "bad");
      return end({ name: field.value.trim(), ...(await pad.picture()) });
    };
    sheet.addEventListener("cancel", event => { event.preventDefault(); end(null); });
    sheet.append(
      h("header", {}, h("h2", {}, title), h("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => end(null) }, icon("x"))),
      text ? h("p", { class: "muted" }, text) : "",
      name ? h("p", { class: "signer" }, name) : h("label", { class: "field" }, h("span", {}, t("name")), field),
      h("div", { class: "glass-box" }, pad.canvas, hint),
      h("div", { class: "actions inline" },
        button(t("again"), () => { pad.clear(); hint.hidden = false; }, { kind: "quiet", glyph: "refresh" }),
        button(t("sign_done"), accept, { kind: "primary", glyph: "check" })));
    document.body.append(sheet);
    sheet.showModal();
  });
}
