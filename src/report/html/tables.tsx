/** Sections that are tables: changes, doors, findings to know about, limits. On a phone each row folds into a block. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type {
  Cell,
  ChangesView,
  ChangeView,
  DoorsView,
  FindingTable,
  LimitsView,
  Mark,
} from '../view-model.ts';
import { ToFinding } from './anchors.tsx';
import { Flow } from './flow.tsx';
import { priorityWord, Shape, sortKey, Trace } from './marks.tsx';
import { Section } from './section.tsx';

/** Head of a table whose columns have the classes c1, c2 … for their widths. */
export function Heads({ texts }: { texts: readonly string[] }): JSX.Element {
  return (
    <thead>
      <tr>
        {texts.map((text, index) => (
          <th scope="col" class={`c${index + 1}`}>
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface ChangesProps {
  readonly changes: ChangesView;
  /** A line each: without the details, and without room for reasons. */
  readonly short?: boolean;
  readonly m: Messages;
}

export function Changes({ changes, short, m }: ChangesProps): JSX.Element {
  return (
    <Section number="3" id="s3" title={m.sections.changes} lead={changes.lead}>
      {changes.none === undefined ? null : <p class="none">{changes.none}</p>}
      {changes.items.length === 0 ? null : (
        <>
          <div class="kinds">
            {changes.kinds.map(({ symbol, name, count }) => (
              <div>
                <b>
                  <i>{symbol}</i>
                  {m.number(count)}
                </b>
                {name}
              </div>
            ))}
          </div>
          <table class="fold changes sieve">
            <thead>
              <tr>
                <th scope="col" colSpan={2}>
                  {m.changes.kind}
                </th>
                <th scope="col">{m.changes.mark}</th>
                <th scope="col">{m.changes.what}</th>
              </tr>
            </thead>
            <tbody>
              {changes.items.map((item) => (
                <ChangeRow item={short === true ? { ...item, lines: [], ask: undefined } : item} m={m} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {changes.more === undefined ? null : <p class="small after-table">{changes.more}</p>}
    </Section>
  );
}

function ChangeRow({ item, m }: { item: ChangeView; m: Messages }): JSX.Element {
  return (
    <tr>
      <td class="k" title={m.ids.changeKind[item.kind].name}>
        {item.symbol}
      </td>
      <td class="i">{item.id}</td>
      <td class="p">
        <Shape m={m} mark={item} /> {priorityWord(m, item.priority)}{' '}
        {item.trace === undefined ? null : <Trace m={m} trace={item.trace} />}
      </td>
      <td class="w">
        <ChangeText item={item} />
      </td>
    </tr>
  );
}

/** What changed, in words, with a line to write the reason on. */
export function ChangeText({ item }: { item: ChangeView }): JSX.Element {
  return (
    <>
      <b>
        <Flow text={item.title} />
      </b>
      {item.lines.map((line) => (
        <span class="sub">
          <Flow text={line} />
        </span>
      ))}
      {item.ask === undefined ? null : <span class="ask">{item.ask}</span>}
    </>
  );
}

function IdHead({
  row,
  m,
}: {
  row: Mark & { id: string; anchor: string | undefined };
  m: Messages;
}): JSX.Element {
  return (
    <th scope="row" data-sort={sortKey(row, row.id)}>
      <span class="idline">
        <span class="id">
          <Shape m={m} mark={row} />
          <ToFinding anchor={row.anchor}>{row.id}</ToFinding>
        </span>
        <span class="sub">
          {priorityWord(m, row.priority)} {row.trace === undefined ? null : <Trace m={m} trace={row.trace} />}
        </span>
      </span>
    </th>
  );
}

function Td({ cell, label, className }: { cell: Cell; label: string; className?: string }): JSX.Element {
  return (
    <td class={className} data-l={label}>
      <div>
        <Flow text={cell.text} />
        {cell.sub.map((line) => (
          <span class="sub">
            <Flow text={line} />
          </span>
        ))}
      </div>
    </td>
  );
}

export function Doors({ doors, m }: { doors: DoorsView; m: Messages }): JSX.Element {
  const say = m.doors;
  const heads = [
    { text: say.id, strong: false, className: 'c1' },
    { text: say.door, strong: false, className: 'c2' },
    { text: say.product, strong: true, className: 'c3 three' },
    { text: say.authentication, strong: true, className: 'c4 three' },
    { text: say.patch, strong: true, className: 'c5 three' },
    { text: say.own, strong: false, className: 'c6 after' },
    { text: say.records, strong: false, className: 'c7' },
    { text: say.declared, strong: false, className: 'c8' },
  ];
  return (
    <Section number="4" id="s4" title={m.sections.doors} lead={say.lead} wide>
      {doors.none === undefined ? null : <p class="none">{doors.none}</p>}
      {doors.rows.length === 0 ? null : (
        <table class="fold doors sieve sortable">
          <thead>
            <tr>
              {heads.map(({ text, strong, className }) => (
                <th scope="col" class={className}>
                  {strong ? <b>{text}</b> : text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {doors.rows.map((row) => (
              <tr>
                <IdHead row={row} m={m} />
                <Td cell={row.place} label={say.door} />
                <Td cell={row.product} label={say.product} className="three" />
                <Td cell={row.authentication} label={say.authentication} className="three" />
                <Td cell={row.patch} label={say.patch} className="three" />
                <Td cell={row.own} label={say.own} className="after" />
                <Td cell={row.record} label={say.records} />
                <Td cell={row.declared} label={say.declared} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {doors.more === undefined ? null : <p class="small after-table">{doors.more}</p>}
      <p class="small after-table">{doors.note}</p>
    </Section>
  );
}

export function FindingList({ table, m }: { table: FindingTable; m: Messages }): JSX.Element {
  const say = m.finding;
  const heads = [m.doors.id, say.place, say.what, say.reading, say.firstSeen];
  return (
    <>
      <h3>{table.title}</h3>
      <p class="small">{table.note}</p>
      <table class="fold list sortable after-table">
        <Heads texts={heads} />
        <tbody>
          {table.rows.map((row) => (
            <tr id={row.anchor} data-p={row.priority}>
              <IdHead row={{ ...row, anchor: undefined }} m={m} />
              <Td cell={row.place} label={say.place} />
              <Td cell={row.what} label={say.what} />
              <Td cell={row.reading} label={say.reading} />
              <Td cell={row.since} label={say.firstSeen} />
            </tr>
          ))}
        </tbody>
      </table>
      {table.more === undefined ? null : <p class="small after-table">{table.more}</p>}
    </>
  );
}

interface LimitsProps {
  readonly limits: LimitsView;
  readonly folded?: boolean;
  readonly m: Messages;
}

export function Limits({ limits, folded, m }: LimitsProps): JSX.Element {
  const say = m.limits;
  const cell = ([text = '', ...sub]: readonly string[]): Cell => ({ text, sub });
  return (
    <Section
      number="15"
      id="s15"
      title={m.sections.limits}
      lead={say.lead}
      folded={folded === true ? m : undefined}
    >
      {limits.zero === undefined ? null : <p class="none">{limits.zero}</p>}
      <table class="fold cover-table">
        <Heads texts={[say.source, say.looked, say.answered, say.notLooked]} />
        <tbody>
          {limits.sources.map((source) => (
            <tr>
              <th scope="row">
                {source.name}
                <span class="sub">{source.state}</span>
              </th>
              <Td cell={cell(source.looked)} label={say.looked} />
              <Td cell={cell([source.answered])} label={say.answered} />
              <Td cell={cell(source.notLooked)} label={say.notLooked} />
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{say.scopeTitle}</h3>
      <Pairs items={limits.scope} small />
      <h3>{say.cannotTitle}</h3>
      <ul class="plain">
        {limits.cannot.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
      <h3>{say.promiseTitle}</h3>
      {limits.promise.map((line) => (
        <p>{line}</p>
      ))}
      <h3>{say.versionsTitle}</h3>
      <Pairs items={limits.versions} small />
    </Section>
  );
}

export function Pairs({
  items,
  small,
}: {
  items: readonly { readonly term: string; readonly text: string }[];
  small?: boolean;
}): JSX.Element {
  return (
    <dl class={small === true ? 'pairs facts-small' : 'pairs'}>
      {items.map(({ term, text }) => (
        <>
          <dt>{term}</dt>
          <dd>
            <Flow text={text} />
          </dd>
        </>
      ))}
    </dl>
  );
}
