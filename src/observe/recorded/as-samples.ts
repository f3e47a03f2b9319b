import type { Facts } from '../../model/facts.ts';
import type { Sample } from '../../model/product.ts';

/** The same facts as recorded answers, one each, for `sekisho match` and for authors. Nothing is masked. */
export function samplesOfFacts(facts: Facts, id: string, port: number): Sample[] {
  const { http, tls, greeting, ssh, telnet } = facts;
  const samples: Sample[] = (http?.answers ?? []).map(({ method, path, status, headers, body }) => ({
    kind: 'http',
    port,
    request: { method, path },
    status,
    headers: headers.map(([name, value]) => [name, value]),
    body,
    ...(http?.favicon === undefined ? {} : { favicon: http.favicon.mmh3 }),
  }));
  const [leaf] = tls?.certificates ?? [];
  if (leaf !== undefined) {
    const { subject, issuer, serial, names } = leaf;
    samples.push({ kind: 'tls', port, cert: { subject, issuer, serial, san: names } });
  }
  const text = greeting?.text ?? ssh?.banner ?? telnet?.text;
  if (text !== undefined) samples.push({ kind: 'tcp', port, text });
  return samples.map((sample, index) => ({ id: `${id}-${index + 1}`, ...sample }));
}
