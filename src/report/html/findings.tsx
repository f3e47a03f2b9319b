/** Findings with their fixed parts, and the evidence as it is. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type {
  AppendixView,
  Block,
  BytesView,
  EvidenceView,
  FindingsView,
  FindingView,
} from '../view-model.ts';
import { Flow } from './flow.tsx';
import { Shape } from './marks.tsx';
import { Section } from './section.tsx';
import { FindingList, Pairs } from './tables.tsx';
import { Timeline } from './timeline.tsx';

export function Findings({ findings, m }: { findings: FindingsView; m: Messages }): JSX.Element {
  return (
    <Section number="5" id="s5" title={m.sections.findings} lead={findings.lead} wide>
      {findings.full.map((finding) => (
        <FindingArticle finding={finding} m={m} />
      ))}
      {findings.tables.map((table) => (
        <FindingList table={table} m={m} />
      ))}
    </Section>
  );
}

function FindingArticle({ finding, m }: { finding: FindingView; m: Messages }): JSX.Element {
  return (
    <article class="finding" id={finding.anchor}>
      <div class="finding-head">
        <div>
          <Shape m={m} mark={finding} size="large" />
        </div>
        <div>
          <p class="small">0 {m.finding.head}</p>
          <h3>
            <span class="finding-id">{finding.id}</span>
            <Flow text={finding.headline} />
          </h3>
          <dl class="meta">
            {finding.meta.map(({ term, text }) => (
              <div>
                <dt>{term}</dt>
                <dd>
                  <Flow text={text} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      {finding.parts.map(({ number, title, blocks }) => (
        <div class="part">
          <h4>
            <span class="no">{number}</span>
            {title}
          </h4>
          <div>
            {blocks.map((block) => (
              <BlockView block={block} m={m} />
            ))}
          </div>
        </div>
      ))}
    </article>
  );
}

function BlockView({ block, m }: { block: Block; m: Messages }): JSX.Element {
  switch (block.kind) {
    case 'text':
      return (
        <p class={block.small === true ? 'small' : undefined}>
          <Flow text={block.text} />
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
          <Flow text={block.text} />
        </p>
      );
    case 'command':
      return (
        <p>
          <code>{block.text}</code>
        </p>
      );
    case 'timeline':
      return <Timeline line={block} />;
    case 'evidence':
      return (
        <div>
          {block.items.map((item) => (
            <EvidenceBox item={item} m={m} anchor={false} />
          ))}
        </div>
      );
  }
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

export function Appendix({ appendix, m }: { appendix: AppendixView; m: Messages }): JSX.Element {
  return (
    <Section number="A" id="sA" title={m.sections.appendix} lead={m.evidence.lead} wide>
      {appendix.items.length === 0 ? <p class="none">{m.evidence.none}</p> : null}
      {appendix.items.map((item) => (
        <EvidenceBox item={item} m={m} anchor />
      ))}
      {appendix.omitted === undefined ? null : <p class="small after-table">{appendix.omitted}</p>}
    </Section>
  );
}

/**
 * Beside its finding an item is short and open, and points to its longer form in the appendix. That one carries the
 * anchor and is folded on a screen: a hundred answers in hex are for looking up, not for scrolling past.
 */
function EvidenceBox({ item, m, anchor }: { item: EvidenceView; m: Messages; anchor: boolean }): JSX.Element {
  const bytes = (
    <div class="bytes">
      <Bytes bytes={item.sent} m={m} />
      <Bytes bytes={item.received} m={m} />
    </div>
  );
  return (
    <div class="evidence" id={anchor ? item.reference : undefined}>
      <p>
        <b>{item.reference}</b> {item.label}{' '}
        <span class="small">
          <Flow text={item.about} />
        </span>
      </p>
      {anchor ? (
        <details class="folded">
          <summary>
            {item.sent.label} / {item.received.label}
          </summary>
          {bytes}
        </details>
      ) : (
        bytes
      )}
    </div>
  );
}

function Bytes({ bytes, m }: { bytes: BytesView; m: Messages }): JSX.Element {
  if (bytes.dump === undefined) {
    return (
      <div>
        <span>{bytes.none}</span>
      </div>
    );
  }
  return (
    <div>
      <span>{bytes.label}</span>
      <pre>{bytes.dump}</pre>
      {bytes.more === undefined ? null : <span>{bytes.more}</span>}
      {bytes.sha256 === undefined ? null : (
        <p class="hash">
          {m.evidence.hash} {bytes.sha256}
        </p>
      )}
    </div>
  );
}
