import type { Messages } from '../messages/index.ts';
import type { ReportView } from '../view-model.ts';
import { anchorOfSection, type SectionNumber } from '../views.ts';
import type { NavItem } from './front.tsx';

/** Sections that this run has, in their order. */
export function navigation(view: ReportView, m: Messages): NavItem[] {
  const { sections } = m;
  const item = (number: SectionNumber, title: string): NavItem => ({
    number,
    id: anchorOfSection(number),
    title,
  });
  const made = (...numbers: readonly SectionNumber[]): NavItem[] =>
    view.sections.flatMap(({ number, title }) => (numbers.includes(number) ? [item(number, title)] : []));
  return [
    item('1', sections.today),
    item('2', sections.glance),
    item('3', sections.changes),
    item('4', sections.doors),
    item('5', sections.findings),
    ...made('6', '7', '8', '9', '10', '11', '12', '13', '14'),
    item('15', sections.limits),
    item('A', sections.appendix),
    ...made('G', 'M'),
  ];
}
