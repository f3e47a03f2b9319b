/** A table that people work with: boxes to tick, lines to write on. On a phone each row folds into a block. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { SheetCell, SheetColumn, SheetView } from '../view-model-sections.ts';
import { ToFinding } from './anchors.tsx';
import { Flow } from './flow.tsx';
import { Shape, sortKey } from './marks.tsx';

/** From so many rows on a sheet can be filtered and sorted; one that people write on only when it is far longer than a sheet of paper. */
const MANY = 8;
const MANY_WRITTEN = 40;

export function Sheet({ sheet, m }: { sheet: SheetView; m: Messages }): JSX.Element {
  const { id, title, inside, rows } = sheet;
  if (inside === undefined || rows.length === 0)
    return (
      <div class="worksheet" id={id}>
        <h3>{title}</h3>
        <Content sheet={sheet} m={m} />
      </div>
    );
  return (
    <div class="worksheet folded" id={id}>
      <details>
        <summary>
          <h3>{title}</h3>
          <span class="inside">
            {inside === '' ? null : (
              <span>
                <Flow text={inside} />
              </span>
            )}
            <span class="nowrap">{m.script.rows(rows.length)}</span>
          </span>
        </summary>
        <Content sheet={sheet} m={m} />
      </details>
    </div>
  );
}

function Content({ sheet, m }: { sheet: SheetView; m: Messages }): JSX.Element {
  const { columns, rows } = sheet;
  const fixed = columns.some(({ width }) => width !== undefined);
  const many = rows.some((row) => row.some(isWritten)) ? MANY_WRITTEN : MANY;
  const classes = [
    'fold',
    ...(fixed ? ['fixed-columns'] : []),
    ...(rows.length > many ? ['sieve', 'sortable'] : []),
  ];
  return (
    <>
      {sheet.note === undefined ? null : (
        <p class="small">
          <Flow text={sheet.note} />
        </p>
      )}
      {rows.length === 0 ? null : (
        <table class={classes.join(' ')}>
          <thead>
            <tr>
              {columns.map(({ text, width }) => (
                <th scope="col" class={widthClass(width)}>
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr data-p={row.find(({ mark }) => mark !== undefined)?.mark?.priority}>
                {row.map((cell, index) => (
                  <Cell cell={cell} column={columns[index] ?? { text: '' }} first={index === 0} m={m} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sheet.more === undefined ? null : <p class="small after-table">{sheet.more}</p>}
    </>
  );
}

function isWritten({ ticks, blanks }: SheetCell): boolean {
  return ticks !== undefined || blanks !== undefined;
}

/** The policy of the page forbids styles of single elements: widths are classes of whole percents. */
function widthClass(width: number | undefined): string | undefined {
  return width === undefined ? undefined : `w${Math.min(100, Math.max(1, Math.round(width)))}`;
}

interface CellProps {
  readonly cell: SheetCell;
  readonly column: SheetColumn;
  readonly first: boolean;
  readonly m: Messages;
}

function Cell({ cell, column, first, m }: CellProps): JSX.Element {
  const { mark } = cell;
  const key = mark === undefined ? undefined : sortKey(mark, cell.text);
  const content = (
    <div>
      {mark === undefined ? (
        <CellText cell={cell} column={column} />
      ) : (
        <span class="id">
          <Shape m={m} mark={mark} />
          <ToFinding anchor={mark.anchor}>{cell.text}</ToFinding>
        </span>
      )}
      {cell.sub?.map((line) => (
        <span class="sub">
          <Flow text={line} />
        </span>
      ))}
      {cell.ticks === undefined ? null : (
        <span class={cell.text === '' ? 'ticks' : 'ticks beside'}>
          {cell.ticks.map((tick) => (
            <span class="tick">{tick}</span>
          ))}
        </span>
      )}
      {Array.from({ length: cell.blanks ?? 0 }, () => (
        <span class="line" />
      ))}
    </div>
  );
  // An empty line to write on heads nothing.
  return first && cell.text !== '' ? (
    <th scope="row" data-sort={key}>
      {content}
    </th>
  ) : (
    <td class={isBlank(cell) ? 'blank' : undefined} data-l={column.text} data-sort={key}>
      {content}
    </td>
  );
}

/** Only room to write: on paper. */
function isBlank({ text, sub, ticks }: SheetCell): boolean {
  return text === '' && ticks === undefined && (sub ?? []).length === 0;
}

function CellText({ cell, column }: { cell: SheetCell; column: SheetColumn }): JSX.Element {
  if (column.code === true) return <code>{cell.text}</code>;
  return <Flow text={cell.text} />;
}
