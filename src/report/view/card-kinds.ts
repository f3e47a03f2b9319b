/** Doors by which devices are run and desks are taken over: how many, how many are new, and how many have been there too long. */
import type { Finding } from '../../model/finding.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { CardTable } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { idsCell, isReached, numberCell, placesOf } from './card-cells.ts';
import { shortName, type Context } from './context.ts';
import { wasProbed } from './glance.ts';

/** Kinds that BOD 23-02 lists when they run a device or a network: to be off the Internet within `LIMIT` days. */
const MANAGEMENT: readonly ServiceClass[] = ['appliance-admin', 'rdp', 'vnc', 'telnet', 'ssh', 'smb'];
/** What else a risky list has. */
const OTHERS: readonly ServiceClass[] = [
  'web-admin',
  'remote-control-agent',
  'asset-agent',
  'iot',
  'directory',
  'database',
  'file-transfer',
];
const LIMIT = 14;

export function kindsTable(context: Context): CardTable {
  const { m, findings } = context;
  const say = m.card.kinds;
  const kinds = [...MANAGEMENT, ...OTHERS];
  const present = kinds.filter((kind) => findings.some(({ inputs }) => inputs.class === kind));
  const absent = kinds.filter((kind) => !present.includes(kind)).map((kind) => shortName(context, kind));
  const missing = absent.join(m.listSeparator);
  return {
    id: 'card-kinds',
    title: say.title,
    head: [say.what, say.reached, say.recorded, say.fresh, say.late(LIMIT), m.card.ids],
    rows: present.map((kind) => row(context, kind)),
    notes: [
      ...(absent.length === 0 ? [] : [wasProbed(context) ? say.absent(missing) : say.absentRecords(missing)]),
      ...(present.some((kind) => MANAGEMENT.includes(kind)) ? [say.management(LIMIT)] : []),
    ],
  };
}

function row(context: Context, kind: ServiceClass): SheetCell[] {
  const { m, findings, snapshot } = context;
  const of = findings.filter(({ inputs }) => inputs.class === kind);
  const reached = of.filter(isReached);
  const fresh = new Set(
    snapshot.changes.filter((one) => one.kind === 'new' || one.kind === 're-opened').map(({ key }) => key),
  );
  const isManagement = MANAGEMENT.includes(kind);
  const isKnown = wasProbed(context);
  const freshCount = snapshot.previousRun === undefined ? undefined : of.filter(({ key }) => fresh.has(key));
  return [
    { text: `${shortName(context, kind)}${isManagement ? m.card.kinds.star : ''}` },
    numberCell(context, isKnown ? placesOf(reached) : undefined),
    numberCell(context, placesOf(of.filter((one) => !isReached(one)))),
    freshCount === undefined ? { text: m.dash } : numberCell(context, placesOf(freshCount)),
    isManagement
      ? numberCell(context, isKnown ? placesOf(late(context, reached)) : undefined)
      : { text: m.dash },
    idsCell(context, of),
  ];
}

function late({ dates, snapshot }: Context, of: readonly Finding[]): Finding[] {
  const firstSeen = new Map(snapshot.register.map(({ key, firstSeen: at }) => [key, at]));
  return of.filter((one) => {
    const days = dates.daysBetween(firstSeen.get(one.key) ?? one.firstSeen, snapshot.endedAt);
    return days !== undefined && days > LIMIT;
  });
}
