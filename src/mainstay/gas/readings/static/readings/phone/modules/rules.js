/* The checks of a reading as the server makes them (rules.py): litres, days and flags in, words and bounds out. */

export const LOWER = 1, OVER_ESTIMATE = 2, ROLLOVER = 4, JUMP = 8, ZERO = 16, SAME_DAY = 32;
const JUMP_TIMES = 3, JUMP_AT_LEAST_L = 20_000, HISTORY_DAYS = 20, FACTOR_ONE = 10_000;
const HEATING_MONTHS = [11, 12, 1, 2, 3];

/** What is known of a meter before, from the list in the packet. */
export function beforeOf(row) {
  const [indexL, on, estimated, actualL, historyL, historyDays, lastYearL, lastYearDays, dialL, factor] = row.before;
  return { indexL, on, estimated, actualL, historyL, historyDays, lastYearL, lastYearDays, dialL, factor };
}

const dayNumber = day => Date.UTC(...day.split("-").map((part, place) => Number(part) - (place === 1 ? 1 : 0))) / 86_400_000;

export const daysBetween = (from, to) => dayNumber(to) - dayNumber(from);

/** Litres that are usual for so many days; null with too little history. */
export function usual(days, before) {
  const found = [0];
  if (before.lastYearDays >= HISTORY_DAYS) found.push(Math.floor((before.lastYearL * days) / before.lastYearDays));
  if (before.historyDays >= HISTORY_DAYS) found.push(Math.floor((before.historyL * days) / before.historyDays));
  return found.length > 1 ? Math.max(...found) : null;
}

function metered(difference, factor) {
  if (factor === FACTOR_ONE) return difference;
  const scaled = Math.floor((2 * Math.abs(difference) * factor + FACTOR_ONE) / (2 * FACTOR_ONE));
  return difference >= 0 ? scaled : -scaled;
}

/** Why an index is none at all: "" when it can be taken. */
export function refusal(indexL, on, before) {
  if (indexL >= before.dialL) return "above_dial";
  if (daysBetween(before.on, on) < 0) return "before_last";
  return "";
}

/** Volume in litres and what is remarkable about a reading. */
export function judge(indexL, on, before) {
  let difference = indexL - before.indexL;
  let doubts = 0;
  if (difference < 0) {
    if (before.indexL * 10 >= before.dialL * 9 && indexL * 10 <= before.dialL) {
      difference += before.dialL;
      doubts |= ROLLOVER;
    } else doubts |= before.estimated && indexL >= before.actualL ? OVER_ESTIMATE : LOWER;
  }
  const volumeL = metered(difference, before.factor);
  const days = daysBetween(before.on, on);
  if (days === 0) doubts |= SAME_DAY;
  const expected = usual(days, before);
  if (expected !== null && volumeL >= 0) {
    const heated = HEATING_MONTHS.includes(Number(on.slice(5, 7))) && before.lastYearL > 0;
    if (volumeL > JUMP_AT_LEAST_L && volumeL > JUMP_TIMES * expected && !before.estimated) doubts |= JUMP;
    else if (volumeL === 0 && days >= HISTORY_DAYS && (expected > 0 || heated)) doubts |= ZERO;
  }
  return { volumeL, doubts };
}

/** Between which indexes (whole cubic metres) an ordinary reading of this day lies; null when nothing is known. */
export function expectedRange(on, before) {
  const days = Math.max(1, daysBetween(before.on, on));
  const litres = usual(days, before);
  if (litres === null) return null;
  const dial = (litres * FACTOR_ONE) / before.factor;
  const from = Math.floor((before.indexL + dial / 2) / 1000);
  return [from, Math.max(from + 1, Math.ceil((before.indexL + dial * 1.6) / 1000))];
}

/** Litres of what the keys say, at most three decimals; null when it is no number. */
export function litres(typed) {
  const found = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(typed);
  return found ? Number(found[1]) * 1000 + Number((found[2] || "").padEnd(3, "0")) : null;
}

/** Cubic metres as people read them. */
export function cubic(litresGiven) {
  const rest = Math.abs(litresGiven) % 1000;
  const whole = Math.trunc(litresGiven / 1000);
  const sign = litresGiven < 0 && whole === 0 ? "-" : "";
  return `${sign}${whole}${rest ? `.${String(rest).padStart(3, "0").replace(/0+$/, "")}` : ""}`;
}

export const backoff = tries => Math.min(300, 5 * 2 ** Math.max(0, tries - 1));
