/** What a report from records alone says of itself, and what only the owner can answer. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { CandidatesView, LedgerView, PassiveView, YoursView } from '../view-model-rescue.ts';
import { Flow } from './flow.tsx';
import { Heads } from './tables.tsx';

export function PassiveBand({ passive }: { passive: PassiveView }): JSX.Element {
  return (
    <div class="records" role="note">
      <div>
        <p class="records-title">{passive.title}</p>
        {passive.lines.map((line) => (
          <p>
            <Flow text={line} />
          </p>
        ))}
      </div>
      <div>
        <p>
          <b>{passive.cannotTitle}</b>
        </p>
        <ul>
          {passive.cannot.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Stands in section 11, under its heading. */
export function Yours({ yours, m }: { yours: YoursView; m: Messages }): JSX.Element {
  const { lead, candidates, ledger } = yours;
  return (
    <>
      <h3 id="yours">{m.yours.title}</h3>
      <p class="small">{lead}</p>
      {candidates === undefined ? null : <Candidates candidates={candidates} m={m} />}
      {ledger === undefined ? null : <Ledger ledger={ledger} m={m} />}
    </>
  );
}

function Candidates({ candidates, m }: { candidates: CandidatesView; m: Messages }): JSX.Element {
  const say = m.yours;
  const { rows, notes, providers } = candidates;
  const heads = [say.value, say.how, say.date, say.shows, say.answer];
  return (
    <>
      {rows.length === 0 ? null : (
        <table class="fold yours sieve sortable">
          <Heads texts={heads} />
          <tbody>
            {rows.map(({ value, found, date, shows }) => (
              <tr>
                <th scope="row">{value}</th>
                <td data-l={say.how}>
                  <div>
                    {found.map((line) => (
                      <span class="way-line">
                        <Flow text={line} />
                      </span>
                    ))}
                  </div>
                </td>
                <td data-l={say.date}>
                  <div>
                    <Flow text={date} />
                  </div>
                </td>
                <td data-l={say.shows}>
                  <div>
                    {shows.length === 0 ? m.dash : shows.map((line) => <span class="way-line">{line}</span>)}
                  </div>
                </td>
                <td data-l={say.answer}>
                  <div class="answer">
                    <span class="tick">{say.yes}</span>
                    <span class="tick">{say.no}</span>
                    <span class="ask">{say.ask}</span>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {notes.map((line) => (
        <p class="small after-table">
          <Flow text={line} />
        </p>
      ))}
      {providers === undefined ? null : (
        <>
          <h3>{say.providersTitle}</h3>
          <p class="small">{providers.note}</p>
          <p class="lent">{providers.names}</p>
        </>
      )}
    </>
  );
}

function Ledger({ ledger, m }: { ledger: LedgerView; m: Messages }): JSX.Element {
  const { lead, unlisted, unseen } = ledger;
  return (
    <>
      <h3>{m.ledger.title}</h3>
      <p class="small">{lead}</p>
      <div class="two ledger">
        {unlisted === undefined ? null : <Part part={unlisted} className="boxes" />}
        {unseen === undefined ? null : <Part part={unseen} className="" />}
      </div>
    </>
  );
}

function Part({
  part,
  className,
}: {
  part: { readonly text: string; readonly items: readonly string[] };
  className: string;
}): JSX.Element {
  return (
    <div>
      <p>{part.text}</p>
      {part.items.length === 0 ? null : (
        <ul class={className}>
          {part.items.map((item) => (
            <li>
              <Flow text={item} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
