/* The phone itself: targets, storage, language, lock, wipe. */

import { ask, button, clock, h, languageNow, megabytes, setLanguage, setting, t, tell } from "../../../web/phone/modules/base.js";
import * as db from "../../../web/phone/modules/db.js";
import * as queue from "../queue.js";
import * as store from "../store.js";
import * as vault from "../../../web/phone/modules/vault.js";
import { faultText } from "./targets.js";

export async function settingsPage(_words, { show }) {
  const { user, device } = vault.person();
  const { packet } = store.state;
  const kept = await navigator.storage?.persisted?.();
  const room = await navigator.storage?.estimate?.();
  const refresh = async event => {
    event.currentTarget.disabled = true;
    await store.refresh().then(() => tell(t("loaded_n", { n: store.state.packet.assignments.length }), "good"), fault => tell(faultText(fault), "bad"));
    await show({ still: true });
  };
  const keep = async () => {
    const granted = await navigator.storage?.persist?.();
    tell(granted ? t("storage_kept") : t("storage_not_kept"), granted ? "good" : "bad");
    await show({ still: true });
  };
  const speak = code => () => { setLanguage(code); void show(); };
  return {
    title: t("settings"), back: "",
    body: [
      h("section", { class: "card" }, h("h2", {}, t("my_targets")),
        rows([t("packet_of"), packet ? clock(packet.made_at) : "—"], [t("packet_until"), packet ? clock(packet.expires_at) : "—"], [t("targets_here"), packet ? packet.assignments.length : 0], [t("numbers_left"), store.numbersLeft()]),
        button(t("load_targets"), refresh, { kind: "primary", glyph: "download" })),
      h("section", { class: "card" }, h("h2", {}, t("storage")),
        rows([t("storage_state"), h("em", { class: kept ? "tag done" : "tag late" }, kept ? t("storage_kept") : t("storage_not_kept"))], [t("used"), room ? `${megabytes(room.usage)} / ${megabytes(room.quota)}` : "—"], [t("this_phone"), device], [t("release"), setting.version.slice(0, 8)]),
        kept ? "" : h("p", { class: "muted" }, t("storage_help")), kept ? "" : button(t("ask_storage"), keep, { glyph: "database" })),
      h("section", { class: "card" }, h("h2", {}, t("language")), h("div", { class: "pair" },
        ["zh", "en"].map(code => h("button", { type: "button", class: "option", lang: code, "aria-pressed": String(languageNow() === code), onclick: speak(code) }, code === "zh" ? "中文" : "English")))),
      h("section", { class: "card" }, h("h2", {}, user.name),
        button(t("lock_now"), () => { vault.close(); void show(); }, { glyph: "lock" }),
        button(t("wipe"), () => wipe(show), { kind: "danger", glyph: "trash" })),
    ],
  };
}

const rows = (...lines) => h("dl", { class: "rows" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

/** Forget everything; what was not sent is named first. */
async function wipe(show) {
  const lost = queue.unsent().length + store.state.drafts.size;
  const text = lost ? t("wipe_lost", { n: lost }) : t("wipe_help");
  if (!(await ask(t("wipe"), text, [{ text: lost ? t("wipe_yes_lost", { n: lost }) : t("wipe_yes"), value: true, kind: "danger" }]))) return;
  await db.destroy();
  vault.close();
  history.replaceState(null, "", setting.addresses.app);
  await show();
}
