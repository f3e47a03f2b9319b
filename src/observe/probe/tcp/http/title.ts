import { decodeEntities } from '../../../../lib/html-entities.ts';

const MAX_TITLE = 300;

/**
 * Text of the first `<title>` with entities decoded and white space folded, at most 300 characters. undefined when there
 * is none, or an empty one. A title that is not closed ends at the next tag. Linear time.
 */
export function titleOf(html: string): string | undefined {
  const open = /<title(?:\s[^>]{0,200})?>/i.exec(html);
  if (open === null) return undefined;
  const start = open.index + open[0].length;
  const rest = html.slice(start, start + 16 * MAX_TITLE);
  const close = rest.search(/<\/title|<\/head|<body|<meta|<link|<script/i);
  const raw = close === -1 ? rest : rest.slice(0, close);
  const text = decodeEntities(raw).replace(/\s+/g, ' ').trim();
  const cut = [...text].slice(0, MAX_TITLE).join('');
  return cut === '' ? undefined : cut;
}
