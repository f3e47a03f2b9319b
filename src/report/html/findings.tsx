/** Findings with their fixed parts. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { FindingsView, FindingView, PartView } from '../view-model.ts';
import { BlockView } from './blocks.tsx';
import { Flow } from './flow.tsx';
import { Shape } from './marks.tsx';
import { Section } from './section.tsx';
import { FindingList, Pairs } from './tables.tsx';

/**
 * A finding with all its parts is as long as two sheets of paper. Open from the start is the first that asks for work today: it shows what
 * the others hold, and an open page of them would hide how many there are. All others show their head: what, where, by when. A link to a
 * finding opens it, and paper opens everything.
 */
const OPEN = 1;

/**
 * Parts that stand open in an opened finding: what people need before the first action, in the order in which they need it. What is worked
 * through later, or looked up (5–12), is a line with its title: together they read as the contents of the finding.
 */
const FIRST: readonly (number | undefined)[] = [undefined, 1, 2, 3, 4];
/** For a visit: what was seen, why it matters, how it is known, which traces, since when. */
const FOR_VISIT: readonly (number | undefined)[] = [1, 2, 3, 6, 10];
const PRESERVE = 5;

interface FindingsProps {
  readonly findings: FindingsView;
  readonly visit?: boolean;
  readonly m: Messages;
}

export function Findings({ findings, visit, m }: FindingsProps): JSX.Element {
  return (
    <Section number="5" id="s5" title={m.sections.findings} lead={findings.lead} wide>
      <div class="findings">
        {findings.full.map((finding, index) => (
          <FindingArticle
            finding={finding}
            open={visit !== true && finding.priority === 'P1' && index < OPEN}
            parts={visit === true ? FOR_VISIT : FIRST}
            m={m}
          />
        ))}
        {findings.tables.map((table) => (
          <FindingList table={table} m={m} />
        ))}
      </div>
    </Section>
  );
}

interface FindingProps {
  readonly finding: FindingView;
  readonly open: boolean;
  readonly parts: readonly (number | undefined)[];
  readonly m: Messages;
}

function FindingArticle({ finding, open, parts, m }: FindingProps): JSX.Element {
  // "Record first" stands before the first action in time: its list may not hide behind a line.
  const shown = finding.trace === 'T2' ? [...parts, PRESERVE] : parts;
  return (
    <article class="finding" id={finding.anchor} data-p={finding.priority}>
      <details open={open}>
        <summary>
          <Shape m={m} mark={finding} size="large" />
          <div class="finding-head">
            <h3>
              <span class="finding-id">{finding.id}</span> <Flow text={finding.headline} />
            </h3>
            <p class="meta">
              {finding.meta.map(({ term, text }) => (
                <span>
                  {term} <b>{text}</b>
                </span>
              ))}
            </p>
            {finding.gist === '' ? null : (
              <p class="gist">
                <Flow text={finding.gist} />
              </p>
            )}
          </div>
        </summary>
        <div class="finding-body">
          <div class="part">
            <PartTitle number={0} title={m.finding.head} />
            <div>
              <Pairs items={finding.ground} small />
            </div>
          </div>
          {finding.parts.map((part) => (
            <Part part={part} open={shown.includes(part.number)} m={m} />
          ))}
        </div>
      </details>
    </article>
  );
}

function Part({ part, open, m }: { part: PartView; open: boolean; m: Messages }): JSX.Element {
  const title = <PartTitle number={part.number} title={part.title} />;
  const content = (
    <div>
      {part.blocks.map((block) => (
        <BlockView block={block} m={m} />
      ))}
    </div>
  );
  if (open) {
    return (
      <div class="part">
        {title}
        {content}
      </div>
    );
  }
  return (
    <details class="part">
      <summary>{title}</summary>
      {content}
    </details>
  );
}

function PartTitle({ number, title }: { number: number | undefined; title: string }): JSX.Element {
  return (
    <h4>
      <span class="no">{number}</span>
      {title}
    </h4>
  );
}
