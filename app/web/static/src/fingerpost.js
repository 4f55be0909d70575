/*
Fingerpost in the browser. Every page works without this file; it saves answers as they are given, and
shows and hides questions at once.

Saving: a form with data-autosave is posted there, whole, as it would be posted to its action, with
"Accept: application/json". One save is under way at a time; the next carries the versions returned.
The server answers 200 with

  {
    "saved_at": "14:32",                    // shown as "Saved 14:32"
    "versions": {"data.special": 3},        // of every address that was posted in "seen"
    "shown": ["data.personal", ...],        // every address of this page that is asked now, in order
    "hidden": ["data.special"],             // addresses on the page that are asked no longer
    "html": {"data.children": "<div ..."},  // whole blocks (controls.draw_question) of questions that
                                            // appear, or that look different now (prompt, options)
    "errors": {"ret.period": "Write ..."},  // what could not be read; kept as a draft, not as an answer
    "conflicts": ["ret.period"]             // answered by somebody else meanwhile and not overwritten; the
                                            // blocks come in "html" with both texts and the version
                                            // to post if this person keeps theirs
    "told": "Not saved: ..."                // said instead of "Saved 14:32"
  }

Only "saved_at" and "versions" must be there. Anything but 200 with JSON is "Not saved": the text stays
and is sent again with the next change, or by the page's own button.
*/

const QUICK = 300;
const TYPING = 1500;
const RETRY = 5000;
const LONGEST = 300000;

const inside = (root, selector) => [...root.querySelectorAll(selector)];

/* The address a block asks about: what its "seen" says before the version. */
const addressOf = (block) => block?.querySelector('input[name="seen"]')?.value.split("=")[0];

/* A box that excludes the others unticks them, and the other way round. */
const keepExclusive = (box) => {
  const boxes = inside(box.form ?? document, `input[type=checkbox][name="${CSS.escape(box.name)}"]`);
  if (!box.checked || !boxes.some((one) => one.dataset.behaviour === "exclusive")) return;
  const alone = box.dataset.behaviour === "exclusive";
  for (const other of boxes) {
    if (other !== box && (alone || other.dataset.behaviour === "exclusive")) other.checked = false;
  }
};

class Autosave {
  constructor(form, status) {
    this.form = form;
    this.status = status;
    this.changed = new Set();   // addresses changed since the last save began
    this.unsaved = false;       // something typed has not been acknowledged
    this.saving = null;         // the save under way
    this.timer = 0;
    this.wait = RETRY;
    this.leaving = false;
    form.addEventListener("input", (event) => this.note(event, TYPING));
    form.addEventListener("change", (event) => this.note(event, QUICK));
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("beforeunload", (event) => {
      if ((this.unsaved || this.saving) && !this.leaving) event.preventDefault();
    });
    addEventListener("pageshow", () => { this.leaving = false; });
  }

  block(address) {
    return inside(this.form, ".fp-ask").find((one) => addressOf(one) === address);
  }

