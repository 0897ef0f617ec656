import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { type Block, type Inline, linked, parse } from '../markdown.js';

/** Links of words that are still being written cannot be reached: they are hidden from screen readers, and may yet change. */
interface Drawing {
  isDraft?: boolean;
}

export function Markdown({ text, isDraft = false }: { text: string } & Drawing) {
  const blocks = useMemo(() => parse(text, isDraft), [text, isDraft]);
  return <>{blocks.map((block) => <One block={block} isDraft={isDraft} />)}</>;
}

export function Plain({ text }: { text: string }) {
  return <p><Words nodes={linked(text)} /></p>;
}

function One({ block, isDraft = false }: { block: Block } & Drawing) {
  const words = (nodes: Inline[]): ComponentChildren => <Words nodes={nodes} isDraft={isDraft} />;
  const all = (blocks: Block[]): ComponentChildren => blocks.map((one) => <One block={one} isDraft={isDraft} />);
  switch (block.kind) {
    case 'paragraph': return <p>{words(block.children)}</p>;
    case 'heading': return <p class="heading">{words(block.children)}</p>;
    case 'quote': return <blockquote>{all(block.blocks)}</blockquote>;
    case 'code': return <pre tabIndex={isDraft ? -1 : 0}><code>{block.text}</code></pre>;
    case 'rule': return <hr />;
    case 'list': {
      const items = block.items.map((item) => <li>{all(item)}</li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case 'table': return (
      <div class="table" tabIndex={isDraft ? -1 : 0}>
        <table>
          <thead><tr>{block.head.map((cell) => <th scope="col">{words(cell)}</th>)}</tr></thead>
          <tbody>{block.rows.map((row) => <tr>{row.map((cell) => <td>{words(cell)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    );
  }
}

function Words({ nodes, isDraft = false }: { nodes: Inline[] } & Drawing) {
  return <>{nodes.map((node) => {
    if (typeof node === 'string') return node;
    if (node.kind === 'break') return <br />;
    if (node.kind === 'code') return <code>{node.text}</code>;
    const inner = <Words nodes={node.children} isDraft={isDraft} />;
    if (node.kind === 'link') return isDraft ? <u>{inner}</u> : <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">{inner}</a>;
    const Mark = node.kind;
    return <Mark>{inner}</Mark>;
  })}</>;
}
