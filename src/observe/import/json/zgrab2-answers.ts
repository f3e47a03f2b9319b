import type { Facts, ProtocolFacts } from '../../../model/facts.ts';
import { factsOfBanner } from '../../recorded/banner.ts';
import type { JsonObject } from '../json-elements.ts';
import { listOf, objectOf, textOf } from './fields.ts';

const MAX_BANNER = 16 * 1024;

/**
 * What a module of zgrab2 heard, read with the parsers of the own probes wherever the answer can be put together again from
 * what zgrab2 took apart.
 *
 * @param protocol of the module: "mysql", "redis", "smtp" …
 */
export function answerFacts(protocol: string, result: JsonObject, port: number): Facts {
  const told = toldProtocol(protocol, result);
  if (told !== undefined) return { protocols: [told] };
  const bytes = heard(protocol, result);
  return bytes === undefined ? {} : factsOfBanner(bytes, port);
}

function heard(protocol: string, result: JsonObject): Uint8Array | undefined {
  if (protocol === 'mysql') return mySqlPacket(listOf(result, 'raw_packets')[0]);
  if (protocol === 'redis') return redisReply(result);
  if (protocol === 'memcached') {
    const version = textOf(result, 'version', 100);
    return version === undefined ? undefined : Buffer.from(`VERSION ${version.trim()}\r\n`);
  }
  const banner = textOf(result, 'banner', MAX_BANNER);
  return banner === undefined ? undefined : Buffer.from(banner, 'utf8');
}

/** The first packet without its head of four bytes: length, and number 0. */
function mySqlPacket(base64: unknown): Uint8Array | undefined {
  if (typeof base64 !== 'string' || base64.length > MAX_BANNER) return undefined;
  const packet = Buffer.from(base64, 'base64');
  return Buffer.concat([Uint8Array.of(packet.length % 256, packet.length >> 8, 0, 0), packet]);
}

/** "PONG", the text of INFO, or "(Error: NOAUTH Authentication required.)". */
function redisReply(result: JsonObject): Uint8Array | undefined {
  const [info, ping] = [textOf(result, 'info_response', MAX_BANNER), textOf(result, 'ping_response', 1000)];
  const text = info ?? ping;
  if (text === undefined) return undefined;
  const error = /^\(Error: (.*)\)$/s.exec(text)?.[1];
  if (error !== undefined) return Buffer.from(`-${error}\r\n`);
  return Buffer.from(text === 'PONG' ? '+PONG\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
}

/** Of these only parts are kept. */
function toldProtocol(protocol: string, result: JsonObject): ProtocolFacts | undefined {
  const versioned = (name: string, told: JsonObject | undefined): ProtocolFacts | undefined => {
    const [product, version] = [textOf(told, 'product', 300), textOf(told, 'version', 300)];
    if (product === undefined && version === undefined) return undefined;
    return {
      name,
      access: 'unknown',
      fields: [],
      concerns: [],
      ...(product === undefined ? {} : { product }),
      ...(version === undefined ? {} : { version }),
    };
  };
  if (protocol === 'mssql') return versioned('mssql', result);
  if (protocol === 'mongodb') return versioned('mongodb', objectOf(result, 'build_info'));
  if (protocol === 'amqp091') return versioned('amqp', objectOf(result, 'server_properties'));
  return undefined;
}

/** Modules whose protocol has another name here. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['postgres', 'postgresql'],
  ['amqp091', 'amqp'],
  ['oracle', 'oracle-tns'],
]);

export function protocolName(protocol: string): string {
  return NAMES.get(protocol) ?? protocol;
}
