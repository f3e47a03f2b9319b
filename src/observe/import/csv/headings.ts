import type { LedgerColumns } from '../../../model/import.ts';

type Meaning = keyof LedgerColumns;

/**
 * Headings under which organisations keep such lists, after `plain`. From the forms of Japanese vendors and offices and of the
 * usual English tools; whoever uses others says so in `columns`.
 */
const KNOWN: Readonly<Record<Meaning, readonly string[]>> = {
  address: [
    'グローバルipアドレス',
    'グローバルip',
    'グローバルアドレス',
    'パブリックipアドレス',
    'パブリックip',
    '公開アドレス',
    '外部アドレス',
    '公開ipアドレス',
    '公開ip',
    '外部ipアドレス',
    '外部ip',
    'ipアドレス',
    'ipv4アドレス',
    'ipv6アドレス',
    'アドレス',
    'アドレス範囲',
    'ipアドレス範囲',
    'ネットワークアドレス',
    'ネットワーク',
    'ip',
    'ipv4',
    'ipv6',
    'ipaddress',
    'ipaddresses',
    'ipaddr',
    'ipv4address',
    'ipv6address',
    'publicip',
    'publicipaddress',
    'publicipv4',
    'publicipv4address',
    'publicipv6address',
    'elasticip',
    'externalip',
    'externalipaddress',
    'wanip',
    'globalip',
    'globalipaddress',
    'address',
    'addresses',
    'cidr',
    'range',
    'iprange',
    'network',
    'subnet',
  ],
  port: ['ポート', 'ポート番号', '公開ポート', '使用ポート', 'port', 'ports', 'portnumber', 'dstport'],
  transport: ['プロトコル', 'protocol', 'transport', 'proto'],
  name: [
    'ホスト名',
    '機器名',
    '機器名称',
    '装置名',
    'サーバ名',
    'サーバー名',
    '設備名',
    '資産名',
    'システム名',
    'サービス名',
    'ノード名',
    'コンピュータ名',
    'コンピューター名',
    '名称',
    '名前',
    'hostname',
    'fqdn',
    'devicename',
    'assetname',
    'servername',
    'dnsname',
    'computername',
    'vmname',
    'name',
    'device',
    'system',
  ],
  owner: [
    '管理部署',
    '所管部署',
    '担当部署',
    '主管部署',
    '利用部署',
    '担当課',
    '所管課',
    '主管課',
    '管理課',
    '管理部門',
    '担当部門',
    '管理者',
    '管理責任者',
    '担当者',
    '担当',
    '所管',
    '部署',
    '部門',
    '所有者',
    '所属',
    'owner',
    'assignedto',
    'managedby',
    'tenant',
    'department',
    'team',
    'responsible',
    'administrator',
    'contact',
  ],
  note: [
    '備考',
    '用途',
    '説明',
    '摘要',
    'メモ',
    'コメント',
    'note',
    'notes',
    'remark',
    'remarks',
    'comment',
    'comments',
    'description',
    'purpose',
    'usage',
  ],
};

/** These hold a name at least as often: believed only when nothing else is the address. */
const PERHAPS_ADDRESS: readonly string[] = ['asset', 'host', 'target', '資産', 'ホスト', '機器', '対象'];

/** Headings of tables that scanners write. They have addresses, too, but are no list of what somebody owns. */
const OF_SCANNERS =
  /^(?:banner|timestamp|tls|webserver|statuscode|contentlength|pluginid|nvtname|cvss\w*|cves?|saddr|(?:host)?services(?:port|protocol|servicename))$/;

/** Is this the heading of a table that a scanner wrote? */
export function isOfScanner(cells: readonly string[]): boolean {
  return cells.some((cell) => OF_SCANNERS.test(plain(cell)));
}

/** Columns by number from 0. */
export type ColumnNumbers = { readonly [M in Exclude<Meaning, 'address'>]?: number | undefined } & {
  /** In more than one when the list gives, for one device, several addresses side by side. */
  readonly address: readonly number[];
};

/** Which column means what, when the row is a heading that is known; undefined when none of it is an address. */
export function knownColumns(cells: readonly string[]): ColumnNumbers | undefined {
  const headings = cells.map(plain);
  const sure = numbersOf(headings, KNOWN.address);
  const address = sure.length > 0 ? sure : numbersOf(headings, PERHAPS_ADDRESS).slice(0, 1);
  if (address.length === 0) return undefined;
  const first = (meaning: Meaning): number | undefined => {
    const wanted = KNOWN[meaning].find((heading) => headings.includes(heading));
    return wanted === undefined ? undefined : headings.indexOf(wanted);
  };
  return {
    address,
    port: first('port'),
    transport: first('transport'),
    name: first('name'),
    owner: first('owner'),
    note: first('note'),
  };
}

function numbersOf(headings: readonly string[], wanted: readonly string[]): number[] {
  return headings.flatMap((heading, number) => (wanted.includes(heading) ? [number] : []));
}

/** Number from 0 of the column that a mapping means by a heading's text or a number from 1; undefined when there is none such. */
export function columnOf(wanted: string, headings: readonly string[]): number | undefined {
  const byText = headings.findIndex((heading) => plain(heading) === plain(wanted));
  if (byText >= 0) return byText;
  return numberOf(wanted);
}

/** "3" → 2 */
export function numberOf(wanted: string): number | undefined {
  const text = wanted.normalize('NFKC').trim();
  return /^[1-9]\d{0,2}$/.test(text) ? Number(text) - 1 : undefined;
}

/** Without what people write in different ways: width, case, blanks, punctuation and remarks in brackets. */
function plain(heading: string): string {
  return heading
    .slice(0, 200)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\([^)]*\)/g, '')
    .replaceAll(/[\s_.*※:-]/g, '');
}
