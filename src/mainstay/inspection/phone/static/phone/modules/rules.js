/* How an answer is judged and what a record lacks: the same rules as the server's, which judges again. Pure.
   A test compares both on the shipped checklists. */

export const TYPED = ["number", "date", "choice", "text"];

/** "12.5" as 12500 (BigInt); null for nothing or no number with at most three decimals. */
export function thousandths(text) {
  const match = /^\s*([+-]?)(\d+)(?:\.(\d{0,3})0*)?\s*$/.exec(String(text ?? ""));
  if (!match) return null;
  const value = BigInt(match[2]) * 1000n + BigInt((match[3] || "").padEnd(3, "0"));
  return match[1] === "-" ? -value : value;
}

export function isJudged(item) {
  return Boolean(item.min || item.max || item.date_rule || item.options.some(option => option.bad));
}

export function isShown(item, answers, results) {
  if (!item.show_item) return true;
  const other = answers[item.show_item] || {};
  return [results[item.show_item] ?? "", String(other.choice ?? "")].includes(item.show_value);
}

const filled = value => String(value ?? "").trim() !== "";
const complete = (item, answer) => item.types.filter(kind => TYPED.includes(kind)).every(kind => filled(answer[kind]));

function ofNumber(item, text) {
  const value = thousandths(text);
  if (value === null) return null;
  const [low, high] = [thousandths(item.min), thousandths(item.max)];
  return (low !== null && value < low) || (high !== null && value > high) ? "fail" : "pass";
}

function ofDay(item, day, on) {
  if (item.date_rule === "until") return day >= on ? "pass" : "fail";
  const days = (Date.parse(on) - Date.parse(day)) / 86_400_000;
  return days >= 0 && days <= (item.date_days || 0) ? "pass" : "fail";
}

function measured(item, answer, on) {
  const verdicts = [];
  if (item.min || item.max) verdicts.push(ofNumber(item, answer.number));
  if (item.date_rule && answer.date) verdicts.push(ofDay(item, answer.date, on));
  const chosen = item.options.find(option => option.code === answer.choice);
  if (chosen && item.options.some(option => option.bad)) verdicts.push(chosen.bad ? "fail" : "pass");
  const known = verdicts.filter(verdict => verdict !== null);
  if (known.includes("fail")) return "fail";
  return known.length && known.length === verdicts.length ? "pass" : null;
}

/** pass, fail, na, or "" while unanswered. Limits decide; the inspector may be stricter, not milder. */
export function judge(item, answer, on) {
  if (!answer || !Object.keys(answer).length) return "";
  const said = answer.result || "";
  if (said === "na") return "na";
  const found = measured(item, answer, on);
  if (said === "fail" || found === "fail") return "fail";
  if (item.needs_result) return (found === "pass" || found === null) && complete(item, answer) ? said : "";
  if (isJudged(item)) return found && complete(item, answer) ? found : "";
  return complete(item, answer) ? "pass" : "";
}

/** Results of all items in order; what is not shown is left out. */
export function resultsOf(items, answers, on) {
  const results = {};
  for (const item of items) if (isShown(item, answers, results)) results[item.code] = judge(item, answers[item.code], on);
  return results;
}

/** What the answers still lack: [word, item code]. `photos` counts by item. */
export function faultsOfAnswers(items, answers, photos, on) {
  const results = resultsOf(items, answers, on);
  const faults = [];
  for (const item of items) {
    const result = results[item.code];
    const count = photos[item.code] || 0;
    if (result === "" && item.types.some(kind => kind !== "photo" && kind !== "signature")) faults.push(["unanswered", item.code]);
    else if ((result === "pass" || result === "fail") && item.photo && !count) faults.push(["no_photo", item.code]);
    else if (result === "fail" && item.severity !== "none" && !count && !filled((answers[item.code] || {}).note))
      faults.push(["no_finding", item.code]);
  }
  return faults;
}

/** What is missing among the signatures: words. */
export function faultsOfSignatures(signatures, campaign) {
  const signed = signatures.filter(one => !one.refused);
  const inspectors = new Set(signed.filter(one => one.role === "inspector").map(one => one.name.trim()));
  const faults = inspectors.size < campaign.min_inspectors ? ["few_inspectors"] : [];
  if (campaign.companion_needed && !signed.some(one => one.role === "companion")) {
    const refusal = signatures.find(one => one.role === "companion" && one.refused);
    if (!refusal) faults.push("no_companion");
    else if (!filled(refusal.reason)) faults.push("no_refusal_reason");
    else if (!signed.some(one => one.role === "witness")) faults.push("no_witness");
  }
  const names = signatures.map(one => `${one.role} ${one.name.trim()}`);
  if (new Set(names).size !== names.length) faults.push("signed_twice");
  return faults;
}

export function isSerious(item, result) {
  return result === "fail" && item.severity === "major";
}

/** Seconds to wait after a number of failures: 5, 10, 20 … at most five minutes. */
export function backoff(tries) {
  return Math.min(300, 5 * 2 ** Math.max(0, tries - 1));
}
