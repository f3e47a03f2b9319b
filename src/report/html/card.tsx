/** The numbers at the end of section 2: small tables, each with what its numbers are of. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { CardTable, CardView } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { Flow } from './flow.tsx';
import { Shape } from './marks.tsx';

export function Card({ card, m }: { card: CardView; m: Messages }): JSX.Element {
  return (
    <div class="card folded" id="card">
      <details>
        <summary>
          <h3>{card.title}</h3>
          <span class="inside">
            <Flow text={card.lead} />
          </span>
        </summary>
        <div class="card-parts">
          {card.tables.map((table) => (
            <Table table={table} m={m} />
          ))}
        </div>
      </details>
    </div>
  );
}

/** A number or a word in a cell is not broken. */
const SHORT = 12;

function widthOf({ text }: SheetCell): string | undefined {
  return [...text].length > SHORT ? undefined : 'nowrap';
}

function Table({ table, m }: { table: CardTable; m: Messages }): JSX.Element {
  const { id, title, head, rows, notes } = table;
  return (
    <div class="card-part" id={id}>
      <h4 id={`${id}-title`}>{title}</h4>
      {rows.length === 0 ? null : (
        <div class="scroll" tabindex={0} role="region" aria-labelledby={`${id}-title`}>
          <table class={head.length > 5 ? 'wide' : undefined}>
            <thead>
              <tr>
                {head.map((text) => (
                  <th scope="col">
                    <Flow text={text} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {row.map((cell, index) =>
                    index === 0 ? (
                      <th scope="row" class={widthOf(cell)}>
                        <CellText cell={cell} m={m} />
                      </th>
                    ) : (
                      <td class={widthOf(cell)}>
                        <CellText cell={cell} m={m} />
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {notes.map((note) => (
        <p class="small">
          <Flow text={note} />
        </p>
      ))}
    </div>
  );
}

function CellText({ cell, m }: { cell: SheetCell; m: Messages }): JSX.Element {
  const { text, mark, sub = [] } = cell;
  return (
    <>
      {mark === undefined ? null : <Shape m={m} mark={mark} size="tiny" />}
      <Flow text={text} />
      {sub.map((line) => (
        <span class="sub">
          <Flow text={line} />
        </span>
      ))}
    </>
  );
}
