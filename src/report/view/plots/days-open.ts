/** Doors that were open after a weakness of their product was known to be used in attacks, longest first. */
import { earliest } from '../../../lib/time.ts';
import type { DaysOpenPlot } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';
import { logDays, openDoors, openSinceNotice } from '../numbers.ts';
import { moreText, plotRow, rowNames, ROWS_DRAWN } from './rows.ts';

/** Undefined: no open door has a product with such a notice. */
export function buildDaysOpen(context: Context): DaysOpenPlot | undefined {
  const { m, dates, snapshot } = context;
  const say = m.plots.daysOpen;
  const doors = openDoors(context).flatMap(({ finding, service }) => {
    const since = openSinceNotice(context, finding, service);
    const days = since === undefined ? undefined : dates.daysBetween(since, snapshot.endedAt);
    if (days === undefined) return [];
    return [{ finding, service, days, logs: logDays(context, finding) }];
  });
  if (doors.length === 0) return undefined;
  const sorted = doors.toSorted((a, b) => b.days - a.days).slice(0, ROWS_DRAWN);
  const logText = (logs: number | undefined): string =>
    logs === undefined ? m.plots.lifelines.logsUnknown : m.plots.lifelines.logs(logs);
  const rows = sorted.map(({ finding, service, days, logs }) => ({
    ...plotRow(context, { service, finding }, [m.label(say.days, m.plots.days(days)), logText(logs)]),
    days,
    value: m.plots.days(days),
    logDays: logs,
  }));
  return {
    kind: 'days-open',
    id: 'plot-days-open',
    title: say.title,
    label: say.label(rows.length),
    note: say.note,
    rows,
    text: {
      head: [m.plots.id, m.plots.door, say.days, say.notice, say.logs],
      rows: sorted.flatMap(({ finding, days, logs }, index) => {
        const row = rows[index];
        const notice = earliest(finding.exploited.map(({ kevAdded }) => kevAdded));
        if (row === undefined) return [];
        return [
          [
            ...rowNames(context, row, finding),
            m.plots.days(days),
            notice === undefined ? m.dash : dates.numeric(notice),
            logs === undefined ? m.plots.lifelines.noAnswer : m.plots.days(logs),
          ],
        ];
      }),
    },
    more: moreText(context, doors.length),
  };
}
