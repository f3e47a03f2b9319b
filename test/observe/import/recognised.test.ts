/** A product is told from a file of another tool as from our own look: every example of a product file, written as those tools write. */
import { describe, expect, it } from 'vitest';
import { CONFIG_DIRECTORY } from '../../../src/cli/package.ts';
import { createMatcher } from '../../../src/identify/match/match.ts';
import { readAnswers } from '../../../src/identify/match/answers.ts';
import { loadKnowledge } from '../../../src/knowledge/load.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Sample } from '../../../src/model/product.ts';
import { factsOfSamples } from '../../../src/observe/recorded/samples.ts';
import { importOf, lines } from './import-of.ts';

const { products } = loadKnowledge(CONFIG_DIRECTORY);
const matcher = createMatcher(products.values());

const samples = [...products.values()]
  .flatMap(({ examples }) => examples.flatMap((example) => example.samples))
  .filter(
    ({ kind, bodyBase64, favicon, request, cert }) =>
      kind === 'http' &&
      (bodyBase64 ?? favicon ?? cert) === undefined &&
      (request?.path ?? '/').startsWith('/'),
  )
  .slice(0, 400);

const addressOf = (index: number): string => `192.0.2.${index % 250}`;
const portOf = (index: number): number => 1000 + index;
const time = '2026-11-01T00:00:00Z';

function headOf({ status = 200, headers = [] }: Sample): string {
  return [`HTTP/1.1 ${status} OK`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
}

const written: Readonly<Record<string, (sample: Sample, index: number) => unknown>> = {
  shodan: (sample, index) => ({
    ip_str: addressOf(index),
    port: portOf(index),
    transport: 'tcp',
    timestamp: time.slice(0, -1),
    data: headOf(sample),
    http: { status: sample.status, location: sample.request?.path ?? '/', html: sample.body ?? '' },
    ssl: { cipher: { name: 'x' } },
  }),
  httpx: (sample, index) => ({
    timestamp: time,
    url: `https://${addressOf(index)}:${portOf(index)}${sample.request?.path ?? '/'}`,
    host: addressOf(index),
    port: String(portOf(index)),
    status_code: sample.status,
    raw_header: headOf(sample),
    body: sample.body,
    method: sample.request?.method,
  }),
  zgrab2: (sample, index) => {
    const headers: Record<string, string[]> = {};
    for (const [name, value] of sample.headers ?? [])
      (headers[name.toLowerCase().replaceAll('-', '_')] ??= []).push(value);
    const url = { scheme: 'https', host: addressOf(index), path: sample.request?.path ?? '/' };
    const response = {
      status_code: sample.status,
      headers,
      body: sample.body,
      request: { url, method: sample.request?.method },
    };
    return {
      ip: addressOf(index),
      data: {
        http: {
          status: 'success',
          protocol: 'http',
          port: portOf(index),
          timestamp: time,
          result: { response },
        },
      },
    };
  },
  censys: (sample, index) => {
    const headers: Record<string, string[]> = {};
    for (const [name, value] of sample.headers ?? []) (headers[name.replaceAll('-', '_')] ??= []).push(value);
    const http = {
      request: { method: 'GET', uri: sample.request?.path ?? '/' },
      response: { status_code: sample.status, headers, body: sample.body },
    };
    return {
      ip: addressOf(index),
      services: [
        {
          port: portOf(index),
          service_name: 'HTTP',
          transport_protocol: 'TCP',
          observed_at: time,
          http,
          tls: {},
        },
      ],
    };
  },
};

const idsOf = (facts: Facts): string[] =>
  matcher
    .match(readAnswers([{ id: 'one', facts }]))
    .map(({ productId, certainty }) => `${productId} ${certainty}`)
    .toSorted();

describe('recognition from imported files', () => {
  it.each(Object.keys(written))('of %s is that of the own look', async (tool) => {
    const write = written[tool];
    if (write === undefined) throw new Error(tool);
    const read = await importOf(lines(...samples.map((sample, index) => write(sample, index))));
    expect(read.tally).toMatchObject({ type: tool, records: samples.length, broken: 0 });
    const byPort = new Map(read.observations.map(({ port, facts }) => [port, facts]));
    const differing: string[] = [];
    let recognised = 0;
    for (const [index, sample] of samples.entries()) {
      const expected = factsOfSamples([sample])[0]?.facts ?? {};
      const { passive: _, tls: _tls, ...facts } = byPort.get(portOf(index)) ?? {};
      const [own, told] = [idsOf(expected), idsOf(facts)];
      if (own.length > 0) recognised += 1;
      if (own.join() !== told.join()) differing.push(`${index} ${own.join()} | ${told.join()}`);
    }
    expect(recognised).toBeGreaterThan(100);
    expect(differing).toEqual([]);
  });
});
