/*
Where the cursor stands in a YAML text, whether it is whole or half written.

placeAt(state, at) gives {path, key, word, from, keys, before, inText}:
  path    leads from the top of the file to the value, list or mapping the cursor is in; a part of a list
          is its number
  key     whether a key is being written (else a value)
  word    what is written so far, from the place `from`
  keys    the keys that the same mapping has already
  before  in a list: the texts of the parts before this one
*/

import { syntaxTree } from "@codemirror/language";

const WORD = /[\w.-]*$/;
const PIECE = /^( *)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s#'"{}\[\],&*!|>%@`-][^:#{}\[\],]*?):(?: +|$))?/;

const unquoted = (text) => text.replace(/^(["'])(.*)\1$/, "$2").trim();

/* What a line says by its indentation: the "-" and the key on it, each with its column. */
const pieces = (text) => {
  const found = PIECE.exec(text);
  const parts = [];
  let column = found[1].length;
  for (const dash of found[2].match(/- +/g) ?? []) {
    parts.push({ column, item: true });
    column += dash.length;
  }
  if (found[3] !== undefined) parts.push({ column, name: unquoted(found[3]), rest: text.slice(found[0].length) });
  return { parts, column };
};

const isEmpty = (text) => /^\s*(#.*)?$/.test(text);

const indent = (text) => text.length - text.trimStart().length;

/* The texts of the parts of a list before the one whose "-" stands in this column of a line. */
const partsBefore = (doc, number, column) => {
  const found = [];
  let lines = [];
  for (let n = number - 1; n > 0; n -= 1) {
    const { text } = doc.line(n);
    if (isEmpty(text)) continue;
    const dashed = indent(text) === column && /^- /.test(text.slice(column));
    // A list may begin on the line of the "-" that it stands behind: "- - a".
    const inner = !dashed && indent(text) < column && /^[- ]*- $/.test(text.slice(0, column + 2));
    if (indent(text) < column && !inner) break;
    if (indent(text) === column && !dashed) break;
    lines.unshift(text);
    if (dashed || inner) {
      found.unshift(lines.join("\n"));
      lines = [];
    }
    if (inner) break;
  }
  return found;
};

/* The keys and lists around a column of a line, from the outside to the inside. */
const around = (doc, number, column, own) => {
  const path = [];
  let inner = column;
  let item = false;
  const take = (parts, n) => {
    for (const part of [...parts].reverse()) {
      const parent = part.column < inner || (item && !part.item && part.column === inner && !part.rest);
      if (!parent) continue;
      path.unshift(part.item ? partsBefore(doc, n, part.column).length : part.name);
      inner = part.column;
      item = Boolean(part.item);
    }
  };
  take(own, number);
  for (let n = number - 1; n > 0 && (inner > 0 || item); n -= 1) {
    const text = doc.line(n).text;
    if (!isEmpty(text)) take(pieces(text).parts, n);
  }
  return path;
};

/* The keys of the mapping to which a key in this column of a line belongs. */
const beside = (doc, number, column) => {
  const found = [];
  const walk = (step) => {
    for (let n = number + step; n > 0 && n <= doc.lines; n += step) {
      const text = doc.line(n).text;
      if (isEmpty(text)) continue;
      const { parts, column: begins } = pieces(text);
      const own = parts.find((part) => part.name !== undefined);
      if (own?.column === column) found.push(own.name);
      // A "-" before the first key, or anything further out, is where the mapping ends.
      const ends = parts.some((part) => part.item && part.column < column) || begins < column;
      if (ends && (step < 0 || parts[0]?.item || begins < column)) {
        if (step > 0 && own?.column === column) found.pop();
        return;
      }
    }
  };
  walk(-1);
  walk(1);
  return found;
};

/* The outermost {…} or […] around a place, or null. */
const flowAround = (state, at) => {
  let found = null;
  for (let node = syntaxTree(state).resolveInner(at, -1); node; node = node.parent) {
    const open = node.name === "FlowMapping" || node.name === "FlowSequence";
    if (open && node.from < at && !(node.to === at && /[}\]]/.test(state.sliceDoc(at - 1, at)))) found = node;
  }
  return found;
};

/* The end of a text in quotes that begins at n; the end of the whole where it is not closed. */
const quoteEnd = (text, n) => {
  for (let m = n + 1; m < text.length; m += 1) {
    if (text[m] === "\\" && text[n] === '"') m += 1;
    else if (text[m] === text[n]) return m;
  }
  return text.length;
};

const opened = (mark) => ({ list: mark === "[", index: 0, key: null, keys: [], parts: [], start: 0 });

/* Reads the beginning of a flow: the open braces and brackets at its end. */
const walkFlow = (text) => {
  const open = [];
  let word = 0;
  let quoted = false;
  for (let n = 0; n < text.length; n += 1) {
    const mark = text[n];
    const top = open.at(-1);
    if ((mark === '"' || mark === "'") && isEmpty(text.slice(word, n))) {
      const end = quoteEnd(text, n);
      quoted = end === text.length;
      if (quoted) word = n + 1;
      n = end;
    } else if (mark === "{" || mark === "[") {
      open.push({ ...opened(mark), start: n + 1 });
      word = n + 1;
    } else if (mark === "}" || mark === "]") {
      open.pop();
      word = n + 1;
    } else if (mark === "," && top) {
      if (top.list) top.parts.push(text.slice(top.start, n).trim());
      top.index += 1;
      top.key = null;
      top.start = n + 1;
      word = n + 1;
    } else if (mark === ":" && top && !top.list && top.key === null && /^(\s|$)/.test(text.slice(n + 1, n + 2))) {
      top.key = unquoted(text.slice(word, n).trim());
      top.keys.push(top.key);
      word = n + 1;
    }
  }
  return { open, word, quoted };
};

const inFlow = (state, at, flow) => {
  const text = state.sliceDoc(flow.from, at);
  const { open, word, quoted } = walkFlow(text);
  if (!open.length) return null;
  const outer = placeOfBlock(state, flow.from);
  const path = [...outer.path];
  for (const each of open.slice(0, -1)) path.push(each.list ? each.index : each.key);
  const last = open.at(-1);
  const key = !last.list && last.key === null;
  if (!key) path.push(last.list ? last.index : last.key);
  const written = text.slice(word);
  const begun = WORD.exec(written)[0];
  return { path, key, word: begun, from: at - begun.length, keys: last.keys, before: last.parts, inText: quoted };
};

const placeOfBlock = (state, at) => {
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  const { parts, column } = pieces(before);
  const named = parts.find((part) => part.name !== undefined);
  const word = WORD.exec(before)[0];
  if (named) {
    const path = [...around(state.doc, line.number, named.column, parts), named.name];
    return { path, key: false, word, from: at - word.length, keys: [], before: [], inText: true };
  }
  const written = before.slice(column).trimStart();
  const start = before.length - before.trimStart().length;
  const path = around(state.doc, line.number, parts.length ? column : Math.min(start, column), parts);
  const key = /^[\w."'<=>!-]*$/.test(written);
  const keys = key ? beside(state.doc, line.number, column) : [];
  const dash = parts.findLast((part) => part.item);
  const listed = dash ? partsBefore(state.doc, line.number, dash.column) : [];
  return { path, key, word, from: at - word.length, keys, before: listed, inText: !key };
};

export const placeAt = (state, at) => {
  const flow = flowAround(state, at);
  return (flow && inFlow(state, at, flow)) ?? placeOfBlock(state, at);
};
