// Every page works without this file; here it only becomes quicker to use.
import htmx from "htmx.org/dist/htmx.esm.js";
import { keys } from "./keys.js";
import { drafts } from "./draft.js";
import { once } from "./once.js";
import { selection } from "./select.js";
import { matrix } from "./matrix.js";
import { copy } from "./copy.js";
import { menus } from "./menu.js";
import { aloud } from "./aloud.js";

htmx.config.includeIndicatorCSS = false;

keys();
drafts();
once();
selection();
matrix();
copy();
menus();
aloud();
document.documentElement.dataset.ready = "";
