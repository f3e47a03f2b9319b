import { REAL, sendJson, type Asked, type Handler } from './stand-in.ts';

export interface World {
  /** What stands in the ranges: the answer to every `net:` search. */
  readonly banners?: readonly Record<string, unknown>[];
  /** Answers to other searches. */
  readonly found?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
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
    const query = asked.query.get('query') ?? '';
    const matches = query.startsWith('net:') ? banners : (world.found?.[query] ?? []);
    if (asked.path === '/api-info') sendJson(response, { plan: 'dev', query_credits: credits });
    else if (asked.path === '/shodan/host/count') sendJson(response, { matches: [], total: matches.length });
    else if (asked.path === '/shodan/host/search') {
      credits -= 1;
      const page = Number(asked.query.get('page'));
      sendJson(response, { matches: matches.slice((page - 1) * 100, page * 100), total: matches.length });
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
