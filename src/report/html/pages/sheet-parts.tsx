/** What the sheets share: their head, a task with its mark and its days, the box to read from. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { Mark } from '../../view-model.ts';
import type { SheetHead } from '../../view-model-pages.ts';
import { Flow } from '../flow.tsx';
import { DontList } from '../front.tsx';
import { priorityWord, Shape } from '../marks.tsx';

export function SheetTop({ head }: { head: SheetHead }): JSX.Element {
  return (
    <div class="sheet-top">
      <div>
        <h1>{head.title}</h1>
        <p class="sheet-org">
          {head.organisation}
          <span>{head.date}</span>
        </p>
      </div>
      <div class="tlp">{head.tlp}</div>
      {head.band === undefined ? null : <p class="sheet-band">{head.band}</p>}
    </div>
  );
}

interface TaskProps {
  readonly task: Mark & {
    readonly id: string;
    readonly headline: string;
    readonly where: string;
    readonly steps: readonly string[];
    readonly begin: string;
    readonly finish: string;
  };
  /** Printed bold under the steps. */
  readonly fixed: readonly string[];
  readonly m: Messages;
}

export function Task({ task, fixed, m }: TaskProps): JSX.Element {
  const { begin, finish } = m.pages.small.due;
  return (
    <article class="act">
      <div class="act-mark">
        <Shape m={m} mark={task} size="large" />
        <div>{priorityWord(m, task.priority)}</div>
      </div>
      <div>
        <h3>
          <Flow text={task.headline} />
        </h3>
        <p class="act-where">
          <Flow text={task.where} />
        </p>
        <ol>
          {task.steps.map((step) => (
            <li>
              <Flow text={step} />
            </li>
          ))}
        </ol>
        {fixed.map((text) => (
          <p class="act-fixed">
            <Flow text={text} />
          </p>
        ))}
      </div>
      <dl class="act-due">
        <dt>{begin}</dt>
        <dd>{task.begin}</dd>
        <dt>{finish}</dt>
        <dd>{task.finish}</dd>
        <dd class="act-id">{task.id}</dd>
      </dl>
    </article>
  );
}

/** With a heading of its own: who is on the phone must find it at once. */
export function PhoneBox({ text, m }: { text: string; m: Messages }): JSX.Element {
  return (
    <div class="sheet-phone">
      <h2>{m.pages.small.phone}</h2>
      <p>
        <Flow text={text} />
      </p>
    </div>
  );
}

export function Donts({ rules, m }: { rules: readonly string[]; m: Messages }): JSX.Element {
  return (
    <div>
      <h2>{m.pages.small.dontsTitle}</h2>
      <DontList m={m} />
      {rules.map((rule) => (
        <p class="sheet-rule">{rule}</p>
      ))}
    </div>
  );
}
