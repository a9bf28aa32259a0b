/* What every page of the phone uses: the setting from the server, texts, elements, dates. */

export const setting = JSON.parse(document.getElementById("setting").textContent);

let language = pickLanguage();

/** The language chosen on this phone, else that of the page. */
function pickLanguage() {
  const kept = localStorage.getItem("phone-language");
  if (kept in setting.words) return kept;
  return document.documentElement.lang.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function languageNow() {
  return language;
}

export function setLanguage(code) {
  language = code;
  localStorage.setItem("phone-language", code);
  document.documentElement.lang = code === "zh" ? "zh-CN" : code;
}

/** A text in the language of the phone; {name} is replaced from `values`. */
export function t(key, values = {}) {
  const text = setting.words[language][key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name] ?? ""));
}

/** The words of something that has them in both languages. */
export function named(thing, field = "") {
  const [zh, en] = field ? [thing[`${field}_zh`], thing[`${field}_en`]] : [thing.zh, thing.en];
  return language === "zh" ? zh : en || zh;
}

/** Make an element: attributes, `onX` listeners, properties after a point; children may be texts, elements or lists. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) made[name.slice(1)] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${setting.addresses.icons}#${name}`);
  picture.append(use);
  return picture;
}

export function button(text, onclick, { kind = "", glyph = "", ...more } = {}) {
  return h("button", { type: "button", class: `button ${kind}`, onclick, ...more }, glyph && icon(glyph), h("span", {}, text));
}

const pad = number => String(number).padStart(2, "0");

/** The day of a date here, as 2026-09-14. */
export function isoDay(when = new Date()) {
  return `${when.getFullYear()}-${pad(when.getMonth() + 1)}-${pad(when.getDate())}`;
}

export function addDays(day, count) {
  const [year, month, date] = day.split("-").map(Number);
  return isoDay(new Date(year, month - 1, date + count));
}

/** An instant as people read it: the time today, else day and time. */
export function clock(instant) {
  const when = new Date(instant);
  const time = `${pad(when.getHours())}:${pad(when.getMinutes())}`;
  return isoDay(when) === isoDay() ? time : `${isoDay(when).slice(5)} ${time}`;
}

export function megabytes(bytes) {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}

export function hex(buffer) {
  return [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(buffer) {
  return hex(await crypto.subtle.digest("SHA-256", buffer));
}

/** A line that appears above the buttons for some seconds. */
export function tell(text, kind = "") {
  document.querySelector(".tell")?.remove();
  const above = [...document.querySelectorAll("dialog[open]")].at(-1) || document.body; // an open sheet covers the page
  const line = h("div", { class: `tell ${kind}`, role: "status" }, text);
  above.append(line);
  setTimeout(() => line.remove(), 4000);
}

/** Ask in a sheet from below; resolves to the value of the chosen answer, or null. */
export function ask(title, text, answers) {
  return new Promise(resolve => {
    const sheet = h("dialog", { class: "sheet" });
    const choose = value => () => { sheet.close(); sheet.remove(); resolve(value); };
    sheet.addEventListener("cancel", event => { event.preventDefault(); choose(null)(); });
    sheet.append(h("h2", {}, title), text ? h("p", {}, text) : "",
      ...answers.map(one => button(one.text, choose(one.value), { kind: one.kind || "" })),
      button(t("back"), choose(null), { kind: "quiet" }));
    document.body.append(sheet);
    sheet.showModal();
  });
}
