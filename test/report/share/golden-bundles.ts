/** The golden run as bundles of every mark and envelope, with a path of a campaign added: the run itself has none. */
import { buildBundle, type BuiltBundle, type ShareOptions } from '../../../src/report/share/build.ts';
import { runGolden, type Golden } from '../../golden/golden.ts';

export const OPTIONS: ShareOptions = {
  envelope: 'technical',
  tlp: 'GREEN',
  named: false,
  findings: undefined,
  evidence: true,
  keepAddresses: ['192.0.2.200', '2001:db8:ffff::9'],
  sender: { sector: 'manufacturing', size: 'up-to-50', region: 'west-japan' },
  passingOn: 'ask',
  note: undefined,
};

export async function goldenRun(): Promise<Golden> {
  const golden = await runGolden();
  const [path] = golden.knowledge.indicatorPaths ?? [];
  const [first, second] = golden.snapshots;
  if (path === undefined) throw new Error('no campaign path is known');
  const { campaign, about, source } = path;
  const answer = {
    id: path.id,
    method: path.method,
    path: path.path,
    status: 200,
    bodyBytes: 512,
    campaign,
    about,
    source,
  };
  const services = second.services.map((service) =>
    service.protocol.startsWith('http')
      ? {
          ...service,
          indicators: {
            asked: 1,
            skipped: [],
            answers: [{ ...answer, control: { path: '/x', status: 404, bodyBytes: 9 } }],
          },
        }
      : service,
  );
  return { ...golden, snapshots: [first, { ...second, services }] };
}

export function bundleOf(golden: Golden, options: Partial<ShareOptions> = {}): BuiltBundle {
  return buildBundle({
    snapshot: golden.snapshots[1],
    observations: golden.journals[1].observations,
    answers: { told: [{ who: 'IPA', on: '2026-11-20' }, { who: '架空保守サービス' }] },
    published: golden.knowledge,
    key: '5e'.repeat(32),
    options: { ...OPTIONS, ...options },
  });
}
