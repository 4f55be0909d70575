/*
A definition as text. The page works without this file: a plain box, a button that saves and checks, and
what is wrong listed below it. With it the box becomes an editor: it completes and explains, tells what
is wrong as one types, and saves by itself.

Everything it needs stands on the form:
  data-check  POST the form: {told: [{line, column, message, mend, kind, put}], elsewhere: [{place, ...}],
              at: "14:32", proven: "Proven 14:30."}; nothing is kept
  action      POST with "Accept: application/json": {saved_at, version, words, and text only if
              somebody else's change was brought together with this one}; 409: {conflict: what to say}
  data-words  GET: what may be written (see app/actions/definitions/draft_words.py); its address changes with its content
  data-nonce  for the editor's style sheet
*/

import { acceptCompletion, autocompletion } from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, lintGutter, linter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

import { completing, meaning } from "./editor_words.js";

const CHECK_AFTER = 500;
const SAVE_AFTER = 1500;
const RETRY = 5000;
const LONGEST_WAIT = 60000;

const form = document.querySelector("form[data-check]");
const box = form?.querySelector("textarea");
const status = document.getElementById("saved");
const words = { now: null };

const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

const say = (text) => {
  if (status.textContent !== text) status.textContent = text;
};

const posted = (text) => {
  const data = new FormData(form);
  data.set(box.name, text);
  return data;
};

const post = (address, text) => fetch(address, {
  method: "POST", body: posted(text), headers: { Accept: "application/json" }, credentials: "same-origin",
});

/* What is wrong, in its places and in the list below. */

/* Columns count characters, the editor counts units of two bytes. */
const unitsOf = (text, column) => [...text].slice(0, Math.max(column - 1, 0)).join("").length;

/* Where something is wrong: the word that the message quotes, if it stands there. */
const places = (doc, one) => {
  const line = doc.line(Math.min(Math.max(one.line, 1), doc.lines));
  const from = Math.min(unitsOf(line.text, one.column), line.length);
  const quoted = /'([^']+)'/.exec(one.message ?? "")?.[1];
  const at = quoted ? line.text.indexOf(quoted, from) : -1;
  if (at >= 0) return [line.from + at, line.from + at + quoted.length];
  const rest = /^[^\s,:{}[\]]+/.exec(line.text.slice(from));
  return [line.from + from, line.from + Math.min(line.length, from + (rest ? rest[0].length : 1))];
};

const diagnostic = (doc) => (one) => {
  const [from, to] = places(doc, one);
  // What may be meant is offered where the name that is not known stands.
  const actions = one.put && one.message.includes(`'${doc.sliceString(from, to)}'`)
    ? [{ name: `Write ${one.put}`, apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: one.put } }) }] : [];
  return {
    from, to, severity: one.kind === "fault" ? "error" : "warning",
    message: one.mend ? `${one.message}. ${one.mend}` : one.message, actions,
  };
};

const count = (number, one, several) => `${number} ${number === 1 ? one : several}`;

const show = (view, answer) => {
  const list = document.getElementById("told");
  list.replaceChildren(...answer.told.map((one) => {
    const item = document.createElement("li");
    const link = make("a", `Line ${one.line}`, { href: "#text", className: "govuk-link" });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      view.dispatch({ selection: { anchor: places(view.state.doc, one)[0] }, scrollIntoView: true });
      view.focus();
    });
    item.append(link, `: ${one.message}${one.mend ? `. ${one.mend}` : ""}`);
    return item;
  }));
  const elsewhere = document.getElementById("elsewhere");
  elsewhere.replaceChildren(...answer.elsewhere.map((one) =>
    make("li", `${one.place}: ${one.message}${one.mend ? `. ${one.mend}` : ""}`)));
  document.getElementById("elsewhere-part").hidden = !answer.elsewhere.length;
  const faults = answer.told.filter((one) => one.kind === "fault").length;
  const parts = [count(faults, "fault", "faults")];
  if (answer.told.length > faults) parts.push(count(answer.told.length - faults, "finding", "findings"));
  if (answer.elsewhere.length) parts.push(`${answer.elsewhere.length} in other files`);
  document.getElementById("count").textContent = `${parts.join(", ")}. Checked ${answer.at}. ${answer.proven}`;
};

const check = async (view) => {
  const { doc } = view.state;
  try {
    const reply = await post(form.dataset.check, doc.toString());
    if (!reply.ok) throw new Error(reply.status);
    const answer = await reply.json();
    if (view.state.doc !== doc) return [];
    show(view, answer);
    return answer.told.map(diagnostic(doc));
  } catch {
    document.getElementById("count").textContent = "Not checked: the service did not answer. It is tried again as you type.";
    return [];
  }
};

/* Saving: one save is under way at a time, and the next carries the version returned. */

class Saving {
  constructor(view) {
    this.view = view;
    this.saved = view.state.doc;   // what the draft is known to hold
    this.under = null;
    this.timer = 0;
    this.wait = RETRY;
    this.leaving = false;
    form.addEventListener("submit", () => {
      box.value = view.state.doc.toString();
      this.leaving = true;
    });
    addEventListener("beforeunload", (event) => { if (this.unsaved && !this.leaving) event.preventDefault(); });
  }

  get unsaved() { return this.view.state.doc !== this.saved; }

