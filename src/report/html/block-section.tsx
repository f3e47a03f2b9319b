import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { ReportView } from '../view-model.ts';
import { anchorOfSection, type SectionNumber } from '../views.ts';
import { BlockView } from './blocks.tsx';
import { Yours } from './rescue.tsx';
import { Section } from './section.tsx';

/** Those of the sections made of blocks that the run has. */
export function Blocks({
  view,
  numbers,
  folded = [],
  m,
}: {
  view: ReportView;
  numbers: readonly SectionNumber[];
  /** Those that are there to be looked up. */
  folded?: readonly SectionNumber[];
  m: Messages;
}): JSX.Element {
  return (
    <>
      {view.sections
        .filter(({ number }) => numbers.includes(number))
        .map(({ number, title, lead, blocks }) => (
          <Section
            number={number}
            id={anchorOfSection(number)}
            title={title}
            lead={lead}
            wide
            folded={folded.includes(number) ? m : undefined}
          >
            {blocks.map((block) => (
              <BlockView block={block} m={m} />
            ))}
            {number === '11' && view.yours !== undefined ? <Yours yours={view.yours} m={m} /> : null}
          </Section>
        ))}
    </>
  );
}
