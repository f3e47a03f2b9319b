/**
 * A rescuer may send nothing. Everything that a passive run can use is switched on here (records, searches by name, favicons,
 * files of other tools, and the active tools, which `--passive` must keep quiet), and the organisation's side counts packets.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banner } from '../observe/shodan/world.ts';
import type { ServerSpec, Witnessed } from '../servers/serve.ts';
import { createDaemons, must, type Daemon } from './support/command.ts';
import { makePair, namespaceProblem, type NamespacePair } from './support/namespaces.ts';
import { createWorkplace, listJson, scan, sekisho, type Workplace } from './support/sekisho.ts';

const [RANGE, OWN, NAME, ELSEWHERE] = ['10.90.0.8/29', '10.90.0.10', 'vpn.kakuu.example', '10.90.0.200'];
const RULES = `table inet watch {
  counter arrived {}
  chain arrivals {
    type filter hook prerouting priority -300; policy accept;
    iifname "lo" accept
    counter name "arrived"
  }
}`;

describe('passive run', () => {
  const problem = namespaceProblem();
  if (problem !== undefined) {
    it('can be tested here', () => expect.fail(problem));
    return;
  }

  const daemons = createDaemons();
  let pair: NamespacePair;
  let work: Workplace;
  let names: Daemon;
  let env: NodeJS.ProcessEnv;
  const arrived = (): number => pair.counter('arrived');
  const inScan = () => ({ wrap: (argv: readonly string[]) => pair.inScan(argv), env });

  beforeAll(async () => {
    work = createWorkplace();
    pair = makePair('127.0.0.1');
    pair.own('10.90.0.0/24');
    pair.nft(RULES);
    const run = (script: string, input: unknown): string[] => {
      const file = join(work.folder, `${script.replaceAll('/', '-')}.json`);
      writeFileSync(file, JSON.stringify(input));
      return [process.execPath, '--import', 'tsx', resolve(import.meta.dirname, script), file];
    };
    const servers: ServerSpec[] = [{ kind: 'company', host: OWN, port: 80 }];
    const dns: ServerSpec[] = [{ kind: 'dns', host: '127.0.0.1', port: 53, names: { [NAME]: [[OWN]] } }];
    await daemons.start(pair.inTarget(run('../servers/serve.ts', servers)), { readyLine: 'ready' });
    names = await daemons.start(pair.inScan(run('../servers/serve.ts', dns)), { readyLine: 'ready' });
    const favicon = { http: { status: 200, favicon: { hash: 1234, data: '' } } };
    const records = await daemons.start(
      pair.inScan(
        run('support/records.ts', {
          banners: [banner(OWN, 443, { hostnames: [NAME], ...favicon })],
          found: {
            'hostname:"kakuu.example"': [banner(ELSEWHERE, 443)],
            'http.favicon.hash:1234': [banner(OWN, 443), banner(ELSEWHERE, 8443)],
          },
        }),
      ),
      { readyLine: 'ready' },
    );
    const origins = JSON.parse(records.output().split('\n')[0] ?? '') as Record<string, string>;
    env = {
      SHODAN_API_KEY: 'not-a-key',
      SHODAN_API_URL: origins['shodan'],
      INTERNETDB_URL: origins['internetdb'],
      SEKISHO_DATA: join(work.folder, 'data'),
    };
    const nmap = resolve(import.meta.dirname, '../fixtures/import/nmap-service-scan.xml');
    work.writeOrganisation({
      sites: [{ id: 'hq', ranges: [RANGE], hosts: [NAME] }],
      shodan: { use: 'yes', search: { domains: ['kakuu.example'], pivots: true } },
      internetdb: { use: true },
      imports: [{ file: nmap }],
      observe: { nmap: { use: true }, masscan: { use: true } },
    });
  });

  afterAll(async () => {
    await daemons.endAll();
    await pair.remove();
    work.remove();
  });

  it('would count a packet', () => {
    must(pair.inScan(['bash', '-c', `exec 3<>/dev/tcp/${OWN}/80`]));
    expect(arrived()).toBeGreaterThan(0);
    must(pair.inTarget(['nft', 'reset', 'counters']));
    expect(arrived()).toBe(0);
  });

  it('sends none to the organisation, and none to what it found elsewhere', async () => {
    const { code, stderr } = await scan(work, ['--passive'], inScan());
    expect([0, 10, 20], stderr).toContain(code);
    expect(arrived()).toBe(0);
    const services = await listJson(work, 'services');
    const sources = services.filter(({ address }) => address === OWN).flatMap((one) => one['sources']);
    expect(sources).toEqual([
      expect.objectContaining({ source: 'internetdb' }),
      expect.objectContaining({ source: 'shodan' }),
    ]);
    const report = await sekisho(['report', '--format', 'text', '--reports', work.reports]);
    expect(report.stdout).toContain(ELSEWHERE);
  });

  it('asks for no name of the organisation', async () => {
    await names.end();
    const witnessed = JSON.parse(names.output().trim().split('\n').at(-1) ?? '') as Witnessed;
    expect(Object.values(witnessed).flatMap(({ events }) => events)).toEqual([]);
  });
});
