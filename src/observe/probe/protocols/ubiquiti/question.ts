import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { boundedBytes, fieldsOf } from '../fields.ts';

const REQUEST_1 = Uint8Array.of(0x01, 0x00, 0x00, 0x00);
const REQUEST_2 = Uint8Array.of(0x02, 0x08, 0x00, 0x00);
/** An answer so many times longer than its request makes the device a tool against others. */
const AMPLIFICATION = 10;
const MAX_ITEMS = 64;

/** Kinds of items. Source: facts of nmap's scripts/ubiquiti-discovery.nse. */
const ITEM = {
  mac: 0x01,
  address: 0x02,
  firmware: 0x03,
  hostName: 0x0b,
  platform: 0x0c,
  model: 0x14,
  model2: 0x15,
  version: 0x16,
} as const;

/**
 * Discovery of Ubiquiti devices (UDP 10001), version 1, then 2. Four octets bring model, firmware, host name and inner addresses.
 *
 * Fields: `discovery` ("1", "2"), `platform`, `model`, `firmware`, `host-name`, `mac`, `own-address` (one each, at most 8).
 */
export const ubiquitiQuestion: UdpQuestion = {
  protocol: 'ubiquiti',
  ports: [10_001],
  read,
  ask: async (line) => (await line.exchange(REQUEST_1, read)) ?? line.exchange(REQUEST_2, read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const reader = new ByteReader(received);
  const version = reader.u8();
  const command = reader.u8();
  const length = reader.u16();
  const isAnswer = version === 1 ? command === 0 : version === 2 && [6, 9, 11].includes(command);
  if (!isAnswer || length === 0 || length !== received.length - 4) return undefined;
  const items = readItems(reader);
  if (items === undefined) return undefined;
  const texts = (kind: number): string | undefined => textOf(items, kind);
  const model = texts(ITEM.model) ?? texts(ITEM.model2);
  // Without any name of a device it is some other list of items.
  const product = model ?? texts(ITEM.platform);
  if (product === undefined) return undefined;
  const firmware = texts(ITEM.firmware) ?? texts(ITEM.version);
  const number = /(?:^|\.)v?(\d{1,3}(?:\.\d{1,3}){1,3})(?:[.+-]|$)/.exec(firmware ?? '')?.[1];
  return {
    name: 'ubiquiti',
    access: 'open',
    product,
    ...(number === undefined ? {} : { version: number }),
    fields: fieldsOf(
      ['discovery', version],
      ['platform', texts(ITEM.platform)],
      ['model', model],
      ['firmware', firmware],
      ['host-name', texts(ITEM.hostName)],
      ...addressFields(items),
    ),
    concerns:
      received.length >= AMPLIFICATION * REQUEST_1.length ? ['data-shown', 'amplifier'] : ['data-shown'],
  };
}

type Item = readonly [kind: number, value: Uint8Array];

function readItems(reader: ByteReader): readonly Item[] | undefined {
  const items: Item[] = [];
  while (reader.left > 0 && items.length < MAX_ITEMS) {
    const kind = reader.u8();
    items.push([kind, reader.take(reader.u16())]);
    if (reader.short) return undefined;
  }
  return items;
}

function textOf(items: readonly Item[], kind: number): string | undefined {
  const value = items.find(([one]) => one === kind)?.[1];
  return value === undefined || value.length === 0 ? undefined : boundedBytes(value);
}

const MAX_ADDRESSES = 8;

function addressFields(items: readonly Item[]): (readonly [string, string])[] {
  const pairs = items.filter(([kind, value]) => kind === ITEM.address && value.length === 10);
  const macs = items.filter(([kind, value]) => kind === ITEM.mac && value.length === 6).slice(0, 1);
  return [
    ...macs.map(([, value]) => ['mac', colons(value)] as const),
    ...pairs
      .slice(0, MAX_ADDRESSES)
      .map(([, value]) => ['own-address', value.subarray(6).join('.')] as const),
  ];
}

function colons(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
