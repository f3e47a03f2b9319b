import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { askUntilClosed } from '../until-closed.ts';

/**
 * ZooKeeper (and ClickHouse Keeper) by the four-letter word `srvr`, the one that is allowed unless it was forbidden (measured on
 * 3.8.0). It shows the server's state and no data.
 *
 * Fields: `state` (command-not-allowed, not-serving) or `mode` (standalone, leader, follower), `nodes` (count of data nodes), `built`.
 */
export const zookeeperQuestion: TcpQuestion = {
  protocol: 'zookeeper',
  ports: [2181, 2182, 2183, 9181],
  elsewhere: 'ask',
  read: (received) => settled(parseAnswer(received)),
  ask: (line) => askUntilClosed(line, Buffer.from('srvr', 'latin1'), parseAnswer),
};

const MAX_TEXT = 4096;
const VERSION =
  /^(Zookeeper|ClickHouse Keeper) version: v?(\d{1,3}(?:\.\d{1,4}){1,3})[^\n]{0,200}?(?:, built on ([^\n]{1,60}))?\n/;
const NOT_ALLOWED =
  /^(?:srvr|stat|ruok|mntr|envi|conf|isro|dump|cons|wchs) is not executed because it is not in the whitelist\.\n?$/;
const NOT_SERVING = /^This ZooKeeper instance is not currently serving requests\n?$/;
const BEGINNINGS = [
  'Zookeeper version: ',
  'ClickHouse Keeper version: ',
  'srvr is not',
  'This ZooKeeper instance',
];

function parseAnswer(received: Uint8Array): Reading<ProtocolFacts> {
  const text = Buffer.from(received.subarray(0, MAX_TEXT)).toString('latin1');
  const match = VERSION.exec(text);
  if (match !== null) return served(match, text);
  if (NOT_ALLOWED.test(text))
    return { ...COMMON, access: 'unknown', fields: [['state', 'command-not-allowed']] };
  if (NOT_SERVING.test(text)) return { ...COMMON, access: 'unknown', fields: [['state', 'not-serving']] };
  const couldBegin = BEGINNINGS.some((one) => text.startsWith(one) || one.startsWith(text));
  return couldBegin && text.length < 400 ? 'more' : undefined;
}

const COMMON = { name: 'zookeeper', product: 'ZooKeeper', concerns: [] } satisfies Partial<ProtocolFacts>;

function served([, product = '', version = '', built]: RegExpExecArray, text: string): ProtocolFacts {
  const line = (name: string): string | undefined =>
    new RegExp(`\\n${name}: ([^\\n]{1,60})(?:\\n|$)`).exec(text)?.[1];
  return {
    name: 'zookeeper',
    access: 'open',
    product: product === 'Zookeeper' ? 'ZooKeeper' : product,
    version: bounded(version),
    fields: fieldsOf(['mode', line('Mode')], ['nodes', line('Node count')], ['built', built]),
    concerns: ['data-shown'],
  };
}
