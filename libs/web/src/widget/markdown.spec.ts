import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Block, type Inline, linked, parse, safeHref } from './markdown.js';

/** A short way to write a tree: what a reader would see, with its marks named. */
const shown = (blocks: Block[]): string => blocks.map(block).join(' / ');
const words = (nodes: Inline[]): string => nodes.map((node) => {
  if (typeof node === 'string') return node;
  if (node.kind === 'break') return '↵';
  if (node.kind === 'code') return `code(${node.text})`;
  if (node.kind === 'link') return `link(${words(node.children)} -> ${node.href})`;
  return `${node.kind}(${words(node.children)})`;
}).join('');

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph': return words(one.children);
    case 'heading': return `h(${words(one.children)})`;
    case 'quote': return `quote(${shown(one.blocks)})`;
    case 'list': return `${one.start === null ? 'ul' : `ol${one.start}`}[${one.items.map(shown).join('; ')}]`;
    case 'table': return `table(${[one.head, ...one.rows].map((row) => row.map(words).join(' | ')).join('; ')})`;
    case 'code': return `pre(${one.text})`;
    case 'rule': return '---';
  }
}

describe('the Markdown of the assistant', () => {
  it.each([
    ['Hello', 'Hello'],
    ['one\ntwo\n\nthree', 'one↵two / three'],
    ['**bold**, *soft*, ~~gone~~, `x*y*`', 'strong(bold), em(soft), del(gone), code(x*y*)'],
    ['***both***', 'strong(em(both))'],
    ['**bold *and soft***', 'strong(bold em(and soft))'],
    ['2 * 3 * 4 and my_file_name', '2 * 3 * 4 and my_file_name'],
    ['\\*not soft\\*', '*not soft*'],
    ['# Opening hours #', 'h(Opening hours)'],
    ['- Mon\n- Tue\n  - early\n  - late\n- Wed', 'ul[Mon; Tue / ul[early; late]; Wed]'],
    ['  - Mon\n    - early\n  - Tue', 'ul[Mon / ul[early]; Tue]'],
    ['  *', 'ul[]'],
    ['3. three\n\n4. four', 'ol3[three; four]'],
    ['1. one\n   more\n2. two\n\nAfter', 'ol1[one↵more; two] / After'],
    ['> quoted\n> **too**', 'quote(quoted↵strong(too))'],
    ['```js\nlet a = **b**;\n```\nafter', 'pre(let a = **b**;) / after'],
    ['| A | B |\n| --- | :-: |\n| 1 | **2** |', 'table(A | B; 1 | strong(2))'],
    ['---', '---'],
    ['[our page](https://clinic.example/a_(b) "Title")', 'link(our page -> https://clinic.example/a_(b))'],
    ['See https://clinic.example/x, or (https://clinic.example).', 'See link(https://clinic.example/x -> https://clinic.example/x), or (link(https://clinic.example -> https://clinic.example)).'],
    ['![a cat](https://cats.example/c.png)', 'link(a cat -> https://cats.example/c.png)'],
    ['<https://clinic.example>', 'link(https://clinic.example -> https://clinic.example)'],
    ['[call](tel:+15550100001) [write](mailto:a@b.example)', 'link(call -> tel:+15550100001) link(write -> mailto:a@b.example)'],
  ])('%j', (text, expected) => {
    expect(shown(parse(text))).toBe(expected);
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['[x](JaVaScRiPt&colon;alert(1))', '[x](JaVaScRiPt&colon;alert(1))'],
    ['[x](data:text/html,<script>1</script>)', '[x](data:text/html,<script>1</script>)'],
    ['[x](\u0001javascript:alert(1))', '[x](\u0001javascript:alert(1))'],
    ['[x](//evil.example)', '[x](//evil.example)'],
    ['<javascript:alert(1)>', '<javascript:alert(1)>'],
    ['[[x](javascript:1)](vbscript:2)', '[[x](javascript:1)](vbscript:2)'],
  ])('hostile words stay words: %j', (text, expected) => {
    expect(shown(parse(text))).toBe(expected);
  });

  it.each([
    ['I am **sur', 'I am strong(sur)'],
    ['See [our page](https://cli', 'See em(our page)'],
    ['- one\n- *tw', 'ul[one; em(tw)]'],
    ['```\nlet a', 'pre(let a)'],
  ])('what is still being written looks as it will: %j', (text, expected) => {
    expect(shown(parse(text, true))).toBe(expected);
  });

  it('reads anything, and links only where a tap is safe', () => {
    const marks = fc.array(fc.constantFrom('*', '**', '_', '`', '```\n', '[', '](', ')', '\n', '\n\n', '- ', '1. ', '> ', '# ', '|', '| - |', ' ', 'a', '<', 'https://a.b', 'javascript:', '\\', '~~'), { maxLength: 60 });
    const links = (nodes: unknown): string[] => JSON.stringify(nodes).match(/"href":"[^"]*"/g) ?? [];
    fc.assert(fc.property(marks, fc.boolean(), (pieces, isOpen) => {
      for (const link of links(parse(pieces.join(''), isOpen))) expect(link).toMatch(/^"href":"https:/);
    }));
    fc.assert(fc.property(fc.string(), (text) => {
      expect(linked(text).filter((node) => typeof node === 'string').join('').length).toBeLessThanOrEqual(text.length);
    }));
  });

  it('shows very long words as they are', () => {
    const long = '['.repeat(10_001);
    expect(parse(long)).toEqual([{ kind: 'paragraph', children: [long] }]);
  });
});

describe('an address that may be tapped', () => {
  it.each([['https://a.example', true], ['http://a.example', true], ['mailto:a@b.c', true], ['tel:+1', true],
    ['javascript:1', false], ['java\nscript:1', false], ['data:text/html,x', false], ['blob:https://a/1', false], ['/path', false], ['', false]])('%j: %j', (href, safe) => {
    expect(safeHref(href) !== undefined).toBe(safe);
  });
});
