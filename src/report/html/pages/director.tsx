/** One sheet for who decides. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { NumberView, ReportView } from '../../view-model.ts';
import type { DirectorView } from '../../view-model-pages.ts';
import { Flow } from '../flow.tsx';
import { SheetTop } from './sheet-parts.tsx';

export function DirectorPage({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  const { director } = view;
  const say = m.pages.director;
  return (
    <main class="sheet">
      <header>
        <SheetTop head={director} />
      </header>
      <p class="conclusion">
        <Flow text={director.conclusion} />
      </p>
      <Numbers director={director} m={m} />
      <h2>{say.mayTitle}</h2>
      <dl class="may">
        {director.may.map(({ what, text }) => (
          <div>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="sheet-law">{director.maySource}</p>
      <Decisions director={director} m={m} />
      <Sites director={director} m={m} />
      <div class="sheet-lines">
        <div>
          <h2>{say.limitsTitle}</h2>
          <p>{m.lines(director.limits)}</p>
        </div>
      </div>
      <p class="sheet-law">{director.law}</p>
    </main>
  );
}

function Numbers({ director, m }: { director: DirectorView; m: Messages }): JSX.Element {
  return (
    <div class="five" role="group" aria-label={m.pages.director.numbersTitle}>
      {director.numbers.map((number) => (
        <One number={number} m={m} />
      ))}
      <div class="five-pair">
        {director.pair.map((number) => (
          <One number={number} m={m} />
        ))}
        {director.said === undefined ? null : <p>{director.said}</p>}
        {director.ask === undefined ? null : <em>{director.ask}</em>}
      </div>
    </div>
  );
}

function One({ number, m }: { number: NumberView; m: Messages }): JSX.Element {
  const { value, unit, label, note } = number;
  return (
    <div class="one">
      {value === undefined ? (
        <b class="word-only">{m.pages.director.unknown}</b>
      ) : (
        <b>
          {value}
          <small>{unit}</small>
        </b>
      )}
      <span>{label}</span>
      {note === '' ? null : <em>{note}</em>}
    </div>
  );
}

function Decisions({ director, m }: { director: DirectorView; m: Messages }): JSX.Element {
  const say = m.pages.director;
  return (
    <>
      <h2>{say.decisionsTitle}</h2>
      {director.decisions.length === 0 ? (
        <p class="sheet-none">{say.noDecisions}</p>
      ) : (
        <table class="decisions">
          <thead>
            <tr>
              <th>{say.decision}</th>
              <th>{say.what}</th>
              <th>{say.by}</th>
            </tr>
          </thead>
          <tbody>
            {director.decisions.map(({ kind, text, sub, by }) => (
              <tr>
                <th scope="row">{kind}</th>
                <td>
                  <Flow text={text} />
                  {sub === '' ? null : <span class="sub">{sub}</span>}
                </td>
                <td>{by}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Sites({ director, m }: { director: DirectorView; m: Messages }): JSX.Element {
  const say = m.pages.director;
  return (
    <>
      <h2>{say.sitesTitle}</h2>
      <table class="sites">
        <thead>
          <tr>
            {[say.site, say.siteDoors, say.siteUrgent, say.siteOwner, say.siteLongest].map((text) => (
              <th>{text}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {director.sites.rows.map(([name, ...cells]) => (
            <tr>
              <th scope="row">{name}</th>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {director.sites.more === undefined ? null : <p class="sheet-law">{director.sites.more}</p>}
    </>
  );
}
