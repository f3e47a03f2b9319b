/** The page that lists the runs of an organisation: newest reports, how the numbers moved, every run with its files. */
import type { JSX } from 'preact';
import { Plot } from '../html/plots/plot.tsx';
import { Flow } from '../html/flow.tsx';
import { Shape } from '../html/marks.tsx';
import { Section } from '../html/section.tsx';
import { renderShell } from '../html/shell.tsx';
import { messagesFor, type Messages } from '../messages/index.ts';
import type { IndexInput, IndexLink, IndexRow, IndexView } from './index-model.ts';
import { buildIndex } from './index-view.ts';

/** One file that opens offline; its links are relative. */
export function renderIndex(input: IndexInput): string {
  const view = buildIndex(input);
  const m = messagesFor(view.lang);
  return renderShell({
    lang: view.lang,
    title: `${view.title} ${view.organisation}`,
    paper: { left: `${view.title}  ${view.organisation}`, right: view.tlp, foot: undefined },
    note: '',
    m,
    kind: 'index',
    children: <IndexPage view={view} m={m} />,
  });
}

function IndexPage({ view, m }: { view: IndexView; m: Messages }): JSX.Element {
  const say = m.files.index;
  return (
    <>
      <header class="cover">
        <div class="top">
          <div>
            <p class="kind">{m.title}</p>
            <h1>{view.title}</h1>
            <p class="org">{view.organisation}</p>
          </div>
          <div class="tlp">{view.tlp}</div>
        </div>
        <div class="health">
          <b>{view.lead[0]}</b>
          <span>{view.lead.slice(1).join(' ')}</span>
        </div>
      </header>
      <main>
        <Section number="1" id="newest" title={say.newest} lead={say.newestLead}>
          {view.newest.length === 0 ? (
            <p>{say.newestNone}</p>
          ) : (
            <dl class="pairs">
              {view.newest.map(({ link, of }) => (
                <>
                  <dt>
                    <Link link={link} lang={view.lang} m={m} />
                  </dt>
                  <dd>{of}</dd>
                </>
              ))}
            </dl>
          )}
        </Section>
        {view.plots.length === 0 ? null : (
          <Section number="2" id="trends" title={say.trends} lead={say.trendsLead} wide>
            {view.plots.map((plot) => (
              <Plot plot={plot} m={m} />
            ))}
            {view.plotsNote === undefined ? null : <p class="small after-table">{view.plotsNote}</p>}
          </Section>
        )}
        {view.rows.length === 0 ? null : (
          <Section
            number={view.plots.length === 0 ? '2' : '3'}
            id="runs"
            title={say.runs}
            lead={say.runsLead}
            wide
          >
            <Runs view={view} m={m} />
          </Section>
        )}
      </main>
    </>
  );
}

function Runs({ view, m }: { view: IndexView; m: Messages }): JSX.Element {
  const { columns } = m.files.index;
  const heads = [
    columns.date,
    columns.vantage,
    columns.health,
    columns.priorities,
    columns.doors,
    columns.changes,
    columns.reports,
  ];
  return (
    <>
      <table class="fold">
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <RunRow row={row} heads={heads} lang={view.lang} m={m} />
          ))}
        </tbody>
      </table>
      {view.more === undefined ? null : <p class="small after-table">{view.more}</p>}
    </>
  );
}

interface RowProps {
  readonly row: IndexRow;
  readonly heads: readonly string[];
  readonly lang: IndexView['lang'];
  readonly m: Messages;
}

function RunRow({ row, heads, lang, m }: RowProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <div>
          <Flow text={row.date} />
          <span class="sub">{row.runId}</span>
        </div>
      </th>
      <td data-l={heads[1]}>
        <Flow text={row.vantage} />
      </td>
      <td data-l={heads[2]}>
        <div>
          {row.health.map((text, index) => (
            <span class={index === 0 ? undefined : 'sub'}>{text}</span>
          ))}
        </div>
      </td>
      <td data-l={heads[3]}>
        <div>
          {row.priorities?.map(({ priority, count }) => (
            <span class="cell">
              <Shape m={m} mark={{ priority, unowned: false }} />
              {m.number(count)}
            </span>
          )) ?? m.dash}
        </div>
      </td>
      <td data-l={heads[4]}>
        <div>
          {row.doors}
          {row.doorsNote === '' ? null : <span class="sub">{row.doorsNote}</span>}
        </div>
      </td>
      <td data-l={heads[5]}>
        <div>
          {row.changes.map((text) => (
            <span>
              {text}
              <br />
            </span>
          ))}
        </div>
      </td>
      <td data-l={heads[6]}>
        <div>
          {row.links.map((link) => (
            <span class="cell">
              <Link link={{ ...link, text: link.short }} lang={lang} m={m} />
            </span>
          ))}
        </div>
      </td>
    </tr>
  );
}

function Link({ link, lang, m }: { link: IndexLink; lang: IndexView['lang']; m: Messages }): JSX.Element {
  const other = link.lang === lang ? link.text : m.withNote(link.text, link.lang);
  return (
    <a href={link.href} hreflang={link.lang}>
      {other}
    </a>
  );
}
