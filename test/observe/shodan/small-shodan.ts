import { afterEach, expect } from 'vitest';
import { SourceCoverage } from '../../../src/model/snapshot.ts';
import { Observation } from '../../../src/model/observation.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { createPacer } from '../../../src/observe/shodan/pacer.ts';
import { createShodanSource } from '../../../src/observe/shodan/shodan-source.ts';
import { KEY, holdsKey, settingFor, virtualClock, type Setting } from './setting.ts';
import { REAL, sendJson, startStandIn, type Asked, type Handler, type StandIn } from './stand-in.ts';

const started: StandIn[] = [];
afterEach(async () => {
  for (const standIn of started.splice(0)) await standIn.close();
});

/** Runs the source against a stand-in; holds what must hold for every run. */
export async function run(
  scope: Scope,
  handler: Handler,
  more: { earlier?: Parameters<typeof settingFor>[1]; setting?: Setting } = {},
) {
  const standIn = await startStandIn(handler);
  started.push(standIn);
  const setting = more.setting ?? settingFor(scope, more.earlier);
  const clock = virtualClock();
  const source = createShodanSource({
    apiKey: ` ${KEY}\n`,
    env: { SHODAN_API_URL: standIn.origin },
    clock,
    pacer: createPacer(clock),
    limits: { timeoutMs: 1000, tries: 2 },
  });
  const coverage = await source.run(setting.context);
  expect(() => SourceCoverage.parse(coverage)).not.toThrow();
  for (const observation of setting.observations) expect(() => Observation.parse(observation)).not.toThrow();
  expect(new Set(setting.observations.map(({ id }) => id)).size).toBe(setting.observations.length);
  expect(holdsKey(coverage, setting.observations, setting.done, setting.logged())).toBe(false);
  expect(coverage.requests).toBe(standIn.asked.length);
  return { coverage, asked: standIn.asked, ...setting };
}

export const pathsOf = (asked: readonly Asked[]): string[] =>
  asked.map(({ path, query }) => (query.has('page') ? `${path} ${query.get('page')}` : path));

export interface World {
  /** Banner records by address. */
  readonly banners?: readonly Record<string, unknown>[];
  readonly credits?: number;
  readonly override?: (
    asked: Asked,
    nth: number,
  ) => { readonly status: number; readonly body: unknown } | undefined;
}

export const banner = (address: string, port: number, more: object = {}): Record<string, unknown> => ({
  ip_str: address,
  port,
  transport: 'tcp',
  timestamp: '2026-11-20T00:00:00.000001',
  data: 'SSH-2.0-OpenSSH_9.2p1\r\n',
  _shodan: { module: 'ssh' },
  ...more,
});

/** A small Shodan: counts, pages of 100, hosts and credits as the real one. */
export function shodan(world: World): Handler {
  const banners = world.banners ?? [];
  let credits = world.credits ?? 100;
  return (asked, response, nth) => {
    const other = world.override?.(asked, nth);
    if (other !== undefined) {
      sendJson(response, other.body, other.status);
      return;
    }
    if (asked.path === '/api-info') sendJson(response, { plan: 'dev', query_credits: credits });
    else if (asked.path === '/shodan/host/count') sendJson(response, { matches: [], total: banners.length });
    else if (asked.path === '/shodan/host/search') {
      credits -= 1;
      const page = Number(asked.query.get('page'));
      sendJson(response, { matches: banners.slice((page - 1) * 100, page * 100), total: banners.length });
    } else {
      const ip = asked.path.split('/').at(-1);
      const data = banners.filter((one) => one['ip_str'] === ip);
      if (data.length === 0) sendJson(response, REAL.nothing, 404);
      else
        sendJson(response, {
          ip_str: ip,
          ports: data.map((one) => one['port']),
          data,
          last_update: data[0]?.['timestamp'],
        });
    }
  };
}
