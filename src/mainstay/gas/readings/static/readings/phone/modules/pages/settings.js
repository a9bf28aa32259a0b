/* The phone itself: books, storage, language, lock, wipe. */

import { ask, button, clock, h, languageNow, megabytes, setLanguage, setting, t, tell } from "../../../../web/phone/modules/base.js";
import * as db from "../../../../web/phone/modules/db.js";
import * as vault from "../../../../web/phone/modules/vault.js";
import * as queue from "../queue.js";
import * as store from "../store.js";
import { faultText } from "./books.js";

export async function settingsPage(_words, { show }) {
  const { user, device } = vault.person();
  const { packet } = store.state;
  const kept = await navigator.storage?.persisted?.();
  const room = await navigator.storage?.estimate?.();
  const meters = packet ? packet.books.reduce((sum, book) => sum + book.meters.length, 0) : 0;
  const refresh = async event => {
    event.currentTarget.disabled = true;
    await store.refresh().then(() => tell(t("books_loaded"), "good"), fault => tell(faultText(fault), "bad"));
    await show({ still: true });
  };
  const keep = async () => {
    const granted = await navigator.storage?.persist?.();
    tell(granted ? t("storage_kept") : t("storage_not_kept"), granted ? "good" : "bad");
    await show({ still: true });
  };
  const lock = () => { vault.close(); void show(); };
  const wipe = async () => {
    const left = queue.unsent().length;
    if (left) return tell(t("send_first", { n: left }), "bad");
    if (!(await ask(t("wipe"), t("wipe_help"), [{ text: t("wipe"), value: true, kind: "danger" }]))) return null;
    await db.destroy();
    vault.close();
    return location.reload();
  };
  return {
    title: t("settings"), back: "",
    body: [
      h("section", { class: "card" }, h("h2", {}, t("my_books")), rows([t("packet_of"), packet ? clock(packet.made_at) : "—"], [t("packet_until"), packet ? clock(packet.expires_at) : "—"], [t("meters_here"), meters]),
        button(t("load_books"), refresh, { kind: "primary", glyph: "download" })),
      h("section", { class: "card" }, h("h2", {}, t("storage")), rows([t("storage_state"), kept ? t("storage_kept") : t("storage_not_kept")], [t("used"), room ? `${megabytes(room.usage)} / ${megabytes(room.quota)}` : "—"], [t("this_phone"), device], [t("release"), setting.version.slice(0, 8)]),
        kept ? "" : button(t("ask_storage"), keep, { glyph: "database" })),
      h("section", { class: "card" }, h("h2", {}, t("language")), h("div", { class: "pair" }, ["zh", "en"].map(code => h("button", { type: "button", class: "option", lang: code, "aria-pressed": String(languageNow() === code), onclick: () => { setLanguage(code); void show(); } }, code === "zh" ? "中文" : "English")))),
      h("section", { class: "card" }, h("h2", {}, user.name), h("div", { class: "pair" }, button(t("lock_phone"), lock, { glyph: "lock" }), button(t("wipe"), wipe, { kind: "quiet", glyph: "trash" }))),
    ],
  };
}

const rows = (...lines) => h("dl", { class: "rows" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
