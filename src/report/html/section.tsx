import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { Messages } from '../messages/index.ts';
import { Flow } from './flow.tsx';
import { SectionNote } from './section-note.ts';

interface SectionProps {
  readonly number: string;
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** The heading stands above the content instead of beside it. */
  readonly wide?: boolean;
  /** Folded on a screen, for it is there to be looked up. */
  readonly folded?: Messages | undefined;
  readonly children: ComponentChildren;
}

export function Section({ number, id, title, lead, wide, folded, children }: SectionProps): JSX.Element {
  const note = useContext(SectionNote);
  return (
    <section id={id} class={wide === true ? 'wide' : undefined}>
      <div class="head">
        <div>
          <span class="no">{number}</span>
          <h2>{title}</h2>
        </div>
        {lead === '' ? null : <p class="small">{lead}</p>}
        {note === '' ? null : (
          <p class="section-note">
            <Flow text={note} />
          </p>
        )}
      </div>
      {folded === undefined ? (
        <div class="body">{children}</div>
      ) : (
        <details class="section-fold">
          <summary>{folded.script.openSection}</summary>
          <div class="body">{children}</div>
        </details>
      )}
    </section>
  );
}
