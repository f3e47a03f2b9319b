/** What was sent and what came back, as it is: short beside a finding, longer and as files in the appendix. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { AppendixView, BytesView, EvidenceView } from '../view-model.ts';
import { Flow } from './flow.tsx';
import { Section } from './section.tsx';
import { Pairs } from './tables.tsx';

/** Any type that a browser would show could be shown: as bytes it is only ever kept. */
const FILE = 'data:application/octet-stream;base64,';

interface AppendixProps {
  readonly appendix: AppendixView;
  readonly folded?: boolean;
  readonly m: Messages;
}

export function Appendix({ appendix, folded, m }: AppendixProps): JSX.Element {
  return (
    <Section
      number="A"
      id="sA"
      title={m.sections.appendix}
      lead={m.evidence.lead}
      wide
      folded={folded === true ? m : undefined}
    >
      {appendix.items.length === 0 ? (
        <p class="none">{m.evidence.none}</p>
      ) : (
        <div class="appendix">
          <p class="small">{m.script.appendix}</p>
          {appendix.items.map((item) => (
            <Entry item={item} m={m} />
          ))}
        </div>
      )}
      {[appendix.omitted, appendix.withoutFile].map((text) =>
        text === undefined ? null : <p class="small after-table">{text}</p>,
      )}
    </Section>
  );
}

/** Folded on a screen: a hundred answers in hex are for looking up, not for scrolling past. */
function Entry({ item, m }: { item: EvidenceView; m: Messages }): JSX.Element {
  return (
    <div class="evidence" id={item.reference}>
      <details>
        <summary>
          <b>{item.reference}</b> {item.label}{' '}
          <span class="small">
            <Flow text={item.about} />
          </span>
        </summary>
        <Pairs items={item.facts} small />
        <Exchange item={item} m={m} />
        <p class="small">
          <a href={`#${item.of.anchor}`}>{m.script.toFinding(item.of.id)}</a>
        </p>
      </details>
    </div>
  );
}

/** Beside its finding. */
export function EvidenceBox({ item, m }: { item: EvidenceView; m: Messages }): JSX.Element {
  return (
    <div class="evidence">
      <p>
        <a href={`#${item.reference}`}>
          <b>{item.reference}</b>
        </a>{' '}
        {item.label}{' '}
        <span class="small">
          <Flow text={item.about} />
        </span>
      </p>
      <details>
        <summary>
          {[item.sent, item.received]
            .filter(({ dump }) => dump !== undefined)
            .map(({ label }) => label)
            .join(m.listSeparator) || item.received.none}
        </summary>
        <Exchange item={item} m={m} />
        <p class="small">
          <a href={`#${item.reference}`}>{m.script.toAppendix}</a>
        </p>
      </details>
    </div>
  );
}

function Exchange({ item, m }: { item: EvidenceView; m: Messages }): JSX.Element {
  return (
    <div class="bytes">
      <Bytes bytes={item.sent} m={m} />
      <Bytes bytes={item.received} m={m} />
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
          {m.evidence.hash} <span data-copy={m.evidence.hash}>{bytes.sha256}</span>
        </p>
      )}
      {bytes.part === undefined ? null : <p class="hash">{bytes.part}</p>}
      {bytes.file === undefined ? null : (
        <p class="file">
          <a download={bytes.file.name} href={`${FILE}${bytes.file.base64}`}>
            {m.script.download(sizeOf(bytes.file.base64))}
          </a>
        </p>
      )}
    </div>
  );
}

/** Bytes of a text in base64. */
function sizeOf(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : Number(base64.endsWith('=')));
}
