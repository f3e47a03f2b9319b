/** Which parts the plain forms of a view print. The rescuer's view and the full one hold everything: nobody should miss a part on a phone. */
import { directorNodes } from './document-director.ts';
import { smallNodes } from './document-small.ts';
import { weeklyNodes } from './document-weekly.ts';
import type { Node } from './document-node.ts';
import { toDocument } from './document.ts';
import type { ReportView } from './view-model.ts';
import type { ViewName } from './views.ts';

const NODES: Readonly<Record<ViewName, (view: ReportView) => Node[]>> = {
  small: smallNodes,
  rescuer: toDocument,
  weekly: weeklyNodes,
  director: directorNodes,
  full: toDocument,
};

export function nodesOf(view: ReportView, name: ViewName): Node[] {
  return NODES[name](view);
}
