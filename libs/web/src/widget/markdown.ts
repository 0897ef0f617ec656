/**
 * The Markdown that assistants write, read into a tree. What draws the tree makes elements of it and never HTML from text, so
 * nothing in it can become markup; HTML in it stays words. Pictures of other sites become links: nothing is loaded from there.
 */

export type Inline =
  | string
  | { kind: 'strong' | 'em' | 'del'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'break' };

export type Block =
  | { kind: 'paragraph' | 'heading'; children: Inline[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; start: number | null; items: Block[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' };

/** Deeper nesting is nobody's intention. */
const DEEPEST = 6;
/** Longer words are shown as they are: some marks cost the square of the length. */
const LONGEST = 10_000;
const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:']);

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6} (.*)$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( {1,4}|$)/;
const TABLE_LINE = /^\|?(?: *:?-+:? *\|)+ *(?::?-+:?)?$/;
const ADDRESS = /(?:https?:\/\/|mailto:|tel:)[^\s<>"'`\]]+/y;
const PUNCTUATION = /[!-/:-@[-`{-~]/;

/** @param isOpen more is coming: what is begun at the end counts as what it will be */
export function parse(text: string, isOpen = false): Block[] {
  if (text.length > LONGEST) return [{ kind: 'paragraph', children: [text] }];
  return blocks(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), isOpen, 0);
}

/** Plain words in which addresses are links. */
export function linked(text: string): Inline[] {
  const out: Inline[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) out.push({ kind: 'break' });
    for (let at = 0; at < line.length;) {
      const link = addressAt(line, at);
      push(out, link ? link.node : line[at]!);
      at = link ? link.end : at + 1;
    }
  }
  return out;
}

/** @returns undefined for what a tap should never open */
export function safeHref(href: string): string | undefined {
  const trimmed = href.trim();
  return URL.canParse(trimmed) && SAFE.has(new URL(trimmed).protocol) ? trimmed : undefined;
}

function blocks(lines: string[], isOpen: boolean, depth: number): Block[] {
  const out: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const [block, next] = blockAt(lines, at, isOpen, depth);
    if (block) out.push(block);
    at = next;
  }
  return out;
}

function blockAt(lines: string[], at: number, isOpen: boolean, depth: number): [Block | null, number] {
  const line = lines[at]!;
  if (line.trim() === '') return [null, at + 1];
  const fence = FENCE.exec(line)?.[1];
  if (fence) return code(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) return [{ kind: 'heading', children: inline(heading[1]!.trim().replace(/ #+$/, ''), isOpen && at === lines.length - 1, depth) }, at + 1];
  if (RULE.test(line)) return [{ kind: 'rule' }, at + 1];
  if (depth < DEEPEST && QUOTE.test(line)) return quote(lines, at, isOpen, depth);
  if (depth < DEEPEST && ITEM.test(line)) return list(lines, at, isOpen, depth);
  if (line.includes('|') && TABLE_LINE.test((lines[at + 1] ?? '').trim())) return table(lines, at, depth);
  return paragraph(lines, at, isOpen, depth);
}

function code(lines: string[], at: number, fence: string): [Block, number] {
  let end = at + 1;
  while (end < lines.length && !(lines[end]!.trim().startsWith(fence) && lines[end]!.trim().replaceAll(fence[0]!, '') === '')) end += 1;
  return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function quote(lines: string[], at: number, isOpen: boolean, depth: number): [Block, number] {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end]!)) end += 1;
  return [{ kind: 'quote', blocks: blocks(lines.slice(at, end).map((line) => line.replace(QUOTE, '')), isOpen && end === lines.length, depth + 1) }, end];
}

/** An item goes on in lines that are indented, and after an empty line only in those. */
function list(lines: string[], at: number, isOpen: boolean, depth: number): [Block, number] {
  const isNumbered = /\d/.test(ITEM.exec(lines[at]!)![2]!);
  const items: string[][] = [];
  let end = at;
  // The first one begins the list, however far in it stands.
  let indent = Infinity;
  for (; end < lines.length; end += 1) {
    const line = lines[end]!;
    const item = isItem(line, isNumbered) ? ITEM.exec(line)! : null;
    if (item && item[1]!.length < indent) {
      indent = item[1]!.length + item[2]!.length + Math.max(1, item[3]!.length);
      items.push([line.slice(item[0].length)]);
    } else if (line.trim() === '') {
      const next = afterBlank(lines, end);
      if (!(/^ {2}/.test(lines[next] ?? '') || isItem(lines[next] ?? '', isNumbered))) break;
      items.at(-1)!.push('');
      end = next - 1;
    } else if (/^ {2}/.test(line) || (!startsBlock(line) && lines[end - 1]!.trim() !== '')) {
      items.at(-1)!.push(line.replace(new RegExp(`^ {0,${indent}}`), ''));
    } else break;
  }
  const start = isNumbered ? Number.parseInt(lines[at]!.trim(), 10) : null;
  return [{ kind: 'list', start, items: items.map((item, index) => blocks(item, isOpen && end === lines.length && index === items.length - 1, depth + 1)) }, end];
}

const isItem = (line: string, isNumbered: boolean): boolean => {
  const mark = ITEM.exec(line)?.[2];
  return mark !== undefined && /\d/.test(mark) === isNumbered && !RULE.test(line);
};

function afterBlank(lines: string[], at: number): number {
  let next = at;
  while (next < lines.length && lines[next]!.trim() === '') next += 1;
  return next;
}

function table(lines: string[], at: number, depth: number): [Block, number] {
  let end = at + 2;
  while (end < lines.length && lines[end]!.includes('|')) end += 1;
  const cells = (line: string): Inline[][] => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => inline(cell.trim(), false, depth));
  return [{ kind: 'table', head: cells(lines[at]!), rows: lines.slice(at + 2, end).map(cells) }, end];
}

const startsBlock = (line: string): boolean => [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));

function paragraph(lines: string[], at: number, isOpen: boolean, depth: number): [Block, number] {
  let end = at + 1;
  while (end < lines.length && lines[end]!.trim() !== '' && !startsBlock(lines[end]!)) end += 1;
  const text = lines.slice(at, end).map((line) => line.trim()).join('\n');
  return [{ kind: 'paragraph', children: inline(text, isOpen && end === lines.length, depth) }, end];
}

interface Found {
  node: Inline;
  end: number;
}

function inline(text: string, isOpen: boolean, depth: number): Inline[] {
  const out: Inline[] = [];
  for (let at = 0; at < text.length;) {
    const found = depth < DEEPEST + DEEPEST ? foundAt(text, at, isOpen, depth) : undefined;
    push(out, found ? found.node : text[at]!);
    at = found ? found.end : at + 1;
  }
  return out;
}

function foundAt(text: string, at: number, isOpen: boolean, depth: number): Found | undefined {
  switch (text[at]) {
    case '\n': return { node: { kind: 'break' }, end: at + 1 };
    case '\\': return PUNCTUATION.test(text[at + 1] ?? '') ? { node: text[at + 1]!, end: at + 2 } : undefined;
    case '`': return span(text, at);
    case '!': return text[at + 1] === '[' ? link(text, at + 1, isOpen, depth) : undefined;
    case '[': return link(text, at, isOpen, depth);
    case '<': return bracketed(text, at);
    case '*': case '_': case '~': return emphasis(text, at, isOpen, depth);
    case 'h': case 'm': case 't': return /\w/.test(text[at - 1] ?? '') ? undefined : addressAt(text, at);
    default: return undefined;
  }
}

function span(text: string, at: number): Found {
  const run = /^`+/.exec(text.slice(at))![0];
  for (let end = text.indexOf(run, at + run.length); end !== -1; end = text.indexOf(run, end + 1)) {
    if (text[end - 1] !== '`' && text[end + run.length] !== '`') {
      return { node: { kind: 'code', text: text.slice(at + run.length, end).replaceAll('\n', ' ').trim() }, end: end + run.length };
    }
  }
  return { node: run, end: at + run.length };
}

function link(text: string, at: number, isOpen: boolean, depth: number): Found | undefined {
  const close = closing(text, at, '[', ']');
  if (close === undefined || text[close + 1] !== '(') return undefined;
  const end = closing(text, close + 1, '(', ')');
  const label = inline(text.slice(at + 1, close), false, depth + 1);
  // Half an address says nothing yet.
  if (end === undefined) return isOpen ? { node: { kind: 'em', children: label }, end: text.length } : undefined;
  const target = /^<?([^\s<>]*)>?(?:\s+(?:"[^"]*"|'[^']*'))?$/.exec(text.slice(close + 2, end).trim())?.[1] ?? '';
  const href = safeHref(target);
  if (href === undefined) return { node: text.slice(at, end + 1), end: end + 1 };
  return { node: { kind: 'link', href, children: label.map((one) => (isLink(one) ? one.href : one)) }, end: end + 1 };
}

const isLink = (node: Inline): node is { kind: 'link'; href: string; children: Inline[] } => typeof node !== 'string' && node.kind === 'link';

function closing(text: string, at: number, open: string, close: string): number | undefined {
  for (let index = at, depth = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === open) depth += 1;
    else if (text[index] === close && (depth -= 1) === 0) return index;
  }
  return undefined;
}

function bracketed(text: string, at: number): Found | undefined {
  const link = addressAt(text, at + 1);
  return link && text[link.end] === '>' ? { node: link.node, end: link.end + 1 } : undefined;
}

/** An address in the middle of words, without the full stop of its sentence, or a bracket that it has not opened. */
function addressAt(text: string, at: number): Found | undefined {
  ADDRESS.lastIndex = at;
  let href = ADDRESS.exec(text)?.[0];
  if (!href) return undefined;
  for (let cut = href; cut !== (href = trimmed(cut)); cut = href);
  const safe = safeHref(href);
  return safe && /\w$|\/$|[-#=&%)]$/.test(href) ? { node: { kind: 'link', href: safe, children: [href] }, end: at + href.length } : undefined;
}

const trimmed = (href: string): string => {
  const short = href.replace(/[.,;:!?*_~]$/, '');
  return short.endsWith(')') && !short.includes('(') ? short.slice(0, -1) : short;
};

/** Marks open before a word and close after one; `_` only at a word's edge, so that my_file_name stays as it is. */
function emphasis(text: string, at: number, isOpen: boolean, depth: number): Found | undefined {
  const mark = text[at]!;
  const run = text[at + 1] === mark ? mark + mark : mark;
  if (mark === '~' && run.length < 2) return undefined;
  const from = at + run.length;
  if (/\s/.test(text[from] ?? ' ') || (text[from] === mark && text[from + 1] === mark) || (mark === '_' && /\w/.test(text[at - 1] ?? ''))) return undefined;
  const kind = mark === '~' ? 'del' : run.length === 2 ? 'strong' : 'em';
  for (let end = text.indexOf(run, from + 1); end !== -1; end = text.indexOf(run, end + run.length)) {
    const after = text[end + run.length] ?? '';
    const isLonger = run.length === 1 && (after === mark || text[end - 1] === mark);
    if (isLonger || /[\s\\]/.test(text[end - 1]!) || (mark === '_' && /\w/.test(after))) continue;
    // Of three marks in a row the outer ones close the outer words.
    const close = run.length === 2 && after === mark ? end + 1 : end;
    return { node: { kind, children: inline(text.slice(from, close), false, depth + 1) }, end: close + run.length };
  }
  return isOpen ? { node: { kind, children: inline(text.slice(from), true, depth + 1) }, end: text.length } : undefined;
}

/** Letters one by one grow together to words. */
function push(out: Inline[], node: Inline): void {
  const last = out.length - 1;
  if (typeof node === 'string' && typeof out[last] === 'string') out[last] += node;
  else out.push(node);
}