  later(delay = SAVE_AFTER) {
    clearTimeout(this.timer);
    if (this.clashed) return;
    say("Not saved yet");
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save() {
    if (this.under || !this.unsaved || this.leaving) return;
    const { doc } = this.view.state;
    this.under = post(form.action, doc.toString());
    try {
      const reply = await this.under;
      if (reply.status === 409) this.clash((await reply.json()).conflict);
      else if (!reply.ok) throw new Error(reply.status);
      else this.kept(doc, await reply.json());
    } catch {
      say("Not saved. Your text is here and is sent again by itself.");
      this.timer = setTimeout(() => this.save(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } finally {
      this.under = null;
    }
  }

  kept(doc, answer) {
    this.wait = RETRY;
    const changed = this.view.state.doc !== doc;
    this.saved = doc;
    if (answer.text === undefined) {
      form.elements.version.value = answer.version;
    } else if (!changed) {
      form.elements.version.value = answer.version;
      this.take(answer.text);
    } // else the next save brings both together once more, from the version this text began with
    say(`Saved ${answer.saved_at}`);
    const link = document.querySelector(".fp-draft .fp-links a");
    if (link) link.textContent = link.textContent.replace(/ \(\d+\)$/, ""); // it counted what was there before
    if (answer.words && answer.words !== form.dataset.words) load(answer.words);
    if (changed) this.later();
  }

  /* Somebody else's change came in: only the lines that differ are put in place. */
  take(text) {
    const mine = this.view.state.doc.toString();
    let from = 0;
    while (from < Math.min(mine.length, text.length) && mine[from] === text[from]) from += 1;
    let end = 0;
    const most = Math.min(mine.length, text.length) - from;
    while (end < most && mine[mine.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    this.view.dispatch({ changes: { from, to: mine.length - end, insert: text.slice(from, text.length - end) } });
    this.saved = this.view.state.doc;
    clearTimeout(this.timer);
  }

  clash(said) {
    this.clashed = true;
    say(said);
  }
}

const load = async (address) => {
  try {
    const reply = await fetch(address, { credentials: "same-origin" });
    if (!reply.ok) return;
    words.now = await reply.json();
    form.dataset.words = address;
  } catch {
    // Without it nothing is completed; all else works.
  }
};

/* How it looks: every colour has a contrast of at least 4.5 on the page's white. */

const look = EditorView.theme({
  "&": { border: "2px solid #0b0c0c", fontSize: "1rem", backgroundColor: "#fff" },
  "&.cm-focused": { outline: "3px solid #ffdd00", boxShadow: "inset 0 0 0 2px #0b0c0c" },
  ".cm-scroller": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", lineHeight: "1.5", minHeight: "20rem", maxHeight: "75vh", overflow: "auto" },
  ".cm-gutters": { color: "#505a5f", backgroundColor: "#f3f2f1" },
  ".cm-lintRange-error, .cm-lintRange-warning": { backgroundImage: "none", textDecorationLine: "underline", textDecorationStyle: "wavy" },
  ".cm-lintRange-error": { textDecorationColor: "#b30f0f" },
  ".cm-lintRange-warning": { textDecorationColor: "#8a4b00" },
  ".cm-lint-marker": { width: "0.9em", height: "0.9em", content: "none" },
  ".cm-lint-marker-error": { backgroundColor: "#b30f0f", borderRadius: "50%" },
  ".cm-lint-marker-warning": { backgroundColor: "#8a4b00" },
  ".cm-tooltip": { maxWidth: "min(36rem, 90vw)", fontSize: "1rem" },
  ".cm-explained": { padding: "8px 12px", whiteSpace: "pre-wrap" },
  ".cm-completionInfo": { whiteSpace: "pre-wrap" },
});

const coloured = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#0f4c5c" },
  { tag: tags.comment, color: "#505a5f" },
  { tag: [tags.string, tags.content, tags.attributeValue], color: "#0b0c0c" },
  { tag: [tags.keyword, tags.meta, tags.typeName], color: "#8a1c1c" },
]);

const explained = hoverTooltip((view, at) => {
  const found = meaning(words, view.state, at);
  if (!found) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: make("div", found.text, { className: "cm-explained" }) }) };
});

const start = () => {
  let saving = null;
  const label = form.querySelector(`label[for="${box.id}"]`);
  label.id = "text-label";
  const view = new EditorView({
    doc: box.value,
    extensions: [
      EditorView.cspNonce.of(form.dataset.nonce),
      keymap.of([{ key: "Tab", run: acceptCompletion }, indentWithTab]),
      basicSetup,
      EditorState.tabSize.of(2),
      yaml(),
      syntaxHighlighting(coloured),
      look,
      EditorView.lineWrapping,
      lintGutter(),
      linter(check, { delay: CHECK_AFTER }),
      autocompletion({ override: [completing(words)], maxRenderedOptions: 60, icons: false }),
      explained,
      EditorView.contentAttributes.of({ "aria-labelledby": "text-label", "aria-describedby": "text-keys", id: "text-editor" }),
      EditorView.updateListener.of((update) => { if (update.docChanged && saving) saving.later(); }),
      EditorState.readOnly.of(box.readOnly),
    ],
  });
  box.hidden = true;
  box.after(view.dom);
  document.getElementById("text-keys").hidden = false;
  document.getElementById("lines")?.remove();
  label.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  if (!box.readOnly) saving = new Saving(view);
  load(form.dataset.words);
  const at = Number(/^#line-(\d+)$/.exec(location.hash)?.[1] ?? form.dataset.line);
  if (at) view.dispatch({ selection: { anchor: places(view.state.doc, { line: at, column: 1 })[0] }, scrollIntoView: true });
  forceLinting(view);
};

if (form) start();
