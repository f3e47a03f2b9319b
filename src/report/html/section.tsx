import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { Flow } from './flow.tsx';
import { SectionNote } from './section-note.ts';

interface SectionProps {
  readonly number: string;
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** The heading stands above the content instead of beside it. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Section({ number, id, title, lead, wide, children }: SectionProps): JSX.Element {
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
      <div class="body">{children}</div>
    </section>
  );
}
