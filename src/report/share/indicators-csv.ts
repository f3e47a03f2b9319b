/**
 * `indicators.csv`: what others may look for in their own logs. Only what is an indicator anywhere: paths that public reports name for a
 * campaign, and addresses that the sender has named as those of others. Own doors are none.
 *
 * Columns: type (url-path, ipv4-addr, ipv6-addr, none) · value · method and status (HTTP, of a path) · seen_at (host label and port of the
 * bundle, for a path) · last_seen (day or instant, UTC) · reported_by (address of the report that names it) · verified (always "no": what
 * stands behind it was not looked at) · tlp · note.
 */
import { parseAddress } from '../../lib/address.ts';
import { csvText } from '../../lib/csv.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { BundleFile } from './files.ts';
import type { SharedBundle } from './shared-record.ts';
import { INDICATOR_TEXTS } from './stix/texts.ts';

const COLUMNS = [
  'type',
  'value',
  'method',
  'status',
  'seen_at',
  'last_seen',
  'reported_by',
  'verified',
  'tlp',
  'note',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

export function indicatorsFile(bundle: SharedBundle): BundleFile {
  const found = [...pathRows(bundle), ...addressRows(bundle)];
  const rows = found.length === 0 ? [row(bundle, { type: 'none', note: INDICATOR_TEXTS.none })] : found;
  return {
    path: 'indicators.csv',
    content: csvText([COLUMNS, ...rows.map((one) => COLUMNS.map((column) => one[column]))]),
  };
}

function row({ tlp }: SharedBundle, cells: Partial<Row> & Pick<Row, 'type'>): Row {
  const verified = cells.type === 'none' ? '' : 'no';
  return {
    value: '',
    method: '',
    status: '',
    seen_at: '',
    last_seen: '',
    reported_by: '',
    verified,
    tlp: `TLP:${tlp}`,
    note: '',
    ...cells,
  };
}

function pathRows(bundle: SharedBundle): Row[] {
  return bundle.services.flatMap(({ id, campaignPaths, seen }) =>
    campaignPaths.map(({ method, path, status, source }) =>
      row(bundle, {
        type: 'url-path',
        value: showable(path, 300),
        method,
        status,
        seen_at: id,
        last_seen:
          seen
            .map(({ last }) => last)
            .toSorted()
            .at(-1) ?? '',
        reported_by: showable(source, 300),
        note: INDICATOR_TEXTS.path,
      }),
    ),
  );
}

function addressRows(bundle: SharedBundle): Row[] {
  return bundle.otherParties.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined
      ? []
      : [
          row(bundle, {
            type: `ipv${address.family}-addr`,
            value: address.text,
            note: INDICATOR_TEXTS.address,
          }),
        ];
  });
}