  say(text, kind = "") {
    this.status.className = `fp-small fp-saved ${kind}`;
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  note(event, delay) {
    if (!event.target.name || event.target.type === "file") return; // the button brings files
    if (event.target.type === "checkbox") keepExclusive(event.target);
    const address = addressOf(event.target.closest(".fp-ask"));
    if (address) this.changed.add(address);
    this.unsaved = true;
    this.later(delay);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  /* The button waits for the save under way, so that the page never conflicts with itself. */
  async submit(event) {
    clearTimeout(this.timer);
    this.leaving = true;
    if (!this.saving) return;
    event.preventDefault();
    await this.saving;
    clearTimeout(this.timer);
    this.form.requestSubmit(event.submitter);
  }

  save() {
    if (this.saving || this.leaving) return this.saving;
    this.saving = this.post().finally(() => {
      this.saving = null;
      if (!this.leaving && (this.changed.size || this.unsaved)) this.later(this.changed.size ? QUICK : this.wait);
    });
    return this.saving;
  }

  async post() {
    this.changed.clear();
    this.unsaved = false;
    this.say("Saving", "is-busy");
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST", body: data, headers: { Accept: "application/json" },
        credentials: "same-origin", redirect: "error",
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.show(await answer.json());
      this.wait = RETRY;
    } catch {
      this.unsaved = true;
      this.wait = Math.min(this.wait * 2, LONGEST);
      this.say("Not saved. What you typed is still here", "is-open");
    }
  }

  show({ saved_at, versions, shown = [], hidden = [], html = {}, errors = {}, conflicts = [], told = "" }) {
    for (const [address, version] of Object.entries(versions)) {
      if (conflicts.includes(address)) continue;
      const seen = this.block(address)?.querySelector('input[name="seen"]');
      if (seen) seen.value = `${address}=${version}`;
    }
    for (const [address, text] of Object.entries(html)) {
      this.place(address, text, shown, conflicts.includes(address));
    }
    for (const address of shown) this.turn(address, false);
    for (const address of hidden) this.turn(address, true);
    for (const address of Object.keys(versions)) this.complain(address, errors[address]);
    const wrong = Object.keys(errors).length + conflicts.length;
    const but = wrong ? `, except ${wrong} answer${wrong === 1 ? "" : "s"}` : "";
    this.say(told || `Saved ${saved_at}${but}`, wrong ? "is-open" : "");
  }

  /* Puts a block in its place. One that is being written in stays; it only takes over a conflict. */
  place(address, text, shown, conflict) {
    const old = this.block(address);
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const block = holder.content.firstElementChild;
    if (!block) return;
    if (old && (this.changed.has(address) || old.contains(document.activeElement))) {
      if (conflict) this.tell(old, block);
      return;
    }
    if (old) return void old.replaceWith(block);
    const before = shown.slice(0, shown.indexOf(address)).reverse().map((one) => this.block(one)).find(Boolean);
    if (before) before.after(block);
    else (this.form.querySelector(".fp-ask") ?? this.form.lastElementChild).before(block);
  }

  /* Shows the text of the other person above the field somebody is writing in. */
  tell(old, block) {
    const note = block.querySelector(".fp-note--conflict");
    old.querySelector(".fp-note--conflict")?.remove();
    if (note) old.querySelector(".govuk-form-group").prepend(note);
    const seen = old.querySelector('input[name="seen"]');
    if (seen) seen.value = block.querySelector('input[name="seen"]').value;
  }

  /* A hidden question is not posted, and comes back with what was typed in it. */
  turn(address, away) {
    const block = this.block(address);
    if (!block || block.hidden === away) return;
    block.hidden = away;
    for (const field of inside(block, "input, select, textarea, button")) field.disabled = away;
  }

  complain(address, text) {
    const group = this.block(address)?.querySelector(".govuk-form-group");
    if (!group || this.changed.has(address)) return;
    const id = `${address}-error`;
    let line = document.getElementById(id);
    group.classList.toggle("govuk-form-group--error", Boolean(text));
    const target = group.querySelector("fieldset, textarea, select, input:not([type=hidden])");
    const told = (target?.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    for (const field of inside(group, ".govuk-input, .govuk-textarea, .govuk-select")) {
      const kind = ["input", "textarea", "select"].find((one) => field.classList.contains(`govuk-${one}`));
      field.classList.toggle(`govuk-${kind}--error`, Boolean(text));
    }
    if (text) {
      if (!line) {
        line = document.createElement("p");
        line.id = id;
        line.className = "govuk-error-message";
        const home = group.querySelector(".govuk-radios, .govuk-checkboxes, .govuk-date-input, .govuk-input__wrapper, .govuk-input, .govuk-textarea, .govuk-select");
        if (home) home.before(line); else group.append(line);
      }
      const prefix = document.createElement("span");
      prefix.className = "govuk-visually-hidden";
      prefix.textContent = "Error: ";
      line.replaceChildren(prefix, text);
      told.push(id);
    } else {
      line?.remove();
    }
    if (!target) return;
    if (told.length) target.setAttribute("aria-describedby", told.join(" "));
    else target.removeAttribute("aria-describedby");
  }
}

const form = document.getElementById("answers");
const status = document.getElementById("saved");
if (form?.dataset.autosave && status) new Autosave(form, status);
else form?.addEventListener("change", (event) => event.target.type === "checkbox" && keepExclusive(event.target));

/* A condition of a definition: what may be chosen, and its English, follow each change of a line. The
   server draws them, as it does without a script; only the condition itself is put in its place. */
let asked = 0;   // what comes of an earlier change, or while somebody types, is not drawn
const follow = async (part, act, wanted) => {
  const mine = ++asked;
  const data = new FormData(form);
  data.set("do", act);
  const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
  const html = answer?.ok && await answer.text().catch(() => null);
  if (!html) return false;
  const drawn = new DOMParser().parseFromString(html, "text/html").getElementById(part.id);
  if (!drawn) return false;
  if (mine !== asked) return true;
  document.getElementById(part.id).replaceWith(drawn);
  (document.getElementById(wanted) ?? inside(drawn, "select, button").at(-1))?.focus();
  return true;
};
form?.addEventListener("input", (event) => { if (event.target.closest('[id$="-condition"]')) asked++; });
form?.addEventListener("change", (event) => {
  const part = event.target.closest('[id$="-condition"]');
  if (part) follow(part, `${part.id.replace(/-condition$/, "")}:show`, event.target.id);
});
form?.addEventListener("click", async (event) => {
  const button = event.target.closest('[id$="-condition"] button[name="do"]');
  if (!button) return;
  event.preventDefault();
  if (!(await follow(button.closest('[id$="-condition"]'), button.value, ""))) form.requestSubmit(button);
});

/* Who else has this page open, told while it is looked at. Nothing waits for it, and no sign-in lasts longer. */
const HERE = 20000;
const also = document.getElementById("here");
if (also && form?.dataset.autosave) {
  const tell = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(form.dataset.autosave.replace(/save$/, "here"), {
      method: "POST", body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
      headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
    }).catch(() => null);
    const { who = [] } = (answer?.ok && await answer.json().catch(() => null)) || {};
    const said = who.length ? `Also on this page now: ${who.join(", ")}` : "";
    if (also.textContent !== said) also.textContent = said;
  };
  tell();
  setInterval(tell, HERE);
  document.addEventListener("visibilitychange", tell);
}

/* Before a sign-in ends the page says so, and one button goes on. Somebody who types is still there: the
   server is told now and then. Nothing on the page is touched: what is typed stays where it is. */
const WARN = 180, TELL = 240, LOOK = 15; // seconds
const stay = ({ here, idle, ends, token }) => {
  const clock = () => Date.now() / 1000;
  let told = clock(), busy = false, box = null;
  const tell = async () => {
    const answer = await fetch(here, { method: "POST", body: new URLSearchParams({ csrf_token: token }), headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) told = clock();
    return answer?.ok;
  };
  const warn = (text, button) => {
    box ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "fp-ending" }));
    if (box.firstChild?.textContent === text) return;
    const line = Object.assign(document.createElement("p"), { textContent: text });
    line.setAttribute("role", "alert");
    box.replaceChildren(line, ...(button ? [button] : []));
  };
  const go = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button", textContent: "Stay signed in" });
  go.addEventListener("click", async () => { if (await tell()) { box?.remove(); box = null; } });
  const kept = "What you typed is kept: sign in again and send it.";
  const look = async () => {
    if (busy && clock() - told > TELL) { busy = false; await tell(); }
    const resting = told + Number(idle) - clock(), whole = Number(ends) - clock();
    if (Math.min(resting, whole) <= 0) warn(`You are signed out now. ${kept}`);
    else if (whole < WARN) warn(`You will be signed out within 3 minutes, after a long day. Save now. ${kept}`);
    else if (resting < WARN) warn(`You will be signed out within 3 minutes, as nothing was done for a while. ${kept}`, go);
    else { box?.remove(); box = null; }
  };
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { busy = true; }, { passive: true });
  setInterval(look, LOOK * 1000);
};
if (document.body.dataset.here) stay(document.body.dataset);

