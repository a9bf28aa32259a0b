/* The inspector's phone: its pages, in the frame that all applications on the phone share. */

import { start } from "../../web/phone/modules/shell.js";
import { unlockPage } from "../../web/phone/modules/unlock.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import { checkPage } from "./pages/check.js";
import { noticePage, paperPage } from "./pages/notice.js";
import { conflictPage, queuePage } from "./pages/queue.js";
import { scanPage, codePage } from "./pages/scan.js";
import { sectionPage, sectionsPage, shortPage } from "./pages/visit.js";
import { settingsPage } from "./pages/settings.js";
import { signPage } from "./pages/sign.js";
import { targetPage } from "./pages/target.js";
import { targetsPage } from "./pages/targets.js";

const PAGES = {
  "": targetsPage, target: targetPage, visit: sectionPage, sections: sectionsPage, short: shortPage, notice: noticePage,
  paper: paperPage, sign: signPage, check: checkPage, queue: queuePage, conflict: conflictPage, scan: scanPage,
  code: codePage, settings: settingsPage,
};
const unlock = unlockPage({ load: store.load, refresh: store.refresh, flush: queue.flush, ready: () => store.state.packet !== null });

void start({ pages: PAGES, unlock, queue, glyph: "clipboard-check" });
