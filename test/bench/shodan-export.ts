/** A Shodan export as large as wanted. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Writes `count` banners, 1 to 2 kB each, the same ones every time: web servers, SSH and RDP of 10.0.0.0/8. */
export async function writeShodanExport(file: string, count: number): Promise<void> {
  const lines = function* (): Generator<string> {
    let batch = '';
    for (let index = 0; index < count; index += 1) {
      batch += `${JSON.stringify(bannerNumber(index))}\n`;
      if (batch.length < 1 << 20) continue;
      yield batch;
      batch = '';
    }
    yield batch;
  };
  await pipeline(Readable.from(lines()), createGzip({ level: 4 }), createWriteStream(file));
}

/** Numbers that look random and are not. */
function noise(seed: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, at) => noise(seed * 31 + at).toString(36)).join(' ');
}

function bannerNumber(index: number): Record<string, unknown> {
  const number = 0x0a00_0000 + (index & 0xff_ffff);
  const address = [24, 16, 8, 0].map((bits) => (number >>> bits) & 0xff).join('.');
  const time = new Date(Date.UTC(2026, 9, 1) + (noise(index) % (40 * 86_400)) * 1000).toISOString();
  const common = {
    hash: noise(index + 1) | 0,
    asn: 'AS64500',
    os: null,
    tags: index % 7 === 0 ? ['self-signed'] : [],
    timestamp: `${time.slice(0, -5)}.${String(noise(index) % 1_000_000).padStart(6, '0')}`,
    isp: 'Example Telecom',
    transport: 'tcp',
    location: {
      city: 'Tokyo',
      region_code: '13',
      country_code: 'JP',
      country_name: 'Japan',
      latitude: 35.6895,
      longitude: 139.6917,
      area_code: null,
    },
    hostnames: [`host-${index}.example.jp`],
    domains: ['example.jp'],
    org: 'Example Corporation',
    ip: number,
    ip_str: address,
    opts: {},
    _shodan: {
      crawler: '42f86247b760542c0192b61c60405edc5db01d55',
      ptr: true,
      id: `${noise(index)}`,
      module: 'auto',
      region: 'na',
      options: {},
    },
  };
  const kind = index % 4;
  if (kind === 0) {
    const banner = `SSH-2.0-OpenSSH_8.${index % 9}p1 Ubuntu-3ubuntu0.${index % 13}`;
    const kex = ['curve25519-sha256', 'ecdh-sha2-nistp256', 'diffie-hellman-group14-sha256'];
    return {
      ...common,
      port: 22,
      product: 'OpenSSH',
      version: `8.${index % 9}p1`,
      cpe23: ['cpe:2.3:a:openbsd:openssh'],
      data: `${banner}\nKey type: ssh-ed25519\n${words(index, 60)}`,
      ssh: {
        type: 'ssh-ed25519',
        hassh: 'b12d2871a1189eff20364cf5333619ee',
        kex: {
          kex_algorithms: kex,
          server_host_key_algorithms: ['ssh-ed25519'],
          encryption_algorithms: ['aes128-ctr'],
          mac_algorithms: ['hmac-sha2-256'],
          compression_algorithms: ['none'],
        },
      },
    };
  }
  if (kind === 1) {
    return {
      ...common,
      port: 3389,
      data: `Remote Desktop Protocol\n\\x03\\x00\\x00\\x13\\x0e\\xd0\\x00\\x00\\x124\\x00\\x02\\x1f\\x08\\x00\\x02\\x00\\x00\\x00`,
      info: words(index, 60),
    };
  }
  const html = `<html><head><title>Page ${index}</title></head><body>${words(index, 60)}</body></html>`;
  return {
    ...common,
    port: kind === 2 ? 80 : 8080,
    product: 'nginx',
    version: `1.${index % 25}.0`,
    cpe23: ['cpe:2.3:a:f5:nginx'],
    data: `HTTP/1.1 200 OK\r\nServer: nginx/1.${index % 25}.0\r\nDate: Thu, 01 Oct 2026 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\nConnection: keep-alive\r\n\r\n`,
    http: {
      status: 200,
      robots_hash: null,
      redirects: [],
      title: `Page ${index}`,
      server: `nginx/1.${index % 25}.0`,
      host: address,
      location: '/',
      html,
      html_hash: noise(index) | 0,
      components: {},
    },
  };
}
