/** The blocks that findings and sections are made of. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { Block } from '../view-model.ts';
import { EvidenceBox } from './evidence.tsx';
import { Flow } from './flow.tsx';
import { Plot } from './plots/plot.tsx';
import { Sheet } from './sheet.tsx';
import { Pairs } from './tables.tsx';
import { Timeline } from './timeline.tsx';

export function BlockView({ block, m }: { block: Block; m: Messages }): JSX.Element {
  switch (block.kind) {
    case 'text':
      return (
        <p class={block.small === true ? 'small' : undefined}>
          <Linked text={block.text} links={block.links ?? []} />
        </p>
      );
    case 'rule':
      return <p class="fixed">{block.text}</p>;
    case 'list':
      return <List style={block.style} items={block.items} />;
    case 'pairs':
      return <Pairs items={block.items} small={block.small === true} />;
    case 'table':
      return <LogTable block={block} />;
    case 'phone':
      return (
        <p class="phone">
          <span class="for">{block.label}</span>
          <span data-copy={block.label}>
            <Flow text={block.text} />
          </span>
        </p>
      );
    case 'command':
      return (
        <p>
          <code data-copy={block.text}>{block.text}</code>
        </p>
      );
    case 'timeline':
      return <Timeline line={block} />;
    case 'heading':
      return <h3 id={block.anchor}>{block.text}</h3>;
    case 'box':
      return (
        <div class="box" role="note">
          <p>
            <b>{block.title}</b>
          </p>
          <ul>
            {block.items.map((item) => (
              <li>
                <Flow text={item} />
              </li>
            ))}
          </ul>
        </div>
      );
    case 'sheet':
      return <Sheet sheet={block} m={m} />;
    case 'plot':
      return <Plot plot={block.plot} m={m} />;
    case 'evidence':
      return (
        <div>
          {block.items.map((item) => (
            <EvidenceBox item={item} m={m} />
          ))}
        </div>
      );
  }
}

/** @param links In their order in the text. */
function Linked({ text, links }: { text: string; links: readonly string[] }): JSX.Element {
  const parts: JSX.Element[] = [];
  let end = 0;
  for (const link of links) {
    const at = text.indexOf(link, end);
    if (at < 0) continue;
    parts.push(<Flow text={text.slice(end, at)} />, <a href={`#${link}`}>{link}</a>);
    end = at + link.length;
  }
  return (
    <>
      {parts}
      <Flow text={text.slice(end)} />
    </>
  );
}

function List({
  style,
  items,
}: {
  style: 'numbers' | 'bullets' | 'boxes';
  items: readonly string[];
}): JSX.Element {
  const lines = items.map((item) => (
    <li>
      <Flow text={item} />
    </li>
  ));
  if (style === 'numbers') return <ol>{lines}</ol>;
  return <ul class={style === 'boxes' ? 'boxes' : undefined}>{lines}</ul>;
}

function LogTable({ block }: { block: Extract<Block, { kind: 'table' }> }): JSX.Element {
  return (
    <table class="fold logs">
      <thead>
        <tr>
          {block.head.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {block.rows.map((row) => (
          <tr>
            {row.map((cell, index) => (
              <td>{index === 0 && block.code ? <code>{cell}</code> : <Flow text={cell} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
