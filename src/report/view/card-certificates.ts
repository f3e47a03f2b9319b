/** Certificates that have ended or soon will, and those that prove little. */
import type { Service } from '../../model/service.ts';
import type { CertificateProblem } from '../../model/tls-problems.ts';
import type { CardTable } from '../view-model-card.ts';
import { joined, placeText, seenByProbe, type Context } from './context.ts';
import { ownLook } from './passive.ts';

type Certified = Service & { readonly certificate: NonNullable<Service['certificate']> };

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
const PLACES_SHOWN = 4;

const STATES = ['expired', 'ending', 'undated', 'weak', 'name', 'untrusted', 'shared'] as const;
type State = (typeof STATES)[number];

const PROBLEMS: Readonly<Record<Exclude<State, 'ending' | 'undated'>, readonly CertificateProblem[]>> = {
  expired: ['expired'],
  weak: ['weak-key', 'weak-signature'],
  name: ['name-mismatch'],
  untrusted: ['self-signed', 'factory-default'],
  shared: ['shared-certificate', 'shared-key'],
};
/** Their absence is worth a word. */
const TOLD: readonly State[] = ['expired', 'ending', 'weak', 'name'];

export function certificatesTable(context: Context): CardTable {
  const { m, snapshot } = context;
  const say = m.card.certificates;
  const seen = snapshot.services.filter((one): one is Certified => one.certificate !== undefined);
  const sorted = seen.toSorted((a, b) => endOf(a) - endOf(b) || (a.key < b.key ? -1 : 1));
  const found = STATES.map((state) => ({ state, of: sorted.filter((one) => isIn(context, one, state)) }));
  const absent = found.filter(({ state, of }) => of.length === 0 && TOLD.includes(state));
  const recorded = seen.filter((one) => !seenByProbe(one)).length;
  return {
    id: 'card-certificates',
    title: say.title,
    head: [say.what, say.count, say.where],
    rows: found
      .filter(({ of }) => of.length > 0)
      .map(({ state, of }) => [
        { text: say.states[state] },
        { text: m.card.of(of.length, seen.length) },
        {
          text: joined(
            context,
            of.map((one) => whereText(context, one, state)),
            PLACES_SHOWN,
          ),
        },
      ]),
    notes:
      seen.length === 0
        ? [ownLook(context) === 'looked' ? say.none : say.noneRecorded]
        : [
            m.lines([
              say.base(seen.length, snapshot.services.length),
              ...(recorded === 0 ? [] : [say.recorded(recorded)]),
              ...(absent.length === 0
                ? []
                : [say.absent(absent.map(({ state }) => say.states[state]).join(m.listSeparator))]),
            ]),
          ],
  };
}

/** What has no readable end comes last. */
function endOf({ certificate: { notAfter } }: Certified): number {
  const end = Date.parse(notAfter ?? '');
  return Number.isFinite(end) ? end : Number.MAX_SAFE_INTEGER;
}

function isIn({ snapshot }: Context, service: Certified, state: State): boolean {
  const problems = service.certificateProblems ?? [];
  const [end, now] = [endOf(service), Date.parse(snapshot.endedAt)];
  if (state === 'undated') return end === Number.MAX_SAFE_INTEGER;
  if (state === 'ending')
    return end >= now && end - now <= SOON_DAYS * DAY_MS && !problems.includes('expired');
  if (state === 'expired' && end < now) return true;
  return PROBLEMS[state].some((one) => problems.includes(one));
}

function whereText({ m, dates }: Context, service: Certified, state: State): string {
  const { notAfter } = service.certificate;
  const isDated = (state === 'expired' || state === 'ending') && notAfter !== undefined;
  return isDated ? m.withNote(placeText(service), dates.short(notAfter)) : placeText(service);
}
