/** Only what changed, the work for it, and whether the check itself was in order. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { ChangeView, ReportView } from '../../view-model.ts';
import { weeklyParts, type WeeklyParts } from '../../weekly-parts.ts';
import { priorityWord, Shape, Trace } from '../marks.tsx';
import { ChangeText } from '../tables.tsx';
import { Donts, PhoneBox, SheetTop, Task } from './sheet-parts.tsx';

export function WeeklyPage({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  const parts = weeklyParts(view, m);
  const [first] = parts.actions;
  return (
    <main class="sheet">
      <header>
        <SheetTop head={{ ...view.small, title: m.pages.weekly.title }} />
        <p class="conclusion">{parts.state}</p>
      </header>
      {first === undefined ? null : (
        <>
          <div class="sheet-today">
            <h2>{m.weekly.today}</h2>
            {parts.actions.map((action) => (
              <Task task={action} fixed={action.notes} m={m} />
            ))}
          </div>
          <PhoneBox text={first.phone} m={m} />
        </>
      )}
      <h2 class="sheet-head">{m.weekly.changes}</h2>
      <Changes view={view} parts={parts} m={m} />
      {parts.expiring.length === 0 ? null : (
        <>
          <h2 class="sheet-head">{m.weekly.expiring}</h2>
          <ChangeTable items={parts.expiring} m={m} />
        </>
      )}
      {parts.still === undefined ? null : <p class="sheet-still">{parts.still}</p>}
      {first === undefined ? null : (
        <div class="sheet-two">
          <Donts rules={view.today.rules} m={m} />
        </div>
      )}
      <Health view={view} m={m} />
      <p class="sheet-law">{view.small.law}</p>
    </main>
  );
}

function Changes({ view, parts, m }: { view: ReportView; parts: WeeklyParts; m: Messages }): JSX.Element {
  const { weekly } = view;
  if (parts.first) return <p class="sheet-none">{m.changes.first}</p>;
  if (parts.quiet)
    return <p class="sheet-none">{weekly.complete ? m.pages.weekly.quiet : m.pages.weekly.unsure}</p>;
  return (
    <>
      <p class="sheet-law">{m.weekly.intro(weekly.previous ?? '')}</p>
      <ChangeTable items={parts.changes} m={m} />
      {parts.more === undefined ? null : <p class="sheet-law">{parts.more}</p>}
    </>
  );
}

function ChangeTable({ items, m }: { items: readonly ChangeView[]; m: Messages }): JSX.Element {
  return (
    <table class="moved">
      <thead>
        <tr>
          <th colspan={2}>{m.changes.kind}</th>
          <th>{m.changes.mark}</th>
          <th>{m.changes.what}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr>
            <td class="moved-kind" title={m.ids.changeKind[item.kind].name}>
              {item.symbol}
            </td>
            <th scope="row">{item.id}</th>
            <td class="moved-mark">
              <Shape m={m} mark={item} /> {priorityWord(m, item.priority)}
              {item.trace === undefined ? null : <Trace m={m} trace={item.trace} />}
            </td>
            <td>
              <ChangeText item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Health({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  const { weekly, small } = view;
  return (
    <div class="sheet-lines">
      <div>
        <h2>{m.weekly.health}</h2>
        <p>
          {weekly.complete ? null : <b>{m.weekly.healthBad} </b>}
          {weekly.health} {weekly.stale}
        </p>
      </div>
      <div>
        <h2>{m.pages.weekly.limitsTitle}</h2>
        <p>
          {small.limits.cannot} <b>{small.limits.notThere}</b> {small.limits.missed}
        </p>
      </div>
    </div>
  );
}
