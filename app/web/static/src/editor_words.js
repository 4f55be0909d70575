/*
What may be written at a place, and what a word there means: from the JSON Schema of the file, and from
the names and options of the draft. See app/actions/definitions/draft_words.py for what `words` holds.
*/

import { placeAt } from "./editor_place.js";

const COMPARED = new Set(["===", "!==", "<", "<=", ">", ">="]);
const OF_ROWS = new Set(["some", "all", "none"]);
const VAR = /\bvar:\s*["']?([\w.]+)/;

/* The schema: every way in which it can be read at a path. */

const branches = (schema, root, depth = 0) => {
  if (!schema || depth > 8) return [];
  if (schema.$ref) return branches(root.$defs?.[schema.$ref.split("/").at(-1)], root, depth + 1);
  const several = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return several.length ? several.flatMap((each) => branches(each, root, depth + 1)) : [schema];
};

const below = (schema, part) => {
  if (typeof part === "number") {
    return [schema.prefixItems?.[part] ?? schema.items].filter((each) => each && typeof each === "object");
  }
  const found = schema.properties?.[part] ?? schema.additionalProperties;
  return found && typeof found === "object" ? [found] : [];
};

const schemasAt = (root, path) => {
  let found = branches(root, root);
  for (const part of path) found = found.flatMap((each) => below(each, part)).flatMap((each) => branches(each, root));
  return found;
};

/* Words */

const asNames = (names) => Object.entries(names).map(([label, each]) => ({
  label, detail: each.label, info: said(each), type: "variable",
}));

const asCodes = (codes) => Object.entries(codes).map(([code, label]) => ({ label: code, detail: label, type: "constant" }));

const said = (each) => {
  const lines = [each.label, [each.kind, each.where].filter(Boolean).join(", ")];
  for (const [code, label] of Object.entries(each.options ?? {}).slice(0, 12)) lines.push(`${code}: ${label}`);
  return lines.filter(Boolean).join("\n");
};

/* The rows question over whose rows a condition at this place stands. */
const rowsAt = (words, place, text) => {
  const at = place.path.findLastIndex((part, n) => OF_ROWS.has(part) && place.path[n + 1] === 1);
  if (at < 0) return null;
  // The operands stand in brackets, or on lines of their own: "some:", "- {var: x}".
  const named = [...text.matchAll(/\b(?:some|all|none)\s*:\s*[[-]\s*\{?\s*var:\s*["']?([\w.]+)/g)].at(-1);
  return named ? words.names[named[1]] ?? null : null;
};

const known = (words, place, text) => {
  const rows = rowsAt(words, place, text);
  return rows ? rows.columns ?? {} : words.names;
};

/* The codes with which something is compared here; null where nothing is. */
const codesAt = (words, place, text, after) => {
  const path = place.path;
  const names = known(words, place, text);
  const optionsOf = (said) => {
    const found = VAR.exec(said ?? "");
    return found ? names[found[1]]?.options ?? {} : null;
  };
  const [op, index] = path.slice(-2);
  if (COMPARED.has(op) && index === 1) return optionsOf(place.before[0]);
  if (op === "in" && index === 0) return optionsOf(after.split("]")[0]);
  const [of, second] = path.slice(-3);
  if (of === "in" && second === 1) {
    const outer = [...text.matchAll(/\bin"?\s*:\s*[[-]\s*\{?\s*var:\s*["']?([\w.]+)/g)].at(-1);
    return outer ? names[outer[1]]?.options ?? {} : null;
  }
  const [, asked] = path.slice(-2);
  const inExample = path.includes("raised_by") || path.includes("not_by");
  if (inExample && typeof asked === "string") {
    const rows = words.names[path.findLast((part) => typeof part === "string" && words.names[part]?.columns)];
    return (rows?.columns?.[asked] ?? words.names[asked])?.options ?? null;
  }
  return null;
};

const vocabulary = (words, path) => {
  const key = path.findLast((part) => typeof part === "string");
  const named = words.keys[key];
  return named ? words.lists[named] ?? {} : null;
};

const valuesAt = (words, place, text, after) => {
  const last = place.path.at(-1);
  if (last === "var") return asNames(known(words, place, text));
  const codes = codesAt(words, place, text, after);
  if (codes) return asCodes(codes);
  const listed = vocabulary(words, place.path);
  if (listed) return asCodes(listed);
  const values = schemasAt(words.schema, place.path).flatMap((each) =>
    each.enum ?? (each.const !== undefined ? [each.const] : each.type === "boolean" ? [true, false] : []));
  return [...new Set(values)].map((each) => ({ label: String(each), type: "constant" }));
};

const keysAt = (words, place) => {
  const found = new Map();
  for (const schema of schemasAt(words.schema, place.path)) {
    for (const [key, each] of Object.entries(schema.properties ?? {})) {
      if (place.keys.includes(key) && key !== place.word) continue;
      const needed = schema.required?.includes(key) ? "required" : "";
      if (!found.has(key)) found.set(key, { label: key, apply: `${quotedKey(key)}: `, detail: needed, info: each.description, type: "property" });
    }
  }
  const inExample = /^(raised_by|not_by)$/.test(place.path.at(-2) ?? "") || /^(raised_by|not_by)$/.test(place.path.at(-1) ?? "");
  if (inExample) {
    for (const each of asNames(words.names)) found.set(each.label, { ...each, apply: `${each.label}: ` });
  }
  return [...found.values()];
};

const quotedKey = (key) => (/^[\w.]+$/.test(key) ? key : `"${key}"`);

const around = (state, at) => [
  state.sliceDoc(Math.max(0, at - 2000), at),
  state.sliceDoc(at, Math.min(state.doc.length, at + 400)),
];

/* What to offer at the cursor, for the editor's completion. */
export const completing = (words) => (context) => {
  if (!words.now) return null;
  const place = placeAt(context.state, context.pos);
  const [text, after] = around(context.state, context.pos);
  const inBraces = /\{([\w.]*)$/.exec(text);
  if (place.inText && inBraces && words.now.texts) {
    return { from: context.pos - inBraces[1].length, options: asNames(words.now.names), validFor: /^[\w.]*$/ };
  }
  // By itself only while a word is written or a value is due: else Enter would choose, not begin a line.
  if (!context.explicit && !place.word && !/(: |[[{,] ?)$/.test(text)) return null;
  const options = place.key ? [...keysAt(words.now, place), ...(typeof place.path.at(-1) === "number" ? valuesAt(words.now, place, text, after) : [])]
    : valuesAt(words.now, place, text, after);
  return options.length ? { from: place.from, options, validFor: /^[\w.=<>!-]*$/ } : null;
};

/* The meaning of the word at a place, as lines of text; null where nothing is known of it. */
export const meaning = (words, state, at) => {
  const line = state.doc.lineAt(at);
  const left = /[\w.]*$/.exec(line.text.slice(0, at - line.from))[0];
  const right = /^[\w.]*/.exec(line.text.slice(at - line.from))[0];
  const word = left + right;
  if (!word || !words.now) return null;
  const [from, to] = [at - left.length, at + right.length];
  const place = placeAt(state, to);
  const [text, after] = around(state, to);
  const rows = rowsAt(words.now, place, text);
  const named = words.now.names[word] ?? rows?.columns?.[word];
  if (named) return { from, to, text: `${word}\n${said(named)}` };
  const isKey = /^["']?\s*:(\s|$)/.test(after);
  if (isKey) {
    const path = place.key ? [...place.path, word] : place.path;
    const described = schemasAt(words.now.schema, path).map((each) => each.description).find(Boolean);
    return described ? { from, to, text: `${word}\n${described}` } : null;
  }
  const codes = codesAt(words.now, place, text, after) ?? vocabulary(words.now, place.path);
  return codes?.[word] ? { from, to, text: `${word}\n${codes[word]}` } : null;
};