/* "@" and a name in a comment: those who may read it are offered below the text while one types. The
   names stand in a list on the page, and are typed in full without this. */
const names = inside(document, "[data-mention]");
const mention = (text) => {
  const list = document.createElement("ul"), told = document.createElement("p");
  list.className = "fp-names";
  list.id = `${text.id}-names`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People to mention");
  list.hidden = true;
  told.className = "govuk-visually-hidden";
  told.setAttribute("role", "status");
  text.after(list, told);
  for (const [name, value] of [["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", list.id]]) {
    text.setAttribute(name, value);
  }
  const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'").toLowerCase();
  let from = 0, at = -1;
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    text.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const choose = (to) => {
    at = (to + list.children.length) % list.children.length;
    [...list.children].forEach((one, n) => one.setAttribute("aria-selected", n === at));
    text.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const take = (one) => {
    text.setRangeText(one.textContent, from, text.selectionStart, "end");
    close();
    text.focus();
  };
  const offer = () => {
    const typed = /(?:^|[^\p{L}\p{N}._%+-])@('?\p{L}[^@\n]{0,60})?$/u.exec(text.value.slice(0, text.selectionStart));
    const ours = text.form.elements.audience?.value === "ours", begun = plain(typed?.[1] ?? "");
    const found = typed ? names.filter(({ dataset: { mention: name, ours: own } }) => {
      const all = plain(name);
      return (!ours || own !== undefined) && all !== begun && (all.startsWith(begun) || all.split(" ").some((word) => word.startsWith(begun)));
    }).slice(0, 6) : [];
    close();
    if (!found.length) return;
    from = text.selectionStart - (typed[1] ?? "").length;
    list.append(...found.map((each, n) => {
      const one = Object.assign(document.createElement("li"), { id: `${list.id}-${n}`, textContent: each.dataset.mention });
      one.setAttribute("role", "option");
      return one;
    }));
    list.hidden = false;
    told.textContent = `${found.length} ${found.length > 1 ? "names" : "name"}. Arrow keys choose, Enter takes.`;
    choose(0);
  };
  text.addEventListener("input", offer);
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const moves = { ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), Enter: () => take(list.children[at]), Escape: close };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the text keeps the focus
    const one = event.target.closest("[role=option]");
    if (one) take(one);
  });
};
const words = names.length && document.getElementById("words");
if (words) mention(words);
