/** One sheet for the administrator of a small organisation. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { ReportView } from '../../view-model.ts';
import type { Helper, SmallView } from '../../view-model-pages.ts';
import { Flow } from '../flow.tsx';
import { Donts, PhoneBox, SheetTop, Task } from './sheet-parts.tsx';

export function SmallPage({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  const { small } = view;
  return (
    <main class="sheet">
      <header>
        <SheetTop head={small} />
        <p class="sheet-scope">
          {small.scope.map((line) => (
            <span>
              <Flow text={line} />
            </span>
          ))}
        </p>
      </header>
      <div class="sheet-today">
        <h2>
          {m.sections.today}
          {small.lead === '' ? null : <small>{small.lead}</small>}
        </h2>
        {small.none === undefined ? null : <p class="sheet-none">{small.none}</p>}
        {small.actions.map((action) => (
          <Task task={action} fixed={[]} m={m} />
        ))}
      </div>
      {small.phone === undefined ? null : <PhoneBox text={small.phone} m={m} />}
      <div class="sheet-two">
        <Donts rules={small.rules} m={m} />
        <div>
          <h2>
            {m.today.callTitle}
            <small>{m.pages.small.callNote}</small>
          </h2>
          <dl>
            {small.help.map((helper) => (
              <Help helper={helper} />
            ))}
          </dl>
        </div>
      </div>
      <Lines small={small} m={m} />
      <p class="sheet-law">{small.law}</p>
    </main>
  );
}

function Help({ helper }: { helper: Helper }): JSX.Element {
  const { who, what, phone, blank } = helper;
  return (
    <div>
      <dt>{who}</dt>
      <dd>
        {phone === undefined ? null : <b class="sheet-tel">{phone}</b>}
        <span>{what}</span>
        {blank === true ? <span class="sheet-blank" /> : null}
      </dd>
    </div>
  );
}

function Lines({ small, m }: { small: SmallView; m: Messages }): JSX.Element {
  const say = m.pages.small;
  const { changes, limits } = small;
  return (
    <div class="sheet-lines">
      <div>
        <h2>{say.changesTitle}</h2>
        <p>
          {changes.none}
          {changes.counts.map(({ symbol, name, count }) => (
            <span class="sheet-count">
              {symbol} {name} <b>{count}</b>
            </span>
          ))}
        </p>
      </div>
      <div>
        <h2>{say.limitsTitle}</h2>
        <p>
          {limits.cannot} <b>{limits.notThere}</b> {limits.missed}
        </p>
      </div>
    </div>
  );
}
