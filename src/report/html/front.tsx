/** Cover, what to do today, and the boundary at a glance: what the first sheet of paper must carry. */
import type { ComponentChildren, JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { ActionView, CoverView, GlanceView, GridView, NumberView, TodayView } from '../view-model.ts';
import type { PassiveView } from '../view-model-rescue.ts';
import { ToFinding } from './anchors.tsx';
import { Flow } from './flow.tsx';
import { BoundaryMap } from './map.tsx';
import { markName, priorityWord, Shape, Trace } from './marks.tsx';
import { PassiveBand } from './rescue.tsx';
import { Section } from './section.tsx';

export interface NavItem {
  readonly number: string;
  readonly id: string;
  readonly title: string;
}

export function Cover({
  cover,
  passive,
  nav,
  m,
  children,
}: {
  cover: CoverView;
  passive: PassiveView | undefined;
  nav: readonly NavItem[];
  m: Messages;
  /** Before the contents. */
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <header class="cover">
      <a class="skip" href="#main">
        {m.script.skip}
      </a>
      <div class="top">
        <div>
          <p class="kind">{cover.kind}</p>
          <h1>{cover.title}</h1>
          <p class="org">{cover.organisation}</p>
        </div>
        <div class="tlp">{cover.tlp}</div>
      </div>
      {passive === undefined ? null : <PassiveBand passive={passive} />}
      <dl class="facts">
        {cover.facts.map(({ label, lines }) => (
          <div>
            <dt>{label}</dt>
            {lines.map((line) => (
              <dd>
                <Flow text={line} />
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <div class="health">
        <b>{cover.health.label}</b>
        <span>
          {cover.health.text} <a href="#s15">{m.cover.more}</a>
        </span>
      </div>
      {children}
      <nav aria-label={m.contents}>
        <ul>
          {nav.map(({ number, id, title }) => (
            <li>
              <a href={`#${id}`}>
                <span class="no">{number}</span>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

interface TodayProps {
  readonly today: TodayView;
  /** What is asked for and by when, without the steps: for those who only need to know that it was asked. */
  readonly short?: boolean;
  readonly m: Messages;
}

export function Today({ today, short, m }: TodayProps): JSX.Element {
  return (
    <Section number="1" id="s1" title={m.sections.today} lead={today.lead}>
      {today.none === undefined ? null : <p class="none">{today.none}</p>}
      {today.actions.map((action) => (
        <Action action={short === true ? { ...action, steps: [], notes: [] } : action} m={m} />
      ))}
      {short === true ? null : <Help today={today} m={m} />}
    </Section>
  );
}

function Help({ today, m }: { today: TodayView; m: Messages }): JSX.Element {
  return (
    <div class="two">
      {today.actions.length === 0 ? null : <Donts rules={today.rules} m={m} />}
      <div>
        <h3>{m.today.callTitle}</h3>
        <dl class="call">
          {today.help.map(({ who, what, phone }) => (
            <div>
              <dt>{who}</dt>
              <dd>
                {phone === undefined ? null : <b class="tel">{phone}</b>}
                {what}
              </dd>
            </div>
          ))}
        </dl>
        <p class="small">{today.helpText}</p>
      </div>
    </div>
  );
}

export function DontList({ m }: { m: Messages }): JSX.Element {
  return (
    <ul>
      {m.today.donts.map(({ what, why }) => (
        <li>
          <b>{what}</b>
          <span>{why}</span>
        </li>
      ))}
    </ul>
  );
}

function Donts({ rules, m }: { rules: readonly string[]; m: Messages }): JSX.Element {
  return (
    <div>
      <h3>{m.today.dontTitle}</h3>
      <DontList m={m} />
      {rules.map((rule) => (
        <p class="small">{rule}</p>
      ))}
    </div>
  );
}

function Action({ action, m }: { action: ActionView; m: Messages }): JSX.Element {
  return (
    <article class={action.steps.length + action.notes.length === 0 ? 'action brief' : 'action'}>
      <div>
        <Shape m={m} mark={action} size="large" />
        <div class="word">{priorityWord(m, action.priority)}</div>
      </div>
      <div>
        <h3>
          <ToFinding anchor={action.anchor}>
            <Flow text={action.headline} />
          </ToFinding>
        </h3>
        <p class="where">
          <Flow text={action.where} />
        </p>
        {action.steps.length === 0 ? null : (
          <ol>
            {action.steps.map((step) => (
              <li>
                <Flow text={step} />
              </li>
            ))}
          </ol>
        )}
        {action.notes.map((note) => (
          <p class="fixed">
            <Flow text={note} />
          </p>
        ))}
      </div>
      <dl class="due">
        <dt>{m.today.begin}</dt>
        <dd>
          <b>{action.begin}</b>
        </dd>
        <dt>{m.today.finish}</dt>
        <dd>
          <b>{action.finish}</b>
        </dd>
        <dt>{m.today.id}</dt>
        <dd>
          {action.id} {action.trace === undefined ? null : <Trace m={m} trace={action.trace} word />}
        </dd>
      </dl>
    </article>
  );
}

interface GlanceProps {
  readonly glance: GlanceView;
  /** Without the table of sites and kinds. */
  readonly short?: boolean;
  readonly m: Messages;
  readonly children?: ComponentChildren;
}

export function Glance({ glance, short, m, children }: GlanceProps): JSX.Element {
  return (
    <Section number="2" id="s2" title={m.sections.glance} lead={glance.lead}>
      <div class="numbers">
        {glance.numbers.map((number) => (
          <Figure number={number} m={m} />
        ))}
        {glance.pair.length === 0 ? null : (
          <div class="pair">
            {glance.pair.map((number) => (
              <Figure number={number} m={m} />
            ))}
          </div>
        )}
      </div>
      <h3>{m.glance.map}</h3>
      <BoundaryMap map={glance.map} m={m} />
      {short === true ? null : (
        <>
          <h3>{m.glance.grid}</h3>
          <Grid grid={glance.grid} m={m} />
          {glance.grid.empty === '' ? null : <p class="small after-table">{glance.grid.empty}</p>}
        </>
      )}
      {children}
    </Section>
  );
}

function Figure({ number, m }: { number: NumberView; m: Messages }): JSX.Element {
  return (
    <div class="number">
      {number.value === undefined ? (
        <span class="value word-value">{m.glance.unknownNumber}</span>
      ) : (
        <span class="value">
          {number.value}
          {number.unit === '' ? null : <small>{number.unit}</small>}
        </span>
      )}
      <span class="label">{number.label}</span>
      {number.note === '' ? null : (
        <p>
          <Flow text={number.note} />
        </p>
      )}
    </div>
  );
}

function Grid({ grid, m }: { grid: GridView; m: Messages }): JSX.Element {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={m.glance.grid}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{m.glance.site}</th>
            {grid.columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row) => (
            <tr>
              <th scope="row">
                {row.name}
                <span class="sub">{row.kind}</span>
              </th>
              {row.cells.map((cell) =>
                cell.length === 0 ? (
                  <td class="zero">{m.dash}</td>
                ) : (
                  <td>
                    {cell.map((part) => (
                      <span class="cell" title={markName(m, part)}>
                        <Shape m={m} mark={part} />
                        {m.number(part.count)}
                      </span>
                    ))}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
