/* Leaving a visit: into the queue in one step, then off it goes. */

import { t, tell } from "../../web/phone/modules/base.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

export async function finishVisit(draft, go, outcome = draft.outcome) {
  const body = store.bodyOf({ ...draft, outcome });
  if (draft.outcome === "exempt") body.note = `${t("asks_exemption")} ${draft.note}`.trim().slice(0, 500);
  await store.enqueue(draft, body);
  tell(navigator.onLine ? t("sending_now") : t("kept_safe"), "good");
  go("", { instead: true });
  void queue.flush({ now: true });
}
