/** Parts of the report that only the owner can fill in, for their tests. */
import type { Answers } from '../../src/model/answers.ts';
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type {
  ControlsPlot,
  SectionView,
  SheetCell,
  SheetView,
} from '../../src/report/view-model-sections.ts';
import { evidence } from './fixture-runs.ts';
import { knowledge, snapshot } from './fixture.ts';

export function view(
  of: Snapshot = snapshot,
  told?: Answers,
  lang: 'ja' | 'en' = 'en',
  known: Knowledge = knowledge,
): ReportView {
  return buildView({
    snapshot: of,
    knowledge: known,
    evidence,
    lang,
    ...(told === undefined ? {} : { answers: told }),
  });
}

export function section(number: '8' | '9' | '10', ...args: Parameters<typeof view>): SectionView {
  const found = view(...args).sections.find((one) => one.number === number);
  if (found === undefined) throw new Error(number);
  return found;
}

export function sheets({ blocks }: SectionView): SheetView[] {
  return blocks.filter((block) => block.kind === 'sheet');
}

export function sheet(of: SectionView, id: string): SheetView {
  const found = sheets(of).find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

export const cellText = ({ text, sub = [] }: SheetCell): string => [text, ...sub].join(' | ');
export const rowsOf = (of: SheetView, id: string): readonly (readonly SheetCell[])[] =>
  of.rows.filter(([first]) => first?.text === id);

export function controls(...args: Parameters<typeof view>): ControlsPlot {
  const plots = section('10', ...args).blocks.flatMap((block) => (block.kind === 'plot' ? [block.plot] : []));
  const found = plots.find((plot) => plot.kind === 'controls');
  if (found === undefined) throw new Error('no controls');
  return found;
}

export function control(plot: ControlsPlot, id: string, column: number): string {
  const cell = plot.rows.find((row) => row.id === id)?.cells[column];
  return cell === undefined ? 'missing' : `${cell.state}: ${cell.from}`;
}
