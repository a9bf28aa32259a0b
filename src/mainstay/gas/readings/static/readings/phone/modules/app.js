/* The readers' phone: its pages, in the frame that all applications on the phone share. */

import { start } from "../../../web/phone/modules/shell.js";
import { unlockPage } from "../../../web/phone/modules/unlock.js";
import { booksPage } from "./pages/books.js";
import { meterPage } from "./pages/meter.js";
import { queuePage } from "./pages/queue.js";
import { roundPage } from "./pages/round.js";
import { settingsPage } from "./pages/settings.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

const pages = { "": booksPage, book: roundPage, meter: meterPage, queue: queuePage, settings: settingsPage };
const unlock = unlockPage({ load: store.load, refresh: store.refresh, flush: queue.flush, ready: () => store.state.packet !== null });

void start({ pages, unlock, queue, glyph: "gauge" });
