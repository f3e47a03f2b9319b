/** The report without a picture: plain text for mail, phone and screen reader, and Markdown for tickets. */
import type { Node } from './document-node.ts';
import { nodesOf } from './document-views.ts';
import type { ReportView } from './view-model.ts';
import type { ViewName } from './views.ts';
import { renderWeekly } from './weekly.ts';

/** A view of the report as plain text, UTF-8, lines ended by a line feed. Nothing in it is interpreted by anything. */
export function renderText(view: ReportView, name: ViewName = 'full'): string {
  if (name === 'weekly') {
    const { subject, body } = renderWeekly(view);
    return `${subject}\n\n${body}`;
  }
  return `${nodesOf(view, name).map(textNode).join('\n')}\n`;
}

function textNode(node: Node): string {
  switch (node.kind) {
    case 'heading':
      if (node.level === 1) return `${node.text}\n${'='.repeat(72)}\n`;
      if (node.level === 2) return `\n${node.text}\n${'-'.repeat(72)}`;
      return node.level === 3 ? `\n${node.text}` : `\n  ${node.text}`;
    case 'text':
      return `  ${node.text}`;
    case 'list':
      return node.items.map((item, index) => `  ${bullet(node.style, index)} ${item}`).join('\n');
    case 'pairs':
      return node.items.map(({ term, text }) => `  ${term}: ${text}`).join('\n');
    case 'table':
      return node.rows.map((row) => textRow(node.head, row)).join('\n');
    case 'command':
      return `    ${node.text}`;
    case 'bytes':
      return node.text.replace(/^/gm, '    ');
  }
}

function bullet(style: 'numbers' | 'bullets' | 'boxes', index: number): string {
  if (style === 'numbers') return `${index + 1}.`;
  return style === 'boxes' ? '[ ]' : '-';
}

/** A table of many columns cannot be read on a phone: one row becomes one block, as in the folded page. */
function textRow(head: readonly string[], [first = '', ...cells]: readonly string[]): string {
  return [`  ${first}`, ...cells.map((cell, index) => `    ${head[index + 1] ?? ''}: ${cell}`)].join('\n');
}

/** A view of the report as CommonMark with pipe tables. Text from the network can neither format nor link nor mention anyone. */
export function renderMarkdown(view: ReportView, name: ViewName = 'full'): string {
  return `${nodesOf(view, name).map(markdownNode).join('\n\n')}\n`;
}

function markdownNode(node: Node): string {
  switch (node.kind) {
    case 'heading':
      return `${'#'.repeat(node.level)} ${escapeMarkdown(node.text)}`;
    case 'text':
      return escapeMarkdown(node.text);
    case 'list':
      return node.items
        .map((item, index) => `${markdownBullet(node.style, index)} ${escapeMarkdown(item)}`)
        .join('\n');
    case 'pairs':
      return node.items
        .map(({ term, text }) => `- **${escapeMarkdown(term)}** ${escapeMarkdown(text)}`)
        .join('\n');
    case 'table':
      return [node.head, node.head.map(() => '---'), ...node.rows].map(markdownRow).join('\n');
    case 'command':
      return fenced(node.text);
    case 'bytes':
      return fenced(node.text);
  }
}

function markdownBullet(style: 'numbers' | 'bullets' | 'boxes', index: number): string {
  if (style === 'numbers') return `${index + 1}.`;
  return style === 'boxes' ? '- [ ]' : '-';
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '---' ? cell : escapeMarkdown(cell))).join(' | ')} |`;
}

/** A fence longer than any run of backticks inside cannot be closed from inside (CommonMark §4.5). */
function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return `${fence}\n${text}\n${fence}`;
}

/**
 * One line of text as CommonMark that shows this text and does nothing: no emphasis, link, image, raw HTML, table cell, heading,
 * list, and none of the links that GitHub and GitLab make of bare text. An invisible space after "@" keeps it from calling anybody.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .trimStart()
    .replace(/[\\`*_{}[\]|~#$^]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('://', '\\://')
    .replaceAll('@', '@\u200b')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])/, '$1\\$2');
}
