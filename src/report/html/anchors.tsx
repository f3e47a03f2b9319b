/** Findings that stand on the page: of hundreds, those that a table leaves out have no place to lead to. */
import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { ReportView } from '../view-model.ts';

export const Anchors = createContext<ReadonlySet<string>>(new Set());

export function anchorsOf({ findings }: ReportView): ReadonlySet<string> {
  return new Set([
    ...findings.full.map(({ anchor }) => anchor),
    ...findings.tables.flatMap(({ rows }) => rows.map(({ anchor }) => anchor)),
  ]);
}

/** What leads to a finding where it stands on the page, and is text where it does not. */
export function ToFinding({
  anchor,
  children,
}: {
  anchor: string | undefined;
  children: ComponentChildren;
}): JSX.Element {
  const here = useContext(Anchors);
  return anchor !== undefined && here.has(anchor) ? <a href={`#${anchor}`}>{children}</a> : <>{children}</>;
}
